package diagnose

import "strings"

// cppTestLine reads the runners of C and C++ but GoogleTest's, whose form CMocka
// has taken over.
//
//	a.cc(4): error: in "cart/is_wrong": check 1 + 1 == 3 has failed     Boost
//	a.c:4:F:core:is_wrong:0: Assertion '1 + 1 == 3' failed               Check
//	TEST CASE:  is wrong                                                 doctest
//	a.cc:5: ERROR: CHECK( 1 + 1 == 3 ) is NOT correct!
//	a.cc:4: FAILED:                                                      Catch2, below a head
func cppTestLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if name, ok := strings.CutPrefix(s, "TEST CASE:  "); ok {
		t.known(r, "doctest")
		t.section = name
		return true
	}
	for _, sign := range []string{"[   LINE   ] --- ", "[----] "} { // CMocka, Criterion
		if rest, ok := strings.CutPrefix(text, sign); ok {
			p, n := colonPlace(rest)
			return n > 0 && r.bare(p)
		}
	}
	if t.criterion(r, text) {
		return true
	}
	return t.catchHead(r, text) || t.catchFailure(r, text) || t.checkCase(r, text) || t.boostCase(r, text)
}

// criterion: "[FAIL] cart::is_wrong: (0.00s)", below the place in a line of its own.
func (t *testRun) criterion(r *Reader, text string) bool {
	word, rest, _ := strings.Cut(text, "] ")
	status, ok := named(word, verdictWord{"[PASS", Passed}, verdictWord{"[FAIL", Failed}, verdictWord{"[SKIP", Skipped})
	name, took, ok2 := strings.Cut(rest, ": ")
	if !ok || !ok2 || !strings.Contains(name, "::") || strings.Contains(name, " ") {
		return false
	}
	t.known(r, "criterion")
	c := Test{Name: name, Status: status}
	_, c.DurationMs = cutDuration(" " + took)
	if b := r.ctx.bare; status == Failed && b.at > 0 && r.at-b.at <= maxArrow {
		c.Place, r.ctx.bare = b.Place, barePos{}
	}
	t.emit(r, c)
	return true
}

// catchFailure reads the place of a failed assertion of doctest's and Catch2's,
// whose case was named above.
func (t *testRun) catchFailure(r *Reader, text string) bool {
	if t.framework != "doctest" && t.framework != "catch2" || t.section == "" {
		return false
	}
	p, n := colonPlace(text)
	if n == 0 {
		return false
	}
	for _, word := range []string{": ERROR: ", ": FATAL ERROR: ", ": FAILED:"} {
		if message, ok := strings.CutPrefix(text[n:], word); ok {
			t.emit(r, Test{Name: t.section, Status: Failed, Place: p, Message: message})
			return true
		}
	}
	return false
}

// checkCase: file, line, P, F or E, suite, case, iteration, message, all with
// colons between.
func (t *testRun) checkCase(r *Reader, text string) bool {
	p, n := colonPlace(text)
	if n == 0 {
		return false
	}
	parts := strings.SplitN(text[n:], ":", 6)
	if len(parts) != 6 || parts[0] != "" {
		return false
	}
	status, ok := named(parts[1], verdictWord{"P", Passed}, verdictWord{"F", Failed}, verdictWord{"E", Failed})
	if _, d := number(parts[4]); !ok || d == 0 || d != len(parts[4]) {
		return false
	}
	t.known(r, "check")
	c := Test{Name: parts[3], Status: status}
	if status == Failed {
		c.Place, c.Message = p, trim(parts[5])
	}
	t.emit(r, c)
	return true
}

// boostCase reads Boost's failures, and with more of its log its cases.
func (t *testRun) boostCase(r *Reader, text string) bool {
	at := strings.Index(text, "): ")
	if at < 0 {
		return false
	}
	rest := text[at+3:]
	if name, ok := strings.CutPrefix(rest, `Entering test case "`); ok {
		t.known(r, "boost")
		t.section = strings.TrimSuffix(name, `"`)
		return true
	}
	if name, ok := strings.CutPrefix(rest, `Leaving test case "`); ok {
		name, took, _ := strings.Cut(name, `"`)
		if old, told := t.seen[name]; !told || old.Status != Failed {
			us, _ := countAfter(took, "testing time")
			t.emit(r, Test{Name: name, Status: Passed, DurationMs: float64(us) / 1000})
		}
		t.section = ""
		return true
	}
	word, rest, ok := strings.Cut(rest, `error: in "`)
	name, message, ok2 := strings.Cut(rest, `": `)
	if !ok || !ok2 || word != "" && word != "fatal " {
		return false
	}
	t.known(r, "boost")
	p, _ := parenPlace(text)
	t.emit(r, Test{Name: name, Status: Failed, Place: p, Message: message})
	return true
}

// catchHead reads the last line of the head that Catch2 puts before the failures
// of a case: the case's name, and its sections', stand above between rulers.
//
//	-------------------------------------------------------------------------------
//	is wrong
//	  inner
//	-------------------------------------------------------------------------------
//	a.cc:4
func (t *testRun) catchHead(r *Reader, text string) bool {
	p, n := colonPlace(text)
	if n == 0 || n != len(text) || p.Col > 0 || !r.before.ruler(1) {
		return false
	}
	name := ""
	for n := 2; n <= keep; n++ {
		if r.before.ruler(n) {
			if name == "" {
				return false
			}
			t.known(r, "catch2")
			t.section = name
			return true
		}
		line, _ := r.before.back(n)
		name = trim(string(line))
	}
	return false
}

// ruler reports whether the line that came n before is of dashes.
func (b *recent) ruler(n int) bool {
	line, _ := b.back(n)
	return len(line) > 60 && strings.Trim(string(line), "-") == ""
}
