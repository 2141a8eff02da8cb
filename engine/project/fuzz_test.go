package project

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// The fuzz tests hold checkListing for any bytes, and what is each format's
// own. Their corpus in testdata/fuzz is played by a plain `go test`; to look for
// more: go test -fuzz FuzzMakefile -fuzztime 1m ./engine/project

// parseBytes gives what one kind finds in data, in the root and below it, and
// checks that the answer is the same when asked again.
func parseBytes(t *testing.T, id string, src source) Listing {
	t.Helper()
	k := kinds[slices.IndexFunc(kinds, func(k kind) bool { return k.id == id })]
	read := func() Listing {
		b := newBuilder("/root")
		for _, dir := range fuzzDirs {
			src.dir, src.path = dir, path.Join(dir, "file")
			scripts, findings := k.parse(src)
			b.add(k, src, scripts, findings)
		}
		return Listing{Scripts: b.scripts, Problems: b.problems}
	}
	l := read()
	checkListing(t, l)
	if diff := cmp.Diff(l, read()); diff != "" {
		t.Errorf("not the same twice:\n%s", diff)
	}
	if len(l.Scripts)%3 != 0 {
		t.Errorf("%d scripts in three folders: one was dropped for its folder", len(l.Scripts))
	}
	count := strings.Count(string(src.data), "\n") + strings.Count(string(src.data), "\r") + 1 // YAML ends lines by either
	for _, p := range l.Problems {
		if p.Line > count {
			t.Errorf("problem on line %d of %d", p.Line, count)
		}
	}
	return l
}

// fuzzKind holds for one kind what parseBytes does, seeded with its files in the
// txtar cases. The files that it includes are there too, so that a fuzzer may
// find its way through them.
func fuzzKind(f *testing.F, id string, names ...string) {
	seed(f, names...)
	all := newTree()
	for _, dir := range fuzzDirs {
		for at, files := range map[string][]string{
			".":   {"Gemfile", "compose.override.yml", "gradlew", "more.just", "nx.json", "uv.lock"},
			"bin": {"dev", "rails", "server.dart"}, "src/bin": {"x.rs"}, "test": {"a_test.dart"},
		} {
			all.files[path.Join(dir, at)] = files
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		files := make(map[string][]byte)
		for _, dir := range fuzzDirs {
			for _, name := range []string{"more.just", "compose.override.yml", ".cargo/config.toml", rushCommands} {
				files[path.Join(dir, name)] = data
			}
		}
		parseBytes(t, id, source{data: data, tree: all, node: newNodeFacts(all, nil), more: files})
	})
}

// fuzzDirs are the folders in which a fuzzer's file is parsed.
var fuzzDirs = []string{".", "sub", "sub:sub"}

func FuzzDeno(f *testing.F)      { fuzzKind(f, "deno", "deno.json", "deno.jsonc") }
func FuzzNx(f *testing.F)        { fuzzKind(f, "nx", "project.json") }
func FuzzTurbo(f *testing.F)     { fuzzKind(f, "turbo", "turbo.json") }
func FuzzLerna(f *testing.F)     { fuzzKind(f, "lerna", "lerna.json") }
func FuzzRush(f *testing.F)      { fuzzKind(f, "rush", "rush.json", "command-line.json") }
func FuzzJust(f *testing.F)      { fuzzKind(f, "just", "justfile", "more.just", "web.just") }
func FuzzTaskfile(f *testing.F)  { fuzzKind(f, "task", "Taskfile.yml", "Taskfile.yaml") }
func FuzzMage(f *testing.F)      { fuzzKind(f, "mage", "magefile.go", "a.go") }
func FuzzMise(f *testing.F)      { fuzzKind(f, "mise", "mise.toml", "config.toml") }
func FuzzDevenv(f *testing.F)    { fuzzKind(f, "devenv", "devenv.nix") }
func FuzzVSCode(f *testing.F)    { fuzzKind(f, "vscode", "tasks.json") }
func FuzzCompose(f *testing.F)   { fuzzKind(f, "compose", "compose.yaml", "compose.override.yml") }
func FuzzCargo(f *testing.F)     { fuzzKind(f, "cargo", "Cargo.toml", "config.toml") }
func FuzzPyproject(f *testing.F) { fuzzKind(f, "python", "pyproject.toml") }
func FuzzManagePy(f *testing.F)  { fuzzKind(f, "django", "manage.py") }
func FuzzPytestIni(f *testing.F) { fuzzKind(f, "pytest", "pytest.ini") }
func FuzzTox(f *testing.F)       { fuzzKind(f, "tox", "tox.ini") }
func FuzzNox(f *testing.F)       { fuzzKind(f, "nox", "noxfile.py") }
func FuzzBinDev(f *testing.F)    { fuzzKind(f, "bin", "dev") }
func FuzzRails(f *testing.F)     { fuzzKind(f, "rails", "rails") }
func FuzzRake(f *testing.F)      { fuzzKind(f, "rake", "Rakefile", "more.rake", "import.rake") }
func FuzzComposer(f *testing.F)  { fuzzKind(f, "composer", "composer.json") }
func FuzzDotnet(f *testing.F)    { fuzzKind(f, "dotnet", "Web.csproj", "Tests.csproj", "My Tool.csproj") }
func FuzzMaven(f *testing.F)     { fuzzKind(f, "maven", "pom.xml") }
func FuzzGradle(f *testing.F)    { fuzzKind(f, "gradle", "build.gradle", "build.gradle.kts") }
func FuzzMix(f *testing.F)       { fuzzKind(f, "mix", "mix.exs") }
func FuzzPubspec(f *testing.F)   { fuzzKind(f, "dart", "pubspec.yaml") }
func FuzzMelos(f *testing.F)     { fuzzKind(f, "melos", "melos.yaml") }

// FuzzWorkspacePatterns: what a package.json or a pnpm-workspace.yaml says of
// its members never stops a package from being listed.
func FuzzWorkspacePatterns(f *testing.F) {
	f.Add([]byte(`{"packageManager": "yarn@4", "workspaces": ["a/**", "!a/b"]}`), []byte("packages: ['[', 'x']\n"))
	f.Fuzz(func(t *testing.T, manifest, pnpm []byte) {
		kind := kinds[0]
		n := newNodeFacts(&tree{}, []gathered{
			{kind: kind, path: "package.json", dir: ".", data: manifest, more: map[string][]byte{"pnpm-workspace.yaml": pnpm}},
		})
		if m := n.manager("a/b"); m == nil || m.run == "" {
			t.Errorf("manager %v", m)
		}
	})
}

// seed gives a fuzz test the files of that name in the txtar cases.
func seed(f *testing.F, names ...string) {
	f.Helper()
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		ar, err := txtar.ParseFile(c)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			if slices.Contains(names, filepath.Base(file.Name)) {
				f.Add(file.Data)
			}
		}
	}
}

func FuzzPackageJSON(f *testing.F) {
	seed(f, "package.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		l := parseBytes(t, "npm", source{data: data})
		for _, s := range l.Scripts {
			_, word, ok := strings.Cut(s.Command, " run ")
			if !ok || word != quote(s.Name) || strings.HasPrefix(word, "-") {
				t.Errorf("%s: command %q", s.ID, s.Command)
			}
		}
		if _, valid := syntaxError(data); !valid && (len(l.Scripts) > 0 || len(l.Problems) == 0) {
			t.Errorf("not JSON, and yet %v, %v", l.Scripts, l.Problems)
		}
	})
}

func FuzzMakefile(f *testing.F) {
	seed(f, "Makefile", "makefile", "GNUmakefile")
	f.Fuzz(func(t *testing.T, data []byte) {
		l := parseBytes(t, "make", source{data: data})
		for _, s := range l.Scripts {
			if strings.ContainsAny(s.Name, "%$*?") {
				t.Errorf("%s stands for no single target", s.ID)
			}
		}
		// A comment at the end changes nothing, unless what is before it runs on.
		if len(data) > 0 && data[len(data)-1] == '\n' && !strings.HasSuffix(strings.ReplaceAll(string(data), "\r", ""), "\\\n") {
			more := parseBytes(t, "make", source{data: append(slices.Clone(data), "# x: y\n"...)})
			if diff := cmp.Diff(l.Scripts, more.Scripts); diff != "" {
				t.Errorf("a comment made a difference:\n%s", diff)
			}
		}
	})
}

func FuzzGoMod(f *testing.F) {
	cases := []string{"module example.com/x/v2\n\ngo 1.25\nignore ./gen\n", "module \"a b\"\n", "module x\nrequire (\n"}
	for _, c := range cases {
		f.Add([]byte(c), "cmd/web", "main")
	}
	f.Fuzz(func(t *testing.T, data []byte, dir, pkg string) {
		packages := []goPackage{{dir: ".", name: pkg}, {dir: "cmd/fixed", name: "main"}}
		if dir != "." && dir != "cmd/fixed" { // the walk gives each folder once
			packages = append(packages, goPackage{dir: dir, name: pkg})
		}
		l := parseBytes(t, "go", source{data: data, packages: packages})
		for _, s := range l.Scripts {
			target, isRun := strings.CutPrefix(s.Command, "go run ")
			if isRun && target != "." && !goFolder.MatchString(strings.TrimPrefix(target, "./")) {
				t.Errorf("%s: command %q", s.ID, s.Command)
			}
		}
	})
}

func FuzzPackageClause(f *testing.F) {
	f.Add("x.go", []byte("//go:build ignore\n\npackage main\n"))
	f.Add("x_windows.go", []byte("package main\n"))
	f.Add("x.go", []byte("package main\nimport \"fmt\"\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		pkg := packageClause(name, data)
		if pkg != "" && !strings.Contains(string(data), pkg) {
			t.Errorf("package %q is not in the file", pkg)
		}
	})
}

func FuzzProcfile(f *testing.F) {
	seed(f, "Procfile", "Procfile.dev")
	f.Fuzz(func(t *testing.T, data []byte) {
		parseBytes(t, "procfile", source{data: data})
		// Every line counts as exactly one of script, finding, comment or blank.
		want := 0
		for _, line := range lines(data) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				want++
			}
		}
		scripts, findings := parseProcfile(source{data: data})
		if got := len(scripts) + len(findings); got != want {
			t.Errorf("%d scripts and findings, want %d", got, want)
		}
	})
}

func FuzzIgnore(f *testing.F) {
	f.Add([]byte("dist/\n/out\na/b\n!dist\n*.log\n**/x\n[!a]\n{a,b}\n\\#c\n"), "a/b")
	f.Fuzz(func(t *testing.T, data []byte, dir string) {
		ig := parseIgnore(".", data, nil)
		got := ig.ignores(dir)
		// A pattern for the folder itself at the end wins over all before it.
		if strings.ContainsAny(dir, "\r\n\\*?[ \t") || path.Clean("/"+dir) != "/"+dir || dir == "" {
			return
		}
		if !parseIgnore(".", append(data, "\n/"+dir...), nil).ignores(dir) {
			t.Errorf("/%s does not match itself", dir)
		}
		if parseIgnore(".", append(data, "\n!/"+dir...), nil).ignores(dir) {
			t.Errorf("!/%s does not take it back (was %v)", dir, got)
		}
	})
}

// TestIncludesThatMultiply: twenty files that each bring in the next one four times
// are not read a thousand billion times.
func TestIncludesThatMultiply(t *testing.T) {
	for first, c := range map[string]struct{ content, next string }{
		"justfile":     {strings.Repeat("import '%[1]s'\n", 4), "f%d.just"},
		"Makefile":     {strings.Repeat("include %[1]s\n", 4), "f%d.mk"},
		"Taskfile.yml": {"version: '3'\nincludes:\n  a: %[1]s\n  b: %[1]s\n  c: %[1]s\n  d: %[1]s\n", "f%d.yml"},
	} {
		t.Run(first, func(t *testing.T) {
			root, name := t.TempDir(), first
			for n := range maxNested {
				next := fmt.Sprintf(c.next, n)
				if err := os.WriteFile(filepath.Join(root, name), fmt.Appendf(nil, c.content, next), 0o666); err != nil {
					t.Fatal(err)
				}
				name = next
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				Discover(t.Context(), root)
			}()
			select {
			case <-done:
			case <-time.After(30 * time.Second):
				t.Fatal("it does not end")
			}
		})
	}
}
