package project

import (
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Draft writes a brummer.toml for what was discovered, with comments for whoever
// edits it next. What one keeps running while one works is there to be started;
// the rest is commented out.
func Draft(l Listing, root string) string {
	var b strings.Builder
	b.WriteString(`# The processes of this workspace, for brummer-rpc. "brummer-rpc up" starts them.
# All keys: docs/config.md of brummer-rpc. A process may have, for example:
#
#   dependsOn = { db = "ready", migrate = "succeeded" }
#   ready = { http = "http://localhost:3000/health" }
#   restart = "onFailure"
#   env = { PORT = "3000" }
#   autostart = true            # with --autostart, or in a trusted editor
`)
	names := make(map[string]bool)
	for _, s := range l.Scripts {
		name := draftName(s, root, names)
		mark := ""
		if !lasting(s) {
			mark = "# "
		}
		fmt.Fprintf(&b, "\n# %s\n%s[processes.%s]\n%sscript = %s\n", oneLineOf(s.Command), mark, tomlKey(name), mark, tomlString(s.ID))
	}
	if len(l.Scripts) == 0 {
		b.WriteString("\n# Nothing was discovered here.\n# [processes.web]\n# command = \"./server --port 3000\"\n")
	}
	return b.String()
}

// lastingNames are what scripts are called that run for as long as one works.
var lastingNames = regexp.MustCompile(`^(dev|start|serve|server|watch|web|worker|api|preview|runserver|bootRun|phx\.server)$|[:.-](dev|watch|serve)$`)

// lasting reports whether a script is likely to be meant to keep running: what a
// Procfile has is, and what is called so.
func lasting(s Script) bool { return s.Group == "procfile" || lastingNames.MatchString(s.Name) }

// draftName finds a name for a process that no other has.
func draftName(s Script, root string, taken map[string]bool) string {
	name := s.Name
	if rel, err := filepath.Rel(root, s.Dir); taken[name] && err == nil && rel != "." {
		name = path.Base(filepath.ToSlash(rel)) + "-" + s.Name
	}
	name = strings.ReplaceAll(name, "#", "-")
	for base, n := name, 2; taken[name]; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	taken[name] = true
	return name
}

func oneLineOf(s string) string { return strings.Join(strings.Fields(s), " ") }

var bareKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func tomlKey(s string) string {
	if bareKey.MatchString(s) {
		return s
	}
	return tomlString(s)
}

// tomlString writes a basic string. JSON's escapes are TOML's, but for what
// encoding/json escapes for the sake of HTML.
func tomlString(s string) string {
	text, _ := json.Marshal(s) // a string can't fail
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", `\u007f`, `\u007F`).Replace(strings.ReplaceAll(string(text), "\x7f", `\u007F`))
}

func tomlStrings(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = tomlString(s)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// pair is one entry of an inline table.
type pair struct{ key, value string }

func tomlTable(pairs []pair) string {
	out := make([]string, len(pairs))
	for i, p := range pairs {
		out[i] = tomlKey(p.key) + " = " + p.value
	}
	return "{ " + strings.Join(out, ", ") + " }"
}

// draftProcess is a process on its way into a file.
type draftProcess struct {
	name  string
	lines []pair
}

func (d *draftProcess) set(key, value string) { d.lines = append(d.lines, pair{key, value}) }

func writeProcesses(b *strings.Builder, list []draftProcess) {
	for _, p := range list {
		fmt.Fprintf(b, "\n[processes.%s]\n", tomlKey(p.name))
		for _, l := range slices.Clip(p.lines) {
			fmt.Fprintf(b, "%s = %s\n", l.key, l.value)
		}
	}
}
