package diagnose

import (
	"maps"
	"slices"
	"strings"
)

// playwrightLine reads Playwright's reporters list, line, dot and github: what
// they have in common is a place, the suites and the title, and for each failure
// a numbered ruler above its details.
//
//	Running 3 tests using 1 worker
//	  ✓  1 [chromium] › a.spec.ts:3:5 › cart › adds (1.2s)
//	[2/3] [chromium] › a.spec.ts:4:3 › cart › is wrong
//	  1) [chromium] › a.spec.ts:4:3 › cart › is wrong ─────────
//	  2 failed
func playwrightLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if rest, ok := strings.CutPrefix(s, "Running "); ok && strings.Contains(rest, " using ") && strings.Contains(rest, " worker") {
		t.known(r, "playwright")
		t.over, t.suites, t.section = true, nil, ""
		return true
	}
	if status, rest, ok := tick(s); ok {
		return t.playwrightResult(r, status, rest)
	}
	if t.framework != "playwright" {
		return false
	}
	if in, rest, ok := strings.Cut(s, "] "); ok && s[0] == '[' && strings.Contains(in, "/") { // which one runs now
		p, title, ok := playwrightTitle(rest)
		if ok {
			t.announced(p, title)
		}
		return ok
	}
	n, d := number(s)
	if rest, ok := strings.CutPrefix(s[d:], ") "); ok && d > 0 {
		return t.playwrightFailure(r, rest)
	}
	if p, title, ok := playwrightTitle(s[d:]); ok && d > 0 { // what is running
		t.announced(p, title)
		return true
	}
	switch {
	case d == 0:
	case strings.HasPrefix(s[d:], " failed"):
		t.summary(r, Summary{Failed: n})
		t.over = false
		return true
	case strings.HasPrefix(s[d:], " passed ("):
		t.section = ""
		t.summary(r, Summary{Passed: n})
		return true
	case s[d:] == " skipped", s[d:] == " flaky", s[d:] == " did not run":
		return true
	}
	return false
}

func (t *testRun) playwrightResult(r *Reader, status Status, s string) bool {
	_, d := number(s)
	p, title, ok := playwrightTitle(trim(s[d:]))
	if !ok || d == 0 {
		return false
	}
	name, ms := cutDuration(title)
	t.known(r, "playwright")
	t.announced(p, name)
	c := Test{Name: name, Status: status, DurationMs: ms, Place: p}
	if status == Failed {
		c.Place = Place{} // that is where it begins; where it failed comes below
	}
	t.emit(r, c)
	return true
}

// playwrightFailure opens the details of a failure. Its place is a frame's below:
// what stands here is where the test begins.
func (t *testRun) playwrightFailure(r *Reader, s string) bool {
	p, title, ok := playwrightTitle(trim(strings.TrimRight(s, "─ ")))
	if !ok {
		return false
	}
	_, known := t.titles[p.spot()]
	name, _ := cutDuration(t.announced(p, title))
	if c := (Test{Name: name, Status: Failed, At: r.at, Framework: t.framework}); known {
		t.emit(r, c)
	} else if len(t.late) < maxHeld { // a step may stand behind the title: the list at the end has none
		if t.late == nil {
			t.late = map[string]*Test{}
		}
		t.late[name] = &c
		r.raise(Error.level())
	}
	t.begin(r, name)
	return true
}

// flaky takes a title in the lists behind the counts: of those that are flaky the
// last try has passed.
func (t *testRun) flaky(r *Reader, s string, sum Summary) {
	p, title, ok := playwrightTitle(trim(strings.TrimRight(s, "─ ")))
	if ok {
		t.named(r, p, title)
	}
	if prev, _ := r.before.back(1); ok && strings.HasSuffix(string(prev), " flaky") {
		t.emitMore(r, Test{Name: title, Status: Passed})
	}
}

// named tells of a failure whose title is known now.
func (t *testRun) named(r *Reader, p Place, title string) {
	long := t.titles[p.spot()]
	if c := t.late[long]; c != nil && strings.HasPrefix(long, title) {
		delete(t.late, long)
		c.Name = title
		t.emitMore(r, *c)
	}
}

// lateTold tells of the failures whose titles the run has not named again.
func (t *testRun) lateTold(r *Reader) {
	late := t.late
	t.late = nil
	for _, name := range slices.Sorted(maps.Keys(late)) {
		t.emitMore(r, *late[name])
	}
}

// announced is the name of the test at p, as it was printed before; what a title
// has more is the step that failed.
func (t *testRun) announced(p Place, title string) string {
	known, ok := t.titles[p.spot()]
	if ok && strings.HasPrefix(title, known) {
		return known
	}
	if t.titles == nil {
		t.titles = map[spot]string{}
	}
	if len(t.titles) < maxSeen {
		t.titles[p.spot()] = title
	}
	return title
}

// spot is where a test begins.
type spot struct {
	file      string
	line, col int
}

func (p Place) spot() spot { return spot{p.File, p.Line, p.Col} }

// playwrightTitle reads "[project] › file:3:5 › suite › title".
func playwrightTitle(s string) (p Place, title string, ok bool) {
	parts := strings.Split(s, " › ")
	for i, part := range parts[:len(parts)-1] {
		if p, n := colonPlace(part); n == len(part) && n > 0 {
			p.Unit = UTF16
			title, _, _ = strings.Cut(strings.Join(parts[i+1:], " › "), " (retry #")
			return p, title, true
		}
	}
	return p, "", false
}
