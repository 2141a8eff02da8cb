package project

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strings"
	"unicode"
)

// magefiles picks the files that mage reads in a folder: those in its folder
// magefiles, or else magefile.go.
func magefiles(t *tree, dir string) []string {
	var names []string
	for _, name := range t.in(path.Join(dir, "magefiles")) {
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			names = append(names, "magefiles/"+name)
		}
	}
	if names == nil && path.Base(dir) != "magefiles" {
		return one("magefile.go")(t, dir)
	}
	return names
}

// parseMage lists the targets of a magefile that take no arguments:
//
//	func Build() error                 -> mage build
//	func Test(ctx context.Context)     -> mage test
//	type DB mg.Namespace
//	func (DB) Migrate() error          -> mage db:migrate
//	func Deploy(where string) error    left out: it needs an argument
//
// The rules: https://magefile.org/targets/
func parseMage(src source) ([]declared, []finding) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", src.data, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, nil // the go tool says it better, and in the editor
	}
	if path.Base(src.path) == "magefile.go" && !hasMageTag(file) {
		return nil, nil
	}
	namespaces := mageNamespaces(file)
	var found declarations
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || !f.Name.IsExported() || f.Type.TypeParams != nil || !mageSignature(f.Type) {
			continue
		}
		name := lowerFirst(f.Name.Name)
		if f.Recv != nil {
			space := receiver(f)
			if !namespaces[space] {
				continue
			}
			name = lowerFirst(space) + ":" + name
		}
		found.run("mage ", name, fset.Position(f.Name.Pos()).Line)
	}
	return found.list, nil
}

// hasMageTag reports whether a file outside of magefiles is mage's.
func hasMageTag(file *ast.File) bool {
	for _, group := range file.Comments {
		for _, c := range group.List {
			if c.Pos() < file.Package && strings.HasPrefix(c.Text, "//go:build ") && strings.Contains(c.Text, "mage") {
				return true
			}
		}
	}
	return false
}

// mageNamespaces gives the types that are declared as mg.Namespace.
func mageNamespaces(file *ast.File) map[string]bool {
	found := make(map[string]bool)
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			t, ok := s.(*ast.TypeSpec)
			if !ok {
				continue
			}
			if sel, ok := t.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Namespace" && t.Name.IsExported() {
				found[t.Name.Name] = true
			}
		}
	}
	return found
}

// mageSignature reports whether a function may be called without arguments, but
// for a context, and gives at most an error.
func mageSignature(t *ast.FuncType) bool {
	if t.Results != nil {
		if t.Results.NumFields() != 1 {
			return false
		}
		if id, ok := t.Results.List[0].Type.(*ast.Ident); !ok || id.Name != "error" {
			return false
		}
	}
	if t.Params.NumFields() == 0 {
		return true
	}
	sel, ok := t.Params.List[0].Type.(*ast.SelectorExpr)
	return ok && t.Params.NumFields() == 1 && sel.Sel.Name == "Context"
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv.NumFields() != 1 {
		return "" // it parses, and does not compile
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// lowerFirst is how mage lists a name: DB is db, HTTPServer is httpServer. Mage
// takes it in any case.
func lowerFirst(s string) string {
	runes := []rune(s)
	for i, r := range runes {
		if !unicode.IsUpper(r) || i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}
