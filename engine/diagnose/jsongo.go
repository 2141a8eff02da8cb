package diagnose

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// goEvent takes a line of go test -json or go build -json. Other programs have an
// "Action", too: go's are few, and speak of something.
func (r *Reader) goEvent() bool {
	var e struct {
		Action, Package, Test, Output string
		ImportPath                    string
		Elapsed                       float64
	}
	if json.Unmarshal([]byte(r.text), &e) != nil || e.Package+e.ImportPath+e.Test+e.Output == "" {
		return false
	}
	if e.Package == "" {
		e.Package, _, _ = strings.Cut(e.ImportPath, " ")
	}
	t := &r.tests
	switch e.Action {
	case "run", "pause", "cont", "bench", "attr", "artifacts":
	case "start":
		t.over, t.seen = false, nil
	case "output", "build-output":
		if !strings.HasPrefix(e.Output, "--- ") && !strings.HasPrefix(e.Output, "=== ") {
			r.inner(e.Package, e.Output, e.Test)
		}
	case "build-fail":
		r.finishInner(e.Package)
	case "pass", "fail", "skip":
		r.goResult(e.Action, e.Package, e.Test, e.Elapsed)
	default:
		return false
	}
	t.known(r, "gotest")
	return true
}

func (r *Reader) goResult(action, pkg, test string, elapsed float64) {
	status := map[string]Status{"pass": Passed, "fail": Failed, "skip": Skipped}[action]
	if test == "" {
		r.finishInner(pkg)
		r.part("gotest", pkg, action != "fail")
		return
	}
	c := Test{Name: test, Status: status, DurationMs: elapsed * 1000}
	if in := r.nested[pkg]; in != nil && status == Failed {
		for _, p := range in.tests.goHeld[test] {
			p.Dirs, p.At = packageDirs(pkg), r.at
			if c.Place.File == "" {
				c.Place, c.Message = p.Place, p.Message
			}
			r.problem(p)
		}
		delete(in.tests.goHeld, test)
	}
	r.tests.emit(r, c)
}

// maxNested bounds the readers of text inside other lines: packages that are
// tested at the same time.
const maxNested = 64

// inner reads text that was printed inside another line, with a Reader of its
// own per key; what it finds is this line's.
func (r *Reader) inner(key, text, test string) {
	in := r.nested[key]
	if in == nil {
		if r.nested == nil || len(r.nested) >= maxNested {
			r.finishInners()
			r.nested = map[string]*Reader{}
		}
		in = &Reader{}
		r.nested[key] = in
	}
	if test != "" {
		in.tests.goRun, in.tests.goMark = test, "run"
	}
	var s detect.Scanner
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		r.raise(in.Line(s.Scan([]byte(line)), r.at))
	}
	r.adopt(in)
}

// finishInner takes what is under way in the text of key, and forgets it.
func (r *Reader) finishInner(key string) {
	if in := r.nested[key]; in != nil {
		in.Flush()
		r.adopt(in)
		delete(r.nested, key)
	}
}

func (r *Reader) finishInners() {
	for _, key := range slices.Sorted(maps.Keys(r.nested)) {
		r.finishInner(key)
	}
}

// adopt takes over what an inner reader has found, but for its tests and
// builds: the line around tells those better.
func (r *Reader) adopt(in *Reader) {
	for _, f := range in.Take() {
		switch {
		case f.Problem != nil:
			f.Problem.ref = r.ref()
			r.found = append(r.found, f)
		case f.Stack != nil && f.Stack.Final:
			f.Stack.ref = r.ref()
			r.found = append(r.found, f)
		}
	}
}
