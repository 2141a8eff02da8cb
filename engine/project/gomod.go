package project

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// goPackage is what a parser may know of a folder with Go files.
type goPackage struct {
	dir  string // relative to its module's folder, slash-separated, "." for that folder
	name string // of its package clause
}

// parseGoMod lists the main packages of a module, and what one does with the
// module as a whole:
//
//	go run .           a main package in the module's own folder
//	go run ./cmd/web   each main package below it, in the walk's order
//	go test ./...      and go vet, go build
//
// The format: https://go.dev/ref/mod#go-mod-file
func parseGoMod(src source) ([]declared, []finding) {
	// The lax parser lets directives of a newer Go pass.
	mod, err := modfile.ParseLax(src.path, src.data, nil)
	if err != nil {
		return nil, modFindings(err)
	}
	if mod.Module == nil {
		return nil, []finding{{message: "no module directive"}}
	}
	var scripts []declared
	for _, p := range src.packages {
		if p.name != "main" || !goFolder.MatchString(p.dir) || outsidePatterns(p.dir, mod.Ignore) {
			continue
		}
		name, target := path.Base(p.dir), "./"+p.dir
		if p.dir == "." {
			name, target = moduleBase(mod.Module.Mod.Path), "."
		}
		scripts = append(scripts, declared{local: "run:" + p.dir, name: name, command: "go run " + quote(target)})
	}
	for _, verb := range []string{"test", "vet", "build"} {
		scripts = append(scripts, declared{local: verb, name: verb, command: "go " + verb + " ./..."})
	}
	return scripts, nil
}

// goFolder is what go accepts as the folder of a package; it calls an import
// path with any other character malformed, even if nothing imports it.
// See module.CheckImportPath, and SafeArg in cmd/go/internal/load.
var goFolder = regexp.MustCompile(`^[A-Za-z0-9_.][A-Za-z0-9_.~+-]*(/[A-Za-z0-9_.][A-Za-z0-9_.~+-]*)*$`)

// modFindings gives the position of each error in a go.mod. The text of the
// error inside is used, as that of the outside begins with file and line.
func modFindings(err error) []finding {
	list, ok := errors.AsType[modfile.ErrorList](err)
	if !ok {
		return []finding{{message: err.Error()}}
	}
	var findings []finding
	for _, e := range list {
		findings = append(findings, finding{line: e.Pos.Line, column: e.Pos.LineRune, message: e.Err.Error()})
	}
	return findings
}

// outsidePatterns reports whether "./..." does not match dir, so that go test
// and go vet never see it: a folder whose name begins with "_", or one that an
// ignore directive names. "ignore ./x" is that folder of the module, "ignore x"
// any folder x: https://go.dev/ref/mod#go-mod-file-ignore
func outsidePatterns(dir string, ignore []*modfile.Ignore) bool {
	if strings.HasPrefix(dir, "_") || strings.Contains(dir, "/_") {
		return true
	}
	return slices.ContainsFunc(ignore, func(ig *modfile.Ignore) bool {
		rel, anchored := strings.CutPrefix(ig.Path, "./")
		inside, whole := "/"+dir+"/", "/"+strings.Trim(rel, "/")+"/"
		return strings.HasPrefix(inside, whole) || !anchored && strings.Contains(inside, whole)
	})
}

// majorVersion is the last element of the module path of a second or later
// major version.
var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// moduleBase is what `go install` would call a main package in the module's own
// folder.
func moduleBase(module string) string {
	dir, base := path.Split(module)
	if dir != "" && majorVersion.MatchString(base) {
		return path.Base(dir)
	}
	return path.Base(module)
}
