package project

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Draft writes a brummer.toml for what was discovered, with comments for whoever
// edits it next. What one keeps running while one works is there to be started;
// the rest is commented out, as far as a person would read it.
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
	d := draft{root: root, names: make(map[string]bool)}
	chosen := d.choose(l.Scripts)
	for _, s := range chosen {
		fmt.Fprintf(&b, "\n# %s\n[processes.%s]\nscript = %s\n", oneLineOf(s.Command), tomlKey(d.name(s)), tomlString(s.ID))
	}
	d.others(&b, l.Scripts, chosen)
	if len(l.Scripts) == 0 {
		b.WriteString("\n# Nothing was discovered here.\n# [processes.web]\n# command = \"./server --port 3000\"\n")
	}
	return b.String()
}

// draft is a file on its way.
type draft struct {
	root  string          // absolute
	names map[string]bool // that are taken
}

// modes are what scripts are called that run a whole package for as long as one
// works on it, the likeliest first: of several only one is meant at a time.
var modes = []string{"dev", "develop", "start:dev", "serve", "server", "runserver", "bootRun", "phx.server", "start", "watch", "preview"}

// services are what programs are called that run side by side.
var services = []string{"web", "worker", "api", "frontend", "backend", "app"}

// maxChosen is how many packages are started side by side without a script at the
// root that says so: more are nobody's daily work.
const maxChosen = 10

// choose gives what is likely to be meant to be kept running: what a Procfile has,
// since that is what it says; else the root's own way to run it all; else the
// services of the root, or each package's way, if they are not many.
func (d *draft) choose(scripts []Script) []Script {
	for _, file := range []string{"Procfile.dev", "Procfile"} {
		if listed := only(scripts, func(s Script) bool { return s.Source == file }); len(listed) > 0 {
			return listed
		}
	}
	if all := bestMode(only(scripts, d.atRoot)); all != nil {
		return []Script{*all}
	}
	if side := firstOf(only(scripts, func(s Script) bool { return d.atRoot(s) && slices.Contains(services, s.Name) })); len(side) > 0 {
		return side
	}
	var each []Script
	for _, dir := range folders(scripts) {
		if best := bestMode(only(scripts, func(s Script) bool { return s.Dir == dir })); best != nil {
			each = append(each, *best)
		}
	}
	if len(each) > maxChosen {
		return nil
	}
	return each
}

func (d *draft) atRoot(s Script) bool { return s.Dir == d.root }

// bestMode gives the likeliest way to run a package, nil if it has none.
func bestMode(scripts []Script) *Script {
	for _, mode := range modes {
		for i := range scripts {
			if scripts[i].Name == mode {
				return &scripts[i]
			}
		}
	}
	return nil
}

// firstOf leaves out the scripts whose name another one before them has: the same
// by other means.
func firstOf(scripts []Script) (first []Script) {
	for _, s := range scripts {
		if !slices.ContainsFunc(first, func(o Script) bool { return o.Name == s.Name }) {
			first = append(first, s)
		}
	}
	return first
}

func only(scripts []Script, is func(Script) bool) (some []Script) {
	for _, s := range scripts {
		if is(s) {
			some = append(some, s)
		}
	}
	return some
}

// folders gives the folders of the scripts, each once, in their order.
func folders(scripts []Script) (dirs []string) {
	for _, s := range scripts {
		if len(dirs) == 0 || dirs[len(dirs)-1] != s.Dir && !slices.Contains(dirs, s.Dir) {
			dirs = append(dirs, s.Dir)
		}
	}
	return dirs
}

// maxOthers is how many scripts are there commented out.
const maxOthers = 40

// others writes what could be run, too, but for what does the same as what was
// chosen.
func (d *draft) others(b *strings.Builder, scripts, chosen []Script) {
	others := only(scripts, func(s Script) bool {
		return !slices.ContainsFunc(chosen, func(c Script) bool { return c.ID == s.ID || c.Dir == s.Dir && c.Name == s.Name })
	})
	if len(others) > 0 {
		b.WriteString("\n# What else can be run here; without the #, \"brummer-rpc up\" starts it as well.\n")
	}
	for i, s := range others {
		if i == maxOthers {
			fmt.Fprintf(b, "#\n# And %d more: \"brummer-rpc scripts\" lists them all.\n", len(others)-i)
			return
		}
		fmt.Fprintf(b, "#\n# [processes.%s] # %s\n# script = %s\n", tomlKey(d.name(s)), oneLineOf(s.Command), tomlString(s.ID))
	}
}

// name finds a name for a process that no other has: a package's is that of its
// folder, if it is the package that runs.
func (d *draft) name(s Script) string {
	name := s.Name
	if rel, err := filepath.Rel(d.root, s.Dir); err == nil && rel != "." {
		switch folder := path.Base(filepath.ToSlash(rel)); {
		case slices.Contains(modes, s.Name) && !d.names[folder]:
			name = folder
		case d.names[name]:
			name = folder + "-" + s.Name
		}
	}
	name = strings.ReplaceAll(name, "#", "-")
	for base, n := name, 2; d.names[name]; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	d.names[name] = true
	return name
}
