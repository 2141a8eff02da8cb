package project

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

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
