package project

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// procfiles makes a file system with a Procfile in each of the folders, each
// with one script named x.
func procfiles(dirs ...string) fstest.MapFS {
	fsys := make(fstest.MapFS)
	for _, dir := range dirs {
		fsys[path.Join(dir, "Procfile")] = &fstest.MapFile{Data: []byte("x: 1\n")}
	}
	return fsys
}

// discoverFS lists a file system in memory.
func discoverFS(t *testing.T, fsys fs.FS, lim limits) string {
	t.Helper()
	root := filepath.FromSlash("/root")
	l, err := discover(context.Background(), newDisk(fsys), root, lim)
	if err != nil {
		t.Fatal(err)
	}
	checkListing(t, l)
	return render(root, l)
}

func TestLimits(t *testing.T) {
	fsys := procfiles(".", "a", "a/deep", "a/deep/er", "b", "b/deep")
	fsys["b/package.json"] = &fstest.MapFile{Data: []byte(strings.Repeat(" ", 100))}
	for _, tc := range []struct {
		name string
		lim  limits
		want string // of what is found
	}{
		{"none reached", limits{depth: 3, folders: 6, file: 100, total: 1 << 20}, "procfile:x procfile:a:x procfile:b:x procfile:a/deep:x procfile:b/deep:x procfile:a/deep/er:x" +
			" b/package.json:unexpected end of JSON input"},
		{"depth", limits{depth: 1, folders: 9, file: 100, total: 1 << 20}, "procfile:x procfile:a:x procfile:b:x" +
			" a/deep:not searched: more than 1 levels deep (folders left out at this level: 2) b/package.json:unexpected end of JSON input"},
		{"folders", limits{depth: 3, folders: 2, file: 100, total: 1 << 20}, "procfile:x procfile:a:x" +
			" b:not searched, like all that come after: the limit of 2 folders is reached"},
		{"file size", limits{depth: 0, folders: 9, file: 4, total: 1 << 20}, "" +
			"a:not searched: more than 0 levels deep (folders left out at this level: 2) Procfile:larger than 4 bytes"},
	} {
		l, err := discover(context.Background(), newDisk(fsys), "/", tc.lim)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range l.Scripts {
			got = append(got, s.ID)
		}
		for _, p := range l.Problems {
			got = append(got, p.File+":"+p.Message)
		}
		if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tc.name, diff)
		}
	}
}

// TestDefaultFileLimit holds the documented size: 1 MiB is read, a byte more is
// a problem.
func TestDefaultFileLimit(t *testing.T) {
	fits := append([]byte("x: 1\n#"), make([]byte, 1<<20-6)...)
	got := discoverFS(t, fstest.MapFS{"Procfile": {Data: fits}, "a/Procfile": {Data: append(fits, 'x')}}, defaultLimits)
	want := "procfile:x | x | . | Procfile | procfile | 1\n! a/Procfile:0:0: larger than 1048576 bytes\n"
	if got != want {
		t.Errorf("got %s", got)
	}
}

// TestTextForms has what a txtar file cannot: byte order marks, CRLF, bytes that
// are not UTF-8, control characters.
func TestTextForms(t *testing.T) {
	for _, tc := range []struct{ name, file, content, want string }{
		{"mark and CRLF", "Procfile", "\ufeffweb: a\r\n\r\nbad\r\n", "procfile:web | web | . | Procfile | procfile | a\n! Procfile:3:0: expected `name: command`, found \"bad\"\n"},
		{"not UTF-8", "Procfile", "web: \xff\nok: 1", "procfile:ok | ok | . | Procfile | procfile | 1\n! Procfile:1:0: the command of \"web\" has control characters or is not UTF-8\n"},
		{"escape sequence", "Procfile", "web: \x1b[2J\n", "! Procfile:1:0: the command of \"web\" has control characters or is not UTF-8\n"},
		{"make with CRLF", "Makefile", "a: \\\r\n b\r\n\techo x: y\r\nb:\r\n", "make:a | a | . | Makefile | make | make a\nmake:b | b | . | Makefile | make | make b\n"},
		{"make not UTF-8", "Makefile", "a\xff:\n", "! Makefile:1:0: the name \"a\\xff\" has control characters or is not UTF-8\n"},
		{"npm with a mark", "package.json", "\ufeff{\"scripts\":{\"a\":\"1\"}}", "npm:a | a | . | package.json | npm | npm run a\n"},
		{"npm in UTF-16", "package.json", "\xff\xfe{\x00", "! package.json:1:1: invalid character 'ÿ' looking for beginning of value\n"},
		{"folder with a newline", "a\nb/Procfile", "x: 1\n", "! .:0:0: the folder \"a\\nb\" was not searched: control characters, or not UTF-8\n"},
	} {
		got := discoverFS(t, fstest.MapFS{tc.file: {Data: []byte(tc.content)}}, defaultLimits)
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tc.name, diff)
		}
	}
}

// TestLinks: a link to a folder is not followed, be it a loop or not; a link to
// a file is, but not out of the workspace.
func TestLinks(t *testing.T) {
	outside := t.TempDir()
	write(t, outside, "Procfile", "secret: 1\n")
	root := t.TempDir()
	write(t, root, "real/Procfile", "x: 1\n")
	write(t, root, "secret/Procfile.dev", "x: 1\n")
	for link, target := range map[string]string{
		"loop":               root,
		"real/up":            "..",
		"alias":              "real",
		"outside":            outside,
		"Procfile":           filepath.Join("real", "Procfile"),
		"secret/Procfile":    filepath.Join(outside, "Procfile"),
		"real/Makefile":      "missing",
		"real/package.json":  ".",
		"secret/Makefile":    "Makefile",
		"secret/self.go":     "self.go",
		"secret/go.mod":      "go.mod.real",
		"secret/go.mod.real": os.DevNull,
	} {
		if err := os.Symlink(target, filepath.Join(root, filepath.FromSlash(link))); err != nil {
			if runtime.GOOS == "windows" {
				t.Skipf("needs symbolic links; turn on Windows' developer mode: %v", err)
			}
			t.Fatal(err)
		}
	}
	l := discoverIn(t, root)
	var ids, files []string
	for _, s := range l.Scripts {
		ids = append(ids, s.ID)
	}
	for _, p := range l.Problems {
		files = append(files, p.File)
	}
	if diff := cmp.Diff([]string{"procfile:x", "procfile:real:x", "procfile.dev:secret:x"}, ids); diff != "" {
		t.Errorf("scripts: -want +got:\n%s", diff)
	}
	want := []string{"real/package.json", "real/Makefile", "secret/Makefile", "secret/go.mod", "secret/Procfile"}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("problems: -want +got:\n%s\n%v", diff, l.Problems)
	}
}

// TestHostileFiles gives each parser files of 256 KiB that take minutes if any
// step of it is quadratic, as several were. There is no clock in it: a relapse
// shows as the timeout of go test.
func TestHostileFiles(t *testing.T) {
	fill := func(unit string) string { return strings.Repeat(unit, (1<<18)/len(unit)-2) }
	each := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < 1<<18-64; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	files := map[string]string{
		"continued/Makefile":   fill("a\\\n"),
		"modifiers/Makefile":   fill("export "),
		"references/Makefile":  fill("$("),
		"escapes/Makefile":     fill("\\#"),
		"targets/Makefile":     each("t%d "),
		"phony/Makefile":       each(".PHONY: t%[1]d\nt%[1]d:\n"),
		"hooks/package.json":   `{"scripts":{` + each(`"pre%d":"x",`) + `"x":"x"}}`,
		"options/package.json": `{"scripts":{` + each(`"-%d":1,`) + `"x":"x"}}`,
		"fields/package.json":  `{` + each(`"scripts":{"a%d":"x"},`) + `"x":"x"}`,
		"nested/package.json":  fill("["),
		"a/Procfile":           each("p%d:x\n"),
		"b/Procfile":           fill("x\n"),
		"a/go.mod":             "module x\n" + each("ignore i%d\n"),
		"b/go.mod":             fill("(\n"),
		".gitignore":           each("i%d\n"),

		"tasks/Taskfile.yml":        "tasks:\n" + each("  t%d: x\n"),
		"flow/Taskfile.yml":         "tasks: " + fill("["),
		"recipes/justfile":          each("r%d:\n"),
		"attributes/justfile":       fill("[a]\n"),
		"parameters/justfile":       "r " + fill("a='x' "),
		"quotes/justfile":           fill("\"\"\"'''```\n"),
		"decorators/noxfile.py":     fill("@nox.session\n"),
		"arguments/noxfile.py":      "@nox.session(\n" + fill("x\n"),
		"factors/tox.ini":           "[tox]\nenvlist = " + fill("{a,b}"),
		"spaces/Rakefile":           fill("namespace :a do\n"),
		"described/Rakefile":        fill("desc 'x'\ntask :a\n"),
		"tables/Cargo.toml":         "[package]\nname = 'x'\n" + each("[[bin]]\nname = 'b%d'\n"),
		"keys/pyproject.toml":       "[project.scripts]\n" + each("s%d = 'x'\n"),
		"dotted/mise.toml":          "[tasks]\n" + each("a.b%d = 1\n"),
		"services/compose.yaml":     "services:\n" + each("  s%d: {}\n"),
		"elements/pom.xml":          "<project>" + fill("<a/>"),
		"open/pom.xml":              fill("<a>"),
		"task/build.gradle":         each("task t%d\n"),
		"lambda/build.gradle":       fill("tasks.register<"),
		"alias/mix.exs":             "defp aliases do\n" + each("a%d: [\n"),
		"braces/devenv.nix":         fill("a.b = {\n"),
		"labels/.vscode/tasks.json": `{"tasks": [` + each(`{"label": "l%d", "command": "x", "dependsOn": ["l1"]},`) + `]}`,
		"scripts/composer.json":     `{"scripts": {` + each(`"s%d": "x",`) + `}}`,
		"workspace/package.json":    `{"workspaces": [` + each(`"w%d/**",`) + `"x"]}`,
		"workspace/a/package.json":  `{"scripts": {"a": "x"}}`,
	}
	fsys := make(fstest.MapFS)
	for name, content := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	l, err := discover(context.Background(), newDisk(fsys), "/", defaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	if most := len(files) * (maxFindings + 1); len(l.Problems) > most || len(l.Scripts) < 25_000 {
		t.Errorf("%d problems and %d scripts", len(l.Problems), len(l.Scripts))
	}
}

func TestUnreadableRoot(t *testing.T) {
	root := t.TempDir()
	write(t, root, "file", "")
	for _, name := range []string{"missing", "file"} {
		_, err := Discover(context.Background(), filepath.Join(root, name))
		if err == nil || !strings.HasPrefix(err.Error(), "project: ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// deniedFS refuses to list one folder, as a missing permission would; the tests
// may run as root, whom no permission stops.
type deniedFS struct {
	fstest.MapFS
	dir string
}

func (d deniedFS) Open(name string) (fs.File, error) {
	if name == d.dir {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return d.MapFS.Open(name)
}

func (d deniedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == d.dir {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return d.MapFS.ReadDir(name)
}

func TestUnreadableFolder(t *testing.T) {
	got := discoverFS(t, deniedFS{procfiles("a", "b"), "a"}, defaultLimits)
	want := "procfile:b:x | x | b | b/Procfile | procfile | 1\n! a:0:0: the folder cannot be read: permission denied\n"
	if got != want {
		t.Errorf("got %s", got)
	}
}

// endingContext ends after it was asked a number of times: a way to end in the
// middle of a walk that does not depend on the machine's speed.
type endingContext struct {
	context.Context
	left *int
}

func (c endingContext) Err() error {
	if *c.left--; *c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestEndedContext ends the context at each of the places where it is asked.
func TestEndedContext(t *testing.T) {
	fsys := procfiles(".", "a", "b/c")
	fsys["go.mod"] = &fstest.MapFile{Data: []byte("module x\n")}
	for asked := 0; ; asked++ {
		left := asked
		l, err := discover(endingContext{context.Background(), &left}, newDisk(fsys), "/", defaultLimits)
		if err == nil {
			if len(l.Scripts) != 6 || asked < 8 {
				t.Errorf("asked %d times for %d scripts", asked, len(l.Scripts))
			}
			return
		}
		if !errors.Is(err, context.Canceled) || len(l.Scripts) > 0 {
			t.Fatalf("after %d: %v, %v", asked, l, err)
		}
	}
}
