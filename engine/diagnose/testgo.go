package diagnose

import "strings"

// goTestLine reads go test's marks and the places in the output of its tests.
//
//	=== RUN   TestAdd/odd
//	    calc_test.go:26: Add(3, 3) = 7, want 6      with -v: before the verdict
//	--- FAIL: TestAdd (0.00s)
//	    --- FAIL: TestAdd/odd (0.00s)
//	        calc_test.go:26: Add(3, 3) = 7, want 6  without: behind it
//	FAIL	example.com/gosvc/calc	0.014s
func goTestLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	for _, mark := range []string{"=== RUN   ", "=== CONT  ", "=== NAME  ", "=== PAUSE "} {
		if name, ok := strings.CutPrefix(text, mark); ok {
			t.known(r, "gotest")
			t.goRun, t.goMark = trim(name), "run"
			if t.over {
				t.over, t.seen = false, nil
			}
			return true
		}
	}
	if rest, ok := strings.CutPrefix(s, "--- "); ok && t.goVerdict(r, rest) {
		return true
	}
	if width > 0 && t.goPlace(r, s, width) {
		return true
	}
	return t.goPackage(r, text)
}

var goVerdicts = []verdictWord{{"PASS: ", Passed}, {"FAIL: ", Failed}, {"SKIP: ", Skipped}, {"BENCH: ", 0}}

// goVerdict reads "FAIL: TestAdd/odd (0.00s)".
func (t *testRun) goVerdict(r *Reader, s string) bool {
	for _, v := range goVerdicts {
		word, status := v.text, v.status
		rest, ok := strings.CutPrefix(s, word)
		if !ok {
			continue
		}
		name, ms := cutDuration(rest)
		if name == rest && !isGoTest(name) {
			return false
		}
		t.known(r, "gotest")
		t.goRun, t.goMark = name, word[:4]
		if status != 0 {
			c := Test{Name: name, Status: status, DurationMs: ms}
			if held := t.goHeld[name]; status == Failed && len(held) > 0 {
				c.Place, c.Message = held[0].Place, held[0].Message
			}
			t.emit(r, c)
		}
		if status == Failed {
			for _, p := range t.goHeld[name] {
				t.goProblem(r, p)
			}
		}
		delete(t.goHeld, name)
		return true
	}
	return false
}

// goPlace takes a line that a test has logged: it is held until the test has
// failed, told if it has, and forgotten if it has not.
func (t *testRun) goPlace(r *Reader, s string, width int) bool {
	p, n := colonPlace(s)
	if n == 0 || ext(p.File) != "go" || t.goMark == "" || !strings.HasPrefix(s[n:], ": ") || strings.Contains(p.File, "/") {
		return false
	}
	p.Unit = Bytes
	problem := Problem{Place: p, Severity: Error, Message: s[n+2:], Source: "gotest", Test: t.goRun, At: r.at}
	switch t.goMark {
	case "run":
		if t.goHeld == nil {
			t.goHeld = map[string][]Problem{}
		}
		if len(t.goHeld) < 1000 && len(t.goHeld[t.goRun]) < 50 {
			t.goHeld[t.goRun] = append(t.goHeld[t.goRun], problem)
		}
	case "FAIL":
		t.emit(r, Test{Name: t.goRun, Status: Failed, Place: p, Message: problem.Message})
		t.goProblem(r, problem)
	}
	return true
}

func (t *testRun) goProblem(r *Reader, p Problem) {
	p.ref = r.ref()
	if len(t.goFound) < 200 {
		t.goFound = append(t.goFound, p)
	}
	r.problem(p)
}

// goPackage reads the line at the end of a package. Its tests' places are
// relative to its folder, which only now is known.
func (t *testRun) goPackage(r *Reader, text string) bool {
	word, rest, _ := strings.Cut(text, "\t")
	word = trim(word)
	switch {
	case text == "FAIL" || text == "PASS":
		return t.goMark != ""
	case word != "ok" && word != "FAIL" && word != "?":
		return false
	}
	pkg, _, more := strings.Cut(rest, "\t")
	pkg, state, _ := strings.Cut(pkg, " ")
	if pkg == "" || !more && !strings.HasPrefix(state, "[") { // how long it took, or [build failed]
		return false
	}
	r.part("gotest", pkg, word != "FAIL")
	if word == "FAIL" {
		r.raise(Error.level())
	}
	for _, p := range t.goFound {
		p.Dirs = packageDirs(pkg)
		r.problem(p)
		if old, ok := t.seen[p.Test]; ok && old.Place.File == p.File && old.Place.Dirs == nil {
			old.Place.Dirs = p.Dirs
			t.seen[p.Test] = old
			r.found = append(r.found, Finding{Test: &old})
		}
	}
	t.goFound, t.goHeld, t.goMark = nil, nil, ""
	return true
}
