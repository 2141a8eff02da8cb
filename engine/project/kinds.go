package project

import (
	"path"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// kinds lists every source of scripts: the table of contents of this package.
// Its order is the order within a folder. Two lines may share a group, and one
// file may be read by several lines.
var kinds = []kind{
	{id: "npm", group: "npm", pick: one("package.json"), includes: pnpmWorkspace, parse: parsePackageJSON},
	{id: "deno", group: "deno", pick: one("deno.json", "deno.jsonc"), parse: parseDeno},
	{id: "nx", group: "nx", pick: nxProject, parse: parseNx},
	{id: "turbo", group: "turbo", pick: one("turbo.json", "turbo.jsonc"), parse: parseTurbo},
	{id: "lerna", group: "lerna", pick: one("lerna.json"), parse: parseLerna},
	{id: "rush", group: "rush", pick: one("rush.json"), includes: rushIncludes, parse: parseRush},

	{id: "make", group: "make", pick: one("GNUmakefile", "makefile", "Makefile"), includes: makeIncludes, parse: parseMakefile},
	{id: "just", group: "just", pick: one("justfile", "Justfile", "JUSTFILE", ".justfile"), includes: justIncludes, parse: parseJustfile},
	{id: "task", group: "task", pick: one(taskfileNames...), includes: taskIncludes, parse: parseTaskfile},
	{id: "mage", group: "mage", pick: magefiles, parse: parseMage},
	{id: "go", group: "go", pick: one("go.mod"), parse: parseGoMod},
	{id: "mise", group: "mise", pick: miseFiles, parse: parseMise},
	{id: "devenv", group: "devenv", pick: one("devenv.nix"), parse: parseDevenv},
	{id: "procfile", group: "procfile", pick: one("Procfile"), parse: parseProcfile},
	{id: "procfile.dev", group: "procfile", pick: one("Procfile.dev"), parse: parseProcfile},
	{id: "vscode", group: "vscode", pick: one(".vscode/tasks.json"), parse: parseVSCode},
	{id: "compose", group: "compose", pick: one("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"), includes: composeIncludes, parse: parseCompose},

	{id: "cargo", group: "cargo", pick: one("Cargo.toml"), includes: cargoIncludes, parse: parseCargo},
	{id: "python", group: "python", pick: one("pyproject.toml"), parse: parsePyproject},
	{id: "django", group: "python", pick: one("manage.py"), parse: parseManagePy},
	{id: "pytest", group: "python", pick: one("pytest.ini"), parse: parsePytestIni},
	{id: "tox", group: "python", pick: one("tox.ini"), parse: parseTox},
	{id: "nox", group: "python", pick: one("noxfile.py"), parse: parseNox},
	{id: "bin", group: "ruby", pick: one("bin/dev"), parse: parseBinDev},
	{id: "rails", group: "ruby", pick: railsApp, includes: rakeIncludes, parse: parseRails},
	{id: "rake", group: "ruby", pick: one("rakefile", "Rakefile", "rakefile.rb", "Rakefile.rb"), includes: rakeIncludes, parse: parseRakefile},
	{id: "composer", group: "php", pick: one("composer.json"), parse: parseComposer},
	{id: "dotnet", group: "dotnet", pick: ending(".sln", ".slnx", ".csproj", ".fsproj", ".vbproj"), parse: parseDotnet},
	{id: "maven", group: "maven", pick: one("pom.xml"), parse: parseMaven},
	{id: "gradle", group: "gradle", pick: one("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"), parse: parseGradle},
	{id: "mix", group: "mix", pick: one("mix.exs"), parse: parseMix},
	{id: "dart", group: "dart", pick: one("pubspec.yaml"), parse: parsePubspec},
	{id: "melos", group: "dart", pick: one("melos.yaml"), parse: parseMelos},
}

// kind is one source of scripts. What differs between kinds is data here or is
// in the parse function; nothing else in this package asks which kind it has.
type kind struct {
	id    string // the first part of its scripts' IDs
	group string // what a list shows it under
	// pick chooses the files to parse of a folder, as paths relative to it.
	pick func(t *tree, dir string) []string
	// includes names the files that one of the kind brings in, or one that it has
	// brought in, as paths relative to the root; nil if there is no such thing.
	includes func(t *tree, dir, file string, data []byte) []string
	// parse is a pure function: no I/O, no clock, no environment, and the same
	// answer for the same source. Names within one answer are unique.
	parse func(source) ([]declared, []finding)
}

// one picks the first of names, in the given order, that a folder has. That is
// also make's rule for its three names.
func one(names ...string) func(*tree, string) []string {
	return func(t *tree, dir string) []string {
		files := t.in(dir)
		for _, name := range names {
			if _, ok := slices.BinarySearch(files, name); ok || strings.Contains(name, "/") && t.has(join(dir, name)) {
				return []string{name}
			}
		}
		return nil
	}
}

// ending picks the files of a folder with one of the endings.
func ending(endings ...string) func(*tree, string) []string {
	return func(t *tree, dir string) []string {
		var names []string
		for _, name := range t.in(dir) {
			for _, e := range endings {
				if path.Ext(name) == e {
					names = append(names, name)
				}
			}
		}
		return names
	}
}

// source is everything that a parser may know: one file, what the walk saw
// around it, and what other files have said.
type source struct {
	path     string            // relative to the root, slash-separated
	dir      string            // the folder that it is about, likewise; "." is the root
	data     []byte            // without a byte order mark
	more     map[string][]byte // the files that it includes, by path
	tree     *tree
	packages []goPackage // for a go.mod: the packages of its module
	node     *nodeFacts  // what package.json files say of their package managers
}

// has reports whether the source's folder has a file; name may have slashes.
func (s source) has(name string) bool { return s.tree.has(path.Join(s.dir, name)) }

// declared is a script as a parser knows it: without an ID and an absolute
// folder, which the builder adds, so that a parser cannot build its own kind.
type declared struct {
	local   string // unique within the file: "dev", "run:cmd/web"
	name    string
	command string
	line    int             // 1-based, 0 = unknown
	dir     string          // relative to the root, if it is not the source's
	policy  *config.Process // what more is said of it, nil for nothing
}

// declarations gathers what a file declares, in its order. Of several with one
// name the first counts.
type declarations struct {
	list []declared
	seen map[string]bool
}

// add adds a script and reports whether its name was new.
func (d *declarations) add(s declared) bool {
	if d.seen[s.local] {
		return false
	}
	if d.seen == nil {
		d.seen = make(map[string]bool)
	}
	d.seen[s.local] = true
	d.list = append(d.list, s)
	return true
}

// run adds a script whose name is also the last word of its command.
func (d *declarations) run(prefix, name string, line int) {
	d.add(declared{local: name, name: name, command: prefix + quote(name), line: line})
}

// finding is a Problem without its file, for the same reason.
type finding struct {
	line, column int
	message      string
}

// at is a finding at a place in a document.
func at(p document.Place, message string) finding { return finding{p.Line, p.Column, message} }

// broken is what a parser says of a file that is no document of its format.
func broken(err *document.Error) []finding { return []finding{at(err.Place, err.Message)} }
