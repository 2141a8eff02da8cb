package config

import (
	"fmt"
	"strings"
	"testing"
)

// TestEveryKeyIsDescribed: each key has a sentence, and an example that the
// decoder takes, in the place where it belongs.
func TestEveryKeyIsDescribed(t *testing.T) {
	for _, k := range Keys() {
		if !strings.HasSuffix(k.Doc, ".") || k.Type == "" {
			t.Errorf("%s is not described: %q, %q", k.Path, k.Doc, k.Type)
		}
		if k.Example == "" {
			if !strings.HasPrefix(k.Type, "a table") {
				t.Errorf("%s has no example", k.Path)
			}
			continue
		}
		text := strings.ReplaceAll(k.Path, "NAME", "web") + " = " + k.Example + "\n"
		if strings.HasPrefix(k.Path, "processes.") {
			if k.Path != "processes.NAME.command" && k.Path != "processes.NAME.script" {
				text += "processes.web.command = 'x'\n"
			}
			text += "processes.db.command = 'x'\nprocesses.migrate.command = 'x'\n"
		}
		if strings.HasPrefix(k.Path, "gates.") && k.Path != "gates.NAME.max" {
			text += "gates.web.max = 1\n"
		}
		l, issue := Parse("example", ".", true, []byte(text))
		if issue != nil {
			t.Errorf("%s: %+v", text, issue)
			continue
		}
		if _, issues := Merge([]Layer{l}); issues != nil {
			t.Errorf("%s: %v", text, fmt.Sprint(issues))
		}
	}
}
