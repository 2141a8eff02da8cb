package engine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
)

// TestFileLocationSearch: a tool that prints names alone, and a matcher that has
// them searched, as VS Code does.
func TestFileLocationSearch(t *testing.T) {
	e := testEngine(t, Options{})
	for _, f := range []string{"src/deep/er/cart.x", "src/gen/only.x", "src/node_modules/lib.x", "other/far.x", "src/a/twice.x", "src/a/b/twice.x"} {
		path := filepath.Join(e.Root, filepath.FromSlash(f))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	matcher := `[{"owner":"x","fileLocation":["search",{"include":["${workspaceFolder}/src"],"exclude":["${workspaceFolder}/src/gen"]}],
		"pattern":{"regexp":"^BAD (\\S+) (\\d+) (.*)$","file":1,"line":2,"message":3}}]`
	e.useMatchers([]project.MatcherFile{{Name: "matchers.json", Data: []byte(matcher)}}, nil)
	out := feeder{cutter: lines.Cutter{Max: 1 << 16}, write: e.output("web", lines.Stdout), run: 1}
	for name, want := range map[string]string{
		"cart.x": "src/deep/er/cart.x", "er/cart.x": "src/deep/er/cart.x", "twice.x": "src/a/twice.x",
		"only.x": "", "lib.x": "", "far.x": "", "art.x": "",
	} {
		out.feed([]byte("BAD " + name + " 3 too long\n"))
		spot := e.Spot(placeOf(t, e, name), diagnose.Origin{})
		if want == "" && spot.Found || want != "" && spot.Path != filepath.Join(e.Root, filepath.FromSlash(want)) {
			t.Errorf("%s: %+v, want %q", name, spot, want)
		}
	}
	if err := os.Rename(filepath.Join(e.Root, "src/deep"), filepath.Join(e.Root, "src/moved")); err != nil {
		t.Fatal(err)
	}
	if spot := e.Spot(placeOf(t, e, "cart.x"), diagnose.Origin{}); spot.Path != filepath.Join(e.Root, "src/moved/er/cart.x") {
		t.Errorf("after it was moved: %+v", spot)
	}
}

// placeOf is the place of the problem in a file.
func placeOf(t *testing.T, e *Engine, file string) diagnose.Place {
	t.Helper()
	for _, p := range e.Problems.List().Entries {
		if p.File == file {
			return p.Place
		}
	}
	t.Fatalf("no problem in %s", file)
	return diagnose.Place{}
}
