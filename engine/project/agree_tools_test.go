package project

// More tools that are asked whether they agree: each lists what it finds in its
// fixture, and that is what Discover lists, but for what its parser's comment says.

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fixture extracts a case, and gives the folder dir in it.
func fixture(t *testing.T, name, dir string) string {
	t.Helper()
	return filepath.Join(extract(t, parseArchive(t, "testdata/"+name+".txtar")), dir)
}

// tool runs a tool in a folder and gives what it prints.
func tool(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOTOOLCHAIN=local", "GOPROXY=off", "COMPOSER_ALLOW_SUPERUSER=1", "NO_COLOR=1")
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s%s", name, args, err, out, problems.String())
	}
	return string(out)
}

// names gives the sorted names of the scripts of one kind in the folder dir
// itself.
func names(t *testing.T, dir, kind string) []string {
	t.Helper()
	var found []string
	for _, s := range discoverIn(t, dir).Scripts {
		if strings.HasPrefix(s.ID, kind+":") && s.Dir == dir {
			found = append(found, s.Name)
		}
	}
	slices.Sort(found)
	return found
}

// agree compares what a tool has listed with what was discovered.
func agree(t *testing.T, theirs, ours []string) {
	t.Helper()
	slices.Sort(theirs)
	slices.Sort(ours)
	if len(theirs) == 0 {
		t.Fatal("the tool lists nothing")
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("-tool +Discover:\n%s", diff)
	}
}

func TestJustAgrees(t *testing.T) {
	need(t, "just", "npm install -g rust-just")
	dir := fixture(t, "just", ".")
	type module struct {
		Recipes map[string]struct {
			Private    bool
			Parameters []struct {
				Kind    string
				Default any
			}
		}
		Modules map[string]json.RawMessage
	}
	var list func(prefix string, raw []byte) []string
	list = func(prefix string, raw []byte) []string {
		var m module
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		var names []string
		for name, r := range m.Recipes {
			runs := !r.Private
			for _, p := range r.Parameters {
				runs = runs && (p.Default != nil || p.Kind == "star")
			}
			if runs {
				names = append(names, prefix+name)
			}
		}
		for name, sub := range m.Modules {
			names = append(names, list(prefix+name+"::", sub)...)
		}
		return names
	}
	found := list("", []byte(tool(t, dir, "just", "--dump", "--dump-format", "json")))
	// What is not for this system is in the dump all the same.
	found = slices.DeleteFunc(found, func(name string) bool { return name == "only-windows" })
	agree(t, found, names(t, dir, "just"))
}

func TestTaskAgrees(t *testing.T) {
	need(t, "task", "go install github.com/go-task/task/v3/cmd/task@latest")
	dir := fixture(t, "task", ".")
	var list struct{ Tasks []struct{ Name string } }
	if err := json.Unmarshal([]byte(tool(t, dir, "task", "--list-all", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, task := range list.Tasks {
		// Both are listed by task, which then can't run them as they are.
		if task.Name != "needs" && !strings.Contains(task.Name, "*") {
			found = append(found, task.Name)
		}
	}
	agree(t, found, names(t, dir, "task"))
}

// mageTarget is a line of "mage -l": the name, and a star for the default.
var mageTarget = regexp.MustCompile(`(?m)^  ([a-zA-Z:]+)`)

func TestMageAgrees(t *testing.T) {
	need(t, "mage", "go install github.com/magefile/mage@latest")
	dir := fixture(t, "mage", "one")
	var found []string
	for _, m := range mageTarget.FindAllStringSubmatch(tool(t, dir, "mage", "-l"), -1) {
		if m[1] != "deploy" { // it needs an argument
			found = append(found, m[1])
		}
	}
	agree(t, found, names(t, dir, "mage"))
}

func TestCargoAgrees(t *testing.T) {
	need(t, "cargo", "apt-get install cargo")
	root := fixture(t, "cargo", ".")
	for _, pkg := range []string{"app", "lib"} {
		dir := filepath.Join(root, pkg)
		var meta struct {
			Packages []struct {
				Name    string
				Targets []struct {
					Kind []string
					Name string
				}
			}
		}
		if err := json.Unmarshal([]byte(tool(t, dir, "cargo", "metadata", "--no-deps", "--format-version", "1", "--offline")), &meta); err != nil {
			t.Fatal(err)
		}
		found := []string{"build", "clippy", "test"}
		for _, p := range meta.Packages {
			for _, target := range p.Targets {
				if p.Name == pkg && (target.Kind[0] == "bin" || target.Kind[0] == "example") {
					found = append(found, target.Name)
				}
			}
		}
		agree(t, found, names(t, dir, "cargo"))
	}
}

func TestToxAgrees(t *testing.T) {
	need(t, "tox", "apt-get install tox")
	dir := fixture(t, "tox", ".")
	found := append(strings.Fields(tool(t, dir, "tox", "-a")), "tox")
	agree(t, found, names(t, dir, "tox"))
}

// noxSession is a line of "nox --list": the name, its Python, its parameters.
var noxSession = regexp.MustCompile(`(?m)^[*-] ([A-Za-z_\-]+?)(?:-[0-9.]+)?(?:\(.*\))?$`)

func TestNoxAgrees(t *testing.T) {
	need(t, "nox", "apt-get install nox")
	dir := fixture(t, "nox", ".")
	var found []string
	for _, m := range noxSession.FindAllStringSubmatch(tool(t, dir, "nox", "--list"), -1) {
		found = append(found, m[1])
	}
	slices.Sort(found)
	agree(t, slices.Compact(found), names(t, dir, "nox"))
}

func TestRakeAgrees(t *testing.T) {
	need(t, "rake", "apt-get install rake")
	dir := fixture(t, "ruby", "plain")
	var found []string
	for line := range strings.Lines(tool(t, dir, "rake", "-T")) {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "rake "), " ")
		name, _, _ = strings.Cut(name, "[") // its arguments
		if name != "1-no" {                 // calculated, which only Ruby can do
			found = append(found, name)
		}
	}
	agree(t, found, names(t, dir, "rake"))
}

func TestComposerAgrees(t *testing.T) {
	need(t, "composer", "apt-get install composer")
	dir := fixture(t, "php", ".")
	var found []string
	for line := range strings.Lines(tool(t, dir, "composer", "run-script", "--list", "--no-interaction")) {
		// Composer has no description for its events, and the same one for all
		// others.
		if name, what, _ := strings.Cut(strings.TrimSpace(line), " "); strings.Contains(what, "Runs the") && !isOption(name) {
			found = append(found, name)
		}
	}
	agree(t, found, names(t, dir, "composer"))
}

// workspace makes one whose root asks for yarn, so that a member is known by its
// command, and gives the packages' folders.
func workspace(t *testing.T, manifest string, files map[string]string) (root string, members func() []string) {
	t.Helper()
	root = t.TempDir()
	write(t, root, "package.json", manifest)
	for name, content := range files {
		write(t, root, name, content)
	}
	packages := []string{"packages/ui", "packages/deep/er", "packages/ui/fixtures/one", "apps/a", "apps/b", "libs/old"}
	for _, dir := range packages {
		write(t, root, dir+"/package.json", `{"name": "`+strings.ReplaceAll(dir, "/", "-")+`", "version": "1.0.0", "scripts": {"x": "x"}}`)
	}
	return root, func() []string {
		var found []string
		for _, s := range discoverIn(t, root).Scripts {
			if strings.HasPrefix(s.Command, "yarn ") {
				found = append(found, strings.ReplaceAll(filepath.ToSlash(s.Source[:len(s.Source)-len("/package.json")]), "/", "-"))
			}
		}
		return found
	}
}

const patterns = `["packages/**", "!packages/**/fixtures/*", "apps/a", "./libs/*", "!libs/old"]`

func TestNpmWorkspacesAgree(t *testing.T) {
	need(t, "npm", "apt-get install npm")
	root, members := workspace(t, `{"name": "root", "workspaces": `+patterns+`}`, nil)
	var found map[string]string
	if err := json.Unmarshal([]byte(tool(t, root, "npm", "pkg", "get", "name", "--workspaces", "--json")), &found); err != nil {
		t.Fatal(err)
	}
	write(t, root, "package.json", `{"name": "root", "packageManager": "yarn@1.22.0", "workspaces": `+patterns+`}`)
	var list []string
	for name := range found {
		list = append(list, name)
	}
	agree(t, list, members())
}

func TestPnpmWorkspacesAgree(t *testing.T) {
	need(t, "pnpm", "npm install -g pnpm")
	root, members := workspace(t, `{"name": "root"}`, map[string]string{"pnpm-workspace.yaml": "packages: " + patterns + "\n"})
	var found []struct{ Name string }
	if err := json.Unmarshal([]byte(tool(t, root, "pnpm", "ls", "-r", "--depth", "-1", "--json")), &found); err != nil {
		t.Fatal(err)
	}
	write(t, root, "package.json", `{"name": "root", "packageManager": "yarn@1.22.0"}`)
	var list []string
	for _, p := range found {
		if p.Name != "root" {
			list = append(list, p.Name)
		}
	}
	agree(t, list, members())
}

// TestGitAgrees asks git which of a tree's folders it ignores.
func TestGitAgrees(t *testing.T) {
	need(t, "git", "apt-get install git")
	root := t.TempDir()
	write(t, root, ".gitignore", "dist/\n/out\na/b\n*.cache\nx/**/y\ndeep/**\n[bc]uild\n!keep.cache\n\\#hash\n{a,b}\nspace \n# note\n!/kept\nkept\n!kept/\n")
	write(t, root, "sub/.gitignore", "!dist\nlocal\n/only\n")
	dirs := []string{
		"dist", "a/dist", "out", "a/out", "a/b", "c/a/b", "z.cache", "keep.cache", "x/y", "x/1/y", "x/1/2/y", "deep", "deep/er",
		"build", "cuild", "duild", "#hash", "{a,b}", "space", "kept", "sub/dist", "sub/local", "sub/only", "sub/x/only", "sub/kept",
	}
	if out, err := exec.Command("git", "-C", root, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("git init: %v\n%s", err, out)
	}
	for _, dir := range dirs {
		write(t, root, dir+"/Procfile", "x: 1\n")
	}
	cmd := exec.Command("git", "-C", root, "check-ignore", "--no-index", "--stdin")
	cmd.Stdin = strings.NewReader(strings.Join(dirs, "\n"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	ignored := strings.Split(strings.TrimSpace(string(out)), "\n")
	l := discoverIn(t, root)
	for _, dir := range dirs {
		found := slices.ContainsFunc(l.Scripts, func(s Script) bool { return s.Source == dir+"/Procfile" })
		inside := slices.Contains(ignored, dir) || slices.ContainsFunc(ignored, func(i string) bool { return strings.HasPrefix(dir, i+"/") })
		if found == inside {
			t.Errorf("%s: found %v, ignored by git %v", dir, found, inside)
		}
	}
}
