package project

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// TestDrafts: what is written for each of the workspaces in testdata can be read,
// also with all that is commented out, and every script in it is there.
func TestDrafts(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range cases {
		root := extract(t, parseArchive(t, file))
		l := discoverIn(t, root)
		text := Draft(l, root)
		whole := strings.NewReplacer("\n# [processes.", "\n[processes.", "\n# script =", "\nscript =").Replace(text)
		for _, text := range []string{text, whole} {
			m := readDraft(t, file, text)
			for _, p := range m.Processes {
				if _, err := l.Find(p.Script); err != nil {
					t.Errorf("%s: %s: %v", file, p.Name, err)
				}
			}
		}
	}
}

func readDraft(t *testing.T, name, text string) *config.Merged {
	t.Helper()
	layer, issue := config.Parse("brummer.toml", ".", false, []byte(text))
	if issue != nil {
		t.Fatalf("%s: %v:\n%s", name, issue, text)
	}
	m, issues := config.Merge([]config.Layer{layer})
	if len(issues) > 0 {
		t.Fatalf("%s: %v:\n%s", name, issues, text)
	}
	return m
}

// TestDraftChooses: what one keeps running while one works is to be started, and
// nothing twice by other means.
func TestDraftChooses(t *testing.T) {
	const dev, lib = `{"scripts": {"dev": "x", "start": "x", "build": "x"}}`, `{"scripts": {"build": "x"}}`
	many := []string{"package.json", lib}
	for _, n := range strings.Split("abcdefghijk", "") {
		many = append(many, "packages/"+n+"/package.json", dev)
	}
	for name, tc := range map[string]struct {
		files []string
		want  string
	}{
		"a Procfile says it":           {[]string{"Procfile", "web: x\nclock: y\n", "package.json", dev, "Makefile", "web:\n"}, "web=procfile:web clock=procfile:clock"},
		"that for development wins":    {[]string{"Procfile", "web: x\n", "Procfile.dev", "web: x\ncss: y\n"}, "web=procfile.dev:web css=procfile.dev:css"},
		"one way to run a package":     {[]string{"package.json", dev}, "dev=npm:dev"},
		"the root runs them all":       {[]string{"package.json", dev, "apps/a/package.json", dev}, "dev=npm:dev"},
		"each package, by its folder":  {[]string{"package.json", lib, "apps/a/package.json", dev, "apps/b/package.json", dev, "libs/c/package.json", lib}, "a=npm:apps/a:dev b=npm:apps/b:dev"},
		"services, not by other means": {[]string{"Makefile", "web:\nworker:\ntest:\n", "go.mod", "module x\n", "cmd/web/main.go", "package main\n"}, "web=make:web worker=make:worker"},
		"too many to be meant":         {many, ""},
		"nothing to keep running":      {[]string{"package.json", lib}, ""},
		"nothing at all":               {nil, ""},
	} {
		root := t.TempDir()
		for i := 0; i < len(tc.files); i += 2 {
			write(t, root, tc.files[i], tc.files[i+1])
		}
		m := readDraft(t, name, Draft(discoverIn(t, root), root))
		var got []string
		for _, p := range m.Processes {
			got = append(got, p.Name+"="+p.Script)
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, " "), tc.want)
		}
	}
}
