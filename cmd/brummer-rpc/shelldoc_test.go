//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recipe is a section of docs/shell.md: what to type, and what comes.
type recipe struct{ title, script, output string }

var (
	recipes = regexp.MustCompile("(?s)\n## ([^\n]+)\n.*?```sh\n(.*?)```\n```text\n(.*?)```")
	setup   = regexp.MustCompile("(?s)```sh setup\n(.*?)```")
)

// TestShellRecipes: what docs/shell.md says comes of each recipe, with the real
// program and the real jq.
func TestShellRecipes(t *testing.T) {
	for _, tool := range []string{"bash", "jq", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs %s: `.ci/test --all unit` installs it", tool)
		}
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "shell.md"))
	if err != nil {
		t.Fatal(err)
	}
	begin := setup.FindSubmatch(text)
	found := recipes.FindAllStringSubmatch(string(text), -1)
	if begin == nil || len(found) < 10 || len(found) != strings.Count(string(text), "\n## ") {
		t.Fatalf("%d recipes of %d sections can be read", len(found), strings.Count(string(text), "\n## "))
	}
	bin := t.TempDir()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, filepath.Join(bin, "brummer-rpc")); err != nil { // by its name it is the program
		t.Fatal(err)
	}
	for _, m := range found {
		r := recipe{m[1], string(begin[1]) + m[2], m[3]}
		t.Run(r.title, func(t *testing.T) {
			t.Parallel()
			r.run(t, bin)
		})
	}
}

func (r recipe) run(t *testing.T, bin string) {
	w := newShared(t)
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", r.script)
	cmd.Dir = w.dir
	cmd.Env = append(self().Env, "XDG_RUNTIME_DIR="+w.runtime, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(r.output, stdout.String()); diff != "" {
		t.Errorf("-want +got:\n%s%s", diff, stderr.String())
	}
}
