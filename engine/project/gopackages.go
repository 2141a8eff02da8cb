package project

import (
	"bytes"
	"context"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"path"
	"slices"
	"strings"
)

// readPackages gives, for each folder with a go.mod, the packages of that
// module in the walk's order. A nested module's packages are its own. These are
// the facts that parseGoMod needs and cannot have from its file; Go files
// outside of any module cost nothing, as they are not opened.
func (w *walk) readPackages(ctx context.Context) (map[string][]goPackage, error) {
	if !w.hasModule() {
		return nil, nil
	}
	modules, names := make([]string, len(w.folders)), make([]string, len(w.folders))
	err := each(ctx, len(w.folders), func(i int) {
		dir := w.folders[i].path
		if module, _, ok := w.tree.nearest(dir, "go.mod"); ok {
			modules[i], names[i] = module, w.packageName(dir)
		}
	})
	if err != nil {
		return nil, err
	}
	packages := make(map[string][]goPackage)
	for i, f := range w.folders {
		if names[i] != "" {
			packages[modules[i]] = append(packages[modules[i]], goPackage{dir: below(modules[i], f.path), name: names[i]})
		}
	}
	return packages, nil
}

// hasModule reports whether there is a go.mod at all: to look for the nearest one
// of each folder takes its time.
func (w *walk) hasModule() bool {
	return slices.ContainsFunc(w.folders, func(f folder) bool { return w.tree.has(join(f.path, "go.mod")) })
}

// below gives dir relative to the folder module, which is dir or above it.
func below(module, dir string) string {
	switch module {
	case dir:
		return "."
	case ".":
		return dir
	}
	return strings.TrimPrefix(dir, module+"/")
}

// packageName gives the name of the package in a folder, or nothing. All files
// that take part in a build have the same one, so the first of them decides;
// that keeps a large module to about one file read per folder.
func (w *walk) packageName(dir string) string {
	for _, name := range w.tree.in(dir) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		// Only the beginning counts, so a file over the limit is as good as
		// any. One that cannot be read says nothing about the package.
		data, err := w.disk.readHead(path.Join(dir, name), w.lim.file+1)
		if err != nil {
			continue
		}
		if pkg := packageClause(name, data); pkg != "" {
			return pkg
		}
	}
	return ""
}

// packageClause gives the package of a Go file, or nothing if a plain `go
// build` on this system leaves the file out: for its name (x_windows.go), for
// its //go:build line, or because it is broken. It does no I/O: the file that
// it hands to go/build is the one in memory.
//
// go/build itself is asked, and not go/build/constraint, because the list of
// the systems that a file name may end in is only there.
func packageClause(name string, data []byte) string {
	context := build.Default
	context.OpenFile = func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}
	if match, err := context.MatchFile(".", name); err != nil || !match {
		return ""
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.PackageClauseOnly)
	if err != nil || file.Name.Name == "documentation" { // go/build leaves those out too
		return ""
	}
	return file.Name.Name
}
