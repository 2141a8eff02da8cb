package docs

// What ARCHITECTURE.md says is held to the code here: which room may use which,
// who may start goroutines, and that every room says what it is for. The files
// are parsed: a `go list` in a child process would be answered from the test
// cache, and stay green.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/brummer-rpc/brummer-rpc/"

// mayImport says which packages of ours each package may use. A package that is
// not listed may use none, and a new one is added here on purpose.
var mayImport = map[string][]string{
	"cmd/brummer-rpc": {"rpc", "rpc/front", "rpc/wire", "rpc/editor", "rpc/script", "rpc/mcp", "rpc/socket", "engine", "engine/process/guard", "docs", "editors/nvim"},

	"rpc": {
		"docs",
		"engine",
		"engine/detect", // what lines of structured logging say, for those who ask
		"engine/diagnose",
		"engine/events",
		"engine/logs",
		"engine/monitor",
		"engine/process",
		"engine/project",
		"engine/project/config",
		"engine/proxy",
		"engine/proxy/telemetry",
		"rpc/editor",
		"rpc/front",
		"rpc/script",
		"rpc/wire",
	},
	"rpc/editor":          {"rpc/front", "rpc/wire"},
	"rpc/script":          {"rpc/front", "rpc/wire"},
	"rpc/mcp":             {"docs"},
	"rpc/front":           {"rpc/wire"},
	"rpc/front/fronttest": {},
	"rpc/socket":          {},
	"rpc/wire":            {},

	"rpc/generate": {"rpc", "rpc/wire", "engine"},
	"docs":         {},
	"editors/nvim": {},

	"engine": {
		"engine/detect",
		"engine/diagnose",
		"engine/events",
		"engine/internal/lines",
		"engine/internal/near",
		"engine/internal/outfile",
		"engine/internal/pace",
		"engine/internal/wake",
		"engine/logs",
		"engine/monitor",
		"engine/ports",
		"engine/process",
		"engine/process/guard",
		"engine/project",
		"engine/project/config",
		"engine/proxy",
		"engine/proxy/telemetry",
	},
	"engine/process":                 {"engine/process/guard", "engine/internal/procfs", "engine/internal/near", "engine/internal/lines", "engine/internal/wake"},
	"engine/process/guard":           {"engine/internal/procfs", "engine/process/guard/vfork"},
	"engine/process/guard/vfork":     {},
	"engine/process/guard/guardtest": {},
	"engine/logs":                    {"engine/logs/match", "cache", "engine/internal/control", "engine/internal/lines", "engine/internal/wake"},
	"engine/logs/match":              {},
	"cache":                          {},
	"engine/events":                  {"engine/internal/wake"},
	"engine/monitor":                 {},
	"engine/detect":                  {"engine/internal/control", "engine/internal/lines"},
	"engine/diagnose":                {"engine/detect", "engine/internal/lines", "engine/internal/wake"},
	"engine/proxy":                   {"engine/proxy/inject", "engine/proxy/telemetry", "engine/internal/wake"},
	"engine/proxy/telemetry":         {},
	"engine/project":                 {"engine/project/config", "engine/project/document", "engine/internal/near", "engine/internal/wake"},
	"engine/project/config":          {"engine/project/document", "engine/internal/near"},
	"engine/project/document":        {},
	"engine/proxy/inject":            {},
	"engine/ports":                   {"engine/internal/procfs"},
	"engine/internal/procfs":         {},
	"engine/internal/control":        {},
	"engine/internal/lines":          {},
	"engine/internal/outfile":        {},
	"engine/internal/near":           {},
	"engine/internal/pace":           {},
	"engine/internal/wake":           {},

	"examples/demo": {"rpc/wire"},
}

// free packages measure the others: they may use any of ours, and start
// goroutines. No package of the product is allowed to use them.
var free = []string{"bench", "bench/gate", "bench/baseline", "bench/cmd/gates", "bench/workload", "bench/cmd/workload", "bench/compare", "bench/cmd/compare", "bench/chart", "bench/machine", "bench/model", "bench/report", "bench/cmd/report"}

// onlyIn says where a package from outside may be used.
var onlyIn = map[string][]string{
	"go.lsp.dev/jsonrpc2":                        {"rpc/editor"},
	"github.com/creachadair/jrpc2":               {"rpc/script"},
	"github.com/dgraph-io/ristretto/v2":          {"cache"},
	"github.com/spf13/cobra":                     {"cmd/brummer-rpc"},
	"github.com/spf13/pflag":                     {"cmd/brummer-rpc"},
	"github.com/modelcontextprotocol/go-sdk/mcp": {"rpc/mcp"},
	"github.com/VictoriaMetrics/metrics": {
		"engine",
		"engine/events",
		"engine/logs",
		"engine/monitor",
		"engine/process",
		"engine/proxy",
		"engine/proxy/telemetry",
	},
	"github.com/rogpeppe/go-internal/txtar":      {},
	"golang.org/x/tools/txtar":                   {"rpc/generate"},
	"github.com/pelletier/go-toml/v2":            {"engine/project/document", "bench/gate", "bench/report"},
	"github.com/tailscale/hujson":                {"engine/project/document"},
	"go.yaml.in/yaml/v3":                         {"engine/project/document"},
	"github.com/google/jsonschema-go":            {"rpc/generate"},
	"github.com/google/go-cmp/cmp":               {},
	"github.com/rogpeppe/go-internal/testscript": {},
	"github.com/go-sourcemap/sourcemap":          {"engine/proxy"},
	"github.com/andybalholm/brotli":              {"engine/proxy/inject"},
	"github.com/klauspost/compress":              {"engine/proxy/inject"},
	"golang.org/x/net/html":                      {},
	"github.com/creack/pty":                      {"engine/process", "bench/compare"},
	"gonum.org/v1/plot":                          {"bench/chart"},
	"golang.org/x/perf":                          {"bench/gate", "engine/monitor"},
}

// pure packages neither do I/O nor ask the clock.
var pure = []string{"rpc/wire", "engine/project/document", "engine/internal/lines", "engine/logs/match", "engine/detect", "engine/diagnose"}

var impure = []string{"os", "os/exec", "net", "net/http", "time", "syscall", "io/fs", "context"}

// mayGo says which packages may start goroutines; each of them waits for its own.
// Those of engine/logs are of one search, and gone before it returns.
var mayGo = []string{
	"cmd/brummer-rpc",
	"engine/events",
	"engine/logs",
	"engine/monitor",
	"engine/process",
	"engine/process/guard",
	"engine/project",
	"engine/proxy",
	"rpc",
	"rpc/editor",
	"rpc/script",
}

// source is one Go file of the module that is not a test.
type source struct {
	dir  string // slash-separated, relative to the root
	name string
	file *ast.File
	fset *token.FileSet
}

func sources(t *testing.T) []source {
	t.Helper()
	root := ".."
	var out []source
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if _, err := os.Stat(filepath.Join(p, "go.mod")); p != root && (err == nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
				return filepath.SkipDir // a module of its own, or no code of ours
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, p, nil, parser.ParseComments)
		rel, _ := filepath.Rel(root, p)
		rel = filepath.ToSlash(rel)
		out = append(out, source{path.Dir(rel), rel, f, fset})
		return err
	})
	if err != nil || len(out) < 30 {
		t.Fatalf("%d files, %v", len(out), err)
	}
	return out
}

func (s source) imports() []string {
	var out []string
	for _, i := range s.file.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		out = append(out, p)
	}
	return out
}

func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		allowed, known := mayImport[s.dir]
		unbound := slices.Contains(free, s.dir)
		if !known && !unbound {
			t.Errorf("%s: the package %s is not in mayImport (docs/layout_test.go)", s.name, s.dir)
		}
		for _, imp := range s.imports() {
			if own, ok := strings.CutPrefix(imp, module); ok && !unbound && !slices.Contains(allowed, own) {
				t.Errorf("%s: %s must not import %s", s.name, s.dir, own)
			}
			if dirs, limited := outside(imp); limited && !slices.Contains(dirs, s.dir) {
				t.Errorf("%s: only %v may import %s", s.name, dirs, imp)
			}
			if slices.Contains(pure, s.dir) && slices.Contains(impure, imp) {
				t.Errorf("%s: %s is pure and must not import %s", s.name, s.dir, imp)
			}
		}
	}
}

// outside finds the rule for a package from outside, or one below it.
func outside(imp string) (dirs []string, limited bool) {
	for p, dirs := range onlyIn {
		if imp == p || strings.HasPrefix(imp, p+"/") {
			return dirs, true
		}
	}
	return nil, false
}

// TestJSONTags: the shapes of the protocol are in rpc/wire and nowhere else;
// engine/project and engine/diagnose read foreign formats with private types, rpc/generate writes
// one, and rpc/socket has a file of its own.
func TestJSONTags(t *testing.T) {
	for _, s := range sources(t) {
		if slices.Contains([]string{"rpc/wire", "rpc/generate", "rpc/socket", "engine/project", "engine/diagnose", "engine/proxy/telemetry"}, s.dir) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if f, ok := n.(*ast.Field); ok && f.Tag != nil && strings.Contains(f.Tag.Value, "json:") {
				t.Errorf("%s: a json tag outside rpc/wire", s.fset.Position(f.Pos()))
			}
			return true
		})
	}
}

// TestGoroutines: a goroutine has an owner that waits for it.
func TestGoroutines(t *testing.T) {
	for _, s := range sources(t) {
		if slices.Contains(mayGo, s.dir) || slices.Contains(free, s.dir) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				t.Errorf("%s: %s must not start goroutines", s.fset.Position(g.Pos()), s.dir)
			}
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Go" {
				t.Errorf("%s: %s must not start goroutines", s.fset.Position(sel.Pos()), s.dir)
			}
			return true
		})
	}
}

// TestPackageComments: each package says in its first sentence what it is for.
func TestPackageComments(t *testing.T) {
	has := map[string]bool{}
	for _, s := range sources(t) {
		ok := s.file.Doc != nil && (strings.HasPrefix(s.file.Doc.Text(), "Package ") || strings.HasPrefix(s.file.Doc.Text(), "Command "))
		has[s.dir] = has[s.dir] || ok
	}
	for dir, ok := range has {
		if !ok {
			t.Errorf("the package %s has no package comment", dir)
		}
	}
}

// TestArchitectureNamesEveryRoom: the map in ARCHITECTURE.md is whole.
func TestArchitectureNamesEveryRoom(t *testing.T) {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range slices.Concat(slices.Collect(maps.Keys(mayImport)), free) {
		if !strings.Contains(string(text), path.Base(dir)+"/") {
			t.Errorf("ARCHITECTURE.md does not name %s/", path.Base(dir))
		}
	}
}
