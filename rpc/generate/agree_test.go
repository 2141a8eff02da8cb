package generate

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/rpc"
)

// TestKinds: the kinds of errors that the code has are those of the table, and
// each is some method's.
func TestKinds(t *testing.T) {
	inCode := map[string]bool{}
	for _, dir := range []string{"rpc", "rpc/front"} {
		kindsIn(t, filepath.Join(root, dir), inCode)
	}
	if len(inCode) < 10 {
		t.Fatalf("only %v found", inCode)
	}
	for _, k := range rpc.Kinds() {
		if !inCode[k.Name] {
			t.Errorf("the kind %s of rpc/table.go is nowhere in rpc", k.Name)
		}
		if !slices.ContainsFunc(rpc.Methods(), func(m rpc.Method) bool { return slices.Contains(m.Kinds, k.Name) }) {
			t.Errorf("the kind %s is no method's: add it to fails in rpc/table.go", k.Name)
		}
		delete(inCode, k.Name)
	}
	for name := range inCode {
		t.Errorf("the kind %s is not in kinds in rpc/table.go", name)
	}
}

// kindsIn finds the kinds in a folder's code: failed("kind", ...), Kind: "kind",
// and what failureKind returns.
func kindsIn(t *testing.T, dir string, found map[string]bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	add := func(e ast.Expr) {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, _ := strconv.Unquote(l.Value); strings.Contains(s, ".") {
				found[s] = true
			}
		}
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil || strings.HasSuffix(name, "_test.go") {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "failed" {
					add(n.Args[0])
				}
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && id.Name == "Kind" {
					add(n.Value)
				}
			case *ast.FuncDecl:
				return n.Name.Name != "failureKind" || returned(n, add)
			}
			return true
		})
	}
}

func returned(f *ast.FuncDecl, add func(ast.Expr)) bool {
	ast.Inspect(f, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			add(r.Results[0])
		}
		return true
	})
	return false
}

// TestValues: the values that the document lists are those that the rooms know.
func TestValues(t *testing.T) {
	d, err := NewDocument(root)
	if err != nil {
		t.Fatal(err)
	}
	values := func(schema, member string) []any {
		s := d.Components.Schemas[schema].Properties[member]
		if s.Items != nil {
			s = s.Items
		}
		if len(s.Enum) == 0 {
			t.Errorf("%s.%s has no values", schema, member)
		}
		return s.Enum
	}
	for s := process.Starting; s <= process.Failed; s++ {
		if !slices.Contains(values("Process", "state"), any(s.String())) {
			t.Errorf("Process.state can't be %s", s)
		}
	}
	for _, name := range []string{"Line", "Filter"} {
		level, stream := map[string]string{"Line": "level", "Filter": "levels"}[name], map[string]string{"Line": "stream", "Filter": "streams"}[name]
		for _, v := range values(name, level) {
			if _, ok := logs.ParseLevel(v.(string)); !ok {
				t.Errorf("%s.%s: there is no level %v", name, level, v)
			}
		}
		for _, v := range values(name, stream) {
			if _, ok := logs.ParseStream(v.(string)); !ok {
				t.Errorf("%s.%s: there is no stream %v", name, stream, v)
			}
		}
	}
	for e := range events.NumTypes {
		if !slices.ContainsFunc(d.Events, func(o event) bool { return o.Name == e.String() }) {
			t.Errorf("the event %s is not in wire.Events", e)
		}
	}
}

// TestLinks: links within methods.md lead to a heading, and headings differ.
func TestLinks(t *testing.T) {
	_, files := written(t)
	anchors := map[string]bool{}
	for _, h := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(files[MethodsFile], -1) {
		if anchors[slug(h[1])] {
			t.Errorf("two headings are called %s", h[1])
		}
		anchors[slug(h[1])] = true
	}
	links := regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(files[MethodsFile], -1)
	if len(links) < 50 {
		t.Fatalf("only %d links", len(links))
	}
	for _, l := range links {
		if !anchors[l[1]] {
			t.Errorf("#%s leads nowhere", l[1])
		}
	}
}

// TestChecker: it tells what is not as the document says.
func TestChecker(t *testing.T) {
	d, err := NewDocument(root)
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewChecker(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		ok   bool
		what string
		err  error
	}{
		{true, "no params", c.Params("process/list", nil)},
		{true, "a token", c.Params("process/list", []byte(`{"workDoneToken":7}`))},
		{true, "a command for the shell", c.Params("process/start", []byte(`{"command":"make"}`))},
		{true, "a program", c.Params("process/start", []byte(`{"command":["make"]}`))},
		{true, "null", c.Result("session/watch", []byte(`null`))},
		{true, "a gap", c.Notification("logs/lines", []byte(`{"subscription":"1","batch":1,"next":"e:1","lines":[],"gap":{"from":1,"to":2,"count":2,"reason":"cleared"}}`))},
		{true, "a kind", c.Failure("process/wait", "wait.timeout")},
		{false, "an unknown method", c.Params("process/paint", nil)},
		{false, "a param too many", c.Params("process/list", []byte(`{"id":"x"}`))},
		{false, "a missing param", c.Params("process/stop", []byte(`{}`))},
		{false, "a wrong type", c.Params("process/start", []byte(`{"command":7}`))},
		{false, "a wrong value", c.Params("process/wait", []byte(`{"id":"x","for":"rain"}`))},
		{false, "a member too many", c.Notification("logs/lines", []byte(`{"subscription":"1","batch":1,"next":"e:1","lines":[],"gap":{"from":1,"to":2,"count":2,"reason":"cleared","size":1}}`))},
		{false, "a short run", c.Notification("logs/lines", []byte(`{"subscription":"1","batch":1,"next":"e:1","first":1,"t0":1,"dt":[0],"runs":[[1,"web",1]],"text":["x"]}`))},
		{false, "a result", c.Result("session/watch", []byte(`{}`))},
		{false, "a result of a notification", c.Result("exit", []byte(`null`))},
		{false, "an unknown notification", c.Notification("process/sang", []byte(`{}`))},
		{false, "another's kind", c.Failure("process/list", "wait.timeout")},
	} {
		if (tt.err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.what, tt.err)
		}
	}
}

// TestSyntax: one schema in all three languages.
func TestSyntax(t *testing.T) {
	s := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{
		"a": {Type: "array", Items: &jsonschema.Schema{Type: "string", Enum: []any{"x", "y"}}},
		"b": {Types: []string{"null", "array"}, Items: &jsonschema.Schema{Ref: refPrefix + "Line"}},
		"c": {Type: "object", AdditionalProperties: &jsonschema.Schema{Type: "integer"}},
		"d": {Type: "array", MinItems: jsonschema.Ptr(2), Items: &jsonschema.Schema{Type: "boolean"}},
		"e": {},
	}}
	for x, want := range map[*syntax]string{
		typeScriptSyntax: `{ a: ("x" | "y")[], b: null | Line[], c: Record<string, number>, d: [boolean, boolean], e: unknown }`,
		luaSyntax:        `{ a: ("x"|"y")[], b: nil|brummer.Line[], c: table<string, integer>, d: [boolean, boolean], e: any }`,
		markdownSyntax:   "{ a: array of (`x` \\| `y`), b: null \\| array of [Line](#type-line), c: object of integer, d: array \\[boolean, boolean\\], e: any }",
	} {
		if got := x.of(s); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
