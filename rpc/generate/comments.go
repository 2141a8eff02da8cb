package generate

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
)

// comments are those of a package's types and their fields: "Process" and
// "Process.PID". They are the only place where a shape is described.
type comments map[string]string

func readComments(dir string) (comments, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	out := comments{}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				out.add(g)
			}
		}
	}
	return out, nil
}

// add adds a type declaration.
func (c comments) add(g *ast.GenDecl) {
	for _, s := range g.Specs {
		t := s.(*ast.TypeSpec)
		c[t.Name.Name] = firstParagraph(g.Doc)
		shape, ok := t.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, f := range shape.Fields.List {
			text := firstParagraph(f.Doc)
			if text == "" {
				text = firstParagraph(f.Comment)
			}
			for _, n := range f.Names {
				c[t.Name.Name+"."+n.Name] = text
			}
		}
	}
}

// goLink is a name in brackets, as a doc comment may have it.
var goLink = regexp.MustCompile(`\[([A-Za-z.]+)\]`)

// firstParagraph is what of a comment is for everyone: what comes behind an
// empty line is for who reads the code.
func firstParagraph(c *ast.CommentGroup) string {
	text, _, _ := strings.Cut(c.Text(), "\n\n")
	return goLink.ReplaceAllString(strings.Join(strings.Fields(text), " "), "$1")
}
