package project

// These tests ask the real tools whether they agree with what was read off
// their files. They run the tools on the fixtures only.

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// need skips a test whose tool is not installed.
func need(t *testing.T, tool, install string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("needs %s; install it with: %s", tool, install)
	}
}

// needShell is for what only a POSIX shell can say.
func needShell(t *testing.T) {
	t.Helper()
	need(t, "sh", "apt-get install dash (on Windows: Git for Windows)")
}

// TestMakeAgrees runs "make -n" on each target that is listed, as a shell would
// run its command, and finds each of them in make's own database.
func TestMakeAgrees(t *testing.T) {
	needShell(t)
	need(t, "make", "apt-get install make")
	for _, file := range []string{"testdata/makefile.txtar", "testdata/makefile-names.txtar", "testdata/makefile-include.txtar"} {
		root := extract(t, parseArchive(t, file))
		// Make itself stops at these.
		for _, dir := range []string{"broken", "loop"} {
			if err := os.RemoveAll(filepath.Join(root, dir)); err != nil {
				t.Fatal(err)
			}
		}
		known := make(map[string][]string)
		for _, s := range discoverIn(t, root).Scripts {
			dry := exec.Command("sh", "-c", s.Command)
			dry.Dir, dry.Env = s.Dir, append(os.Environ(), "MAKEFLAGS=n")
			if out, err := dry.CombinedOutput(); err != nil {
				t.Errorf("%s: %s: %v\n%s", s.Source, s.Command, err, out)
			}
			if known[s.Dir] == nil {
				known[s.Dir] = makeTargets(t, s.Dir)
			}
			if !slices.Contains(known[s.Dir], s.Name) {
				t.Errorf("%s: make does not know %q, only %q", s.Source, s.Name, known[s.Dir])
			}
		}
	}
}

// TestMakeHasNoOther is the reverse: what make has as a target, and is neither
// special nor a file, is listed.
func TestMakeHasNoOther(t *testing.T) {
	need(t, "make", "apt-get install make")
	root := extract(t, parseArchive(t, "testdata/makefile.txtar"))
	l := discoverIn(t, root)
	for _, target := range makeTargets(t, root) {
		generated := target == "go-target" // by $(GO)-target, which only make can name
		if generated || strings.ContainsAny(target, "./%") {
			continue
		}
		if _, err := l.Find(target); err != nil {
			t.Errorf("make has %q: %v", target, err)
		}
	}
}

// databaseRule is a rule among the files that make -p prints: it comes after an
// empty line, which a recipe's lines do not. Prerequisites that are no targets
// are told apart by the comment on the line between, and a target's variables
// come before it.
var databaseRule = regexp.MustCompile(`\n\n(# Not a target:\n)?(?:# makefile.*\n.*\n)*([^#\t\n]+?)::?(\n| .*)`)

// makeTargets lists the targets in make's database of the folder.
func makeTargets(t *testing.T, dir string) []string {
	t.Helper()
	cmd := exec.Command("make", "-qprR")
	cmd.Dir = dir
	// Status 1 says that something is to be made.
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("make -qprR: %v", err)
	}
	// What comes before are variables, a define's body in full.
	_, files, _ := strings.Cut(string(out), "\n# Files\n")
	var names []string
	for _, m := range databaseRule.FindAllStringSubmatch("\n"+files, -1) {
		if m[1] == "" {
			names = append(names, m[2])
		}
	}
	return names
}

// TestGoListAgrees compares the main packages with those of "go list".
func TestGoListAgrees(t *testing.T) {
	need(t, "go", "https://go.dev/doc/install")
	root := extract(t, parseArchive(t, "testdata/go.txtar"))
	// Go stops at a file that does not parse, and at a folder of that name.
	for _, dir := range []string{"cmd/broken", "cmd/it's", "cmd/-dash"} {
		if err := os.RemoveAll(filepath.Join(root, dir)); err != nil {
			t.Fatal(err)
		}
	}
	l := discoverIn(t, root)
	for _, module := range []string{".", "nested"} {
		dir := filepath.Join(root, module)
		var got []string
		for _, s := range l.Scripts {
			if target, ok := strings.CutPrefix(s.Command, "go run "); ok && s.Dir == dir {
				got = append(got, filepath.Join(dir, filepath.FromSlash(target)))
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(goListMains(t, dir), got); diff != "" {
			t.Errorf("%s: -go list +Discover:\n%s", module, diff)
		}
	}
}

// goListMains lists the folders of the main packages below dir, sorted.
func goListMains(t *testing.T, dir string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", `{{if and (eq .Name "main") .GoFiles}}{{.Dir}}{{end}}`, "./...")
	cmd.Dir = dir
	// The vendor folder is there to be left out, not to be consistent.
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOTOOLCHAIN=local", "GOPROXY=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	// The temporary folder may be reached by a link that go resolves.
	resolved, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	dirs := strings.Fields(strings.ReplaceAll(string(out), resolved, dir))
	slices.Sort(dirs)
	return dirs
}

// TestQuote sends words through a real shell.
func TestQuote(t *testing.T) {
	needShell(t)
	for _, word := range []string{"", "plain", "a b", "it's", `"`, "$HOME", "`id`", "~", "a=b", "*", "a\\b", "!x", "#x", "é", "''"} {
		out, err := exec.Command("sh", "-c", "printf %s "+quote(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q became %q, %v", word, out, err)
		}
	}
}
