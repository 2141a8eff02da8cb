package diagnose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// TestDirectory: a place is looked for where make was when it was printed.
func TestDirectory(t *testing.T) {
	var scanner detect.Scanner
	s := NewStream(nil)
	got := map[string][]string{}
	for i, line := range strings.Split(`a.c:1:1: error: top
make[1]: Entering directory '/p/sub'
b.c:1:1: error: in sub
make[2]: Entering directory '/p/sub/deep'
c.c:1:1: error: in deep
make[2]: Leaving directory '/p/sub/deep'
d.c:1:1: error: in sub again
make[1]: Leaving directory '/p/sub'
e.c:1:1: error: top again`, "\n") {
		s.Line(scanner.Scan([]byte(line)), uint64(i+1))
	}
	s.Flush()
	s.Take(func(_ string, f Finding) {
		if f.Problem != nil {
			got[f.Problem.File] = Candidates(f.Problem.Place, "/p", "/p")
		}
	})
	want := map[string][]string{
		"a.c": {"/p/a.c"},
		"b.c": {"/p/sub/b.c", "/p/b.c"},
		"c.c": {"/p/sub/deep/c.c", "/p/sub/c.c", "/p/c.c"},
		"d.c": {"/p/sub/d.c", "/p/d.c"},
		"e.c": {"/p/e.c"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
