package diagnose

import (
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// testRun is what is known of the tests that a stream reports.
type testRun struct {
	framework string // "" until something has shown that tests run
	seen      map[string]Test
	over      bool // a summary came: the next case begins a new run

	suites   []suite
	held     []Test // ticks that may be tests: builds print ticks, too
	verdicts []Test // in no runner's own form; see [verdictLine]
	lastTick uint64

	section string // the failed test whose details are being printed; "-" for what is none
	leftOut bool   // of the list of RSpec's pending examples
	detail  bool   // failures are listed once more, with their details

	goRun   string // the test that go test -v is running
	goMark  string // the last mark: run, PASS, FAIL, SKIP
	goHeld  map[string][]Problem
	goFound []Problem // of the package whose name comes at its end

	minitestHead uint64 // the line "1) Error:"; the test's name is in the next
	minitestSkip bool   // it was "Skipped:"

	outline   outline
	gherkin   gherkin
	treeWidth int              // of the last case of a tree
	titles    map[spot]string  // Playwright's, by where they are
	late      map[string]*Test // its failures whose titles are not known yet

	shown string // the test whose output cargo shows
	bun   bunRun
	py    pyNotes
	file  string // that the runner speaks of: jest
	tap   bool
}

// suite is a group of tests, by the width of its line.
type suite struct {
	width    int
	name     string
	file     bool
	children int
}

// Bounds: what is held until it is known to be tests, for how many lines, and what is
// remembered to tell a case that is printed twice.
const (
	maxHeld    = 3000
	maxHeldFor = 5000
	maxSeen    = 20000
)

// known notes that tests of this framework run, and tells the ticks so far.
func (t *testRun) known(r *Reader, framework string) {
	if t.framework == "" || t.framework == "ticks" || framework != "ticks" {
		t.framework = framework
	}
	held := t.held
	if framework == "gotest" {
		held = nil // gotestsum's ticks are packages
	}
	if framework == "ticks" || framework == "gotest" || framework == "gherkin" || framework == "junit" {
		held = append(held, t.verdicts...)
	}
	t.held, t.verdicts = nil, nil
	lists := slices.ContainsFunc(held, func(c Test) bool { return !c.listed }) && (t.dashes() || framework == "ava") // whose dashes are differences from here on
	for _, c := range held {
		if (lists || !c.listed) && r.at-c.At <= maxHeldFor {
			t.emit(r, c)
		}
	}
}

// emit tells of a case, unless it was told and nothing is new.
func (t *testRun) emit(r *Reader, c Test) {
	if t.over {
		t.over, t.seen = false, nil
	}
	if t.seen == nil {
		t.seen = map[string]Test{}
	}
	c.Name, c.Message = clean(c.Name), clean(c.Message)
	if c.Name == "" {
		return
	}
	if c.Framework == "" {
		c.Framework = t.framework
	}
	if c.At == 0 {
		c.At = r.at
	}
	if late := t.late[c.Name]; late != nil {
		*late = merged(*late, c)
		return
	}
	old, told := t.seen[c.Name]
	if told && old.Status == c.Status && !c.Place.says(old.Place) && (c.Message == "" || old.Message != "") {
		return
	}
	if told {
		c = merged(old, c)
	}
	if len(t.seen) < maxSeen {
		t.seen[c.Name] = c
	}
	r.found = append(r.found, Finding{Test: &c})
	if c.Status == Failed && c.At == r.at {
		r.raise(lines.Error)
	}
}

// firstSeen is the first by name of the tests seen so far that want says yes to: what
// is found must not depend on the order of a map.
func (t *testRun) firstSeen(want func(name string, c Test) bool) (first string, ok bool) {
	for name, c := range t.seen {
		if (!ok || name < first) && want(name, c) {
			first, ok = name, true
		}
	}
	return first, ok
}

// emitMore tells more of a case, though the run may be over.
func (t *testRun) emitMore(r *Reader, c Test) {
	over := t.over
	t.over = false
	t.emit(r, c)
	t.over = over
}

// merged is a case of which more is known now.
func merged(old, c Test) Test {
	if !c.Place.says(old.Place) {
		c.Place = old.Place
	}
	if c.Message == "" {
		c.Message = old.Message
	}
	if c.DurationMs == 0 {
		c.DurationMs = old.DurationMs
	}
	c.At = old.At
	return c
}

// summary begins the end of a run, of which more lines may tell; see
// [summaryBlock].
func (t *testRun) summary(r *Reader, s Summary) {
	r.fileFailed()
	s.Framework, s.At = t.framework, r.at
	total := s.Total
	if total == 0 {
		total = s.Passed + s.Failed + s.Skipped
	}
	t.gherkin.tell(r, total)
	t.outline.tell(r, total)
	t.over, t.section = true, ""
	if s.Failed > 0 {
		r.raise(lines.Error)
	}
	r.begin(&summaryBlock{sum: s})
}

// begin opens the details of a failed test.
func (t *testRun) begin(r *Reader, name string) {
	t.section = name
	r.raise(lines.Error)
	r.begin(&detailBlock{})
}

// detailBlock waits for the first line of a failed test's details.
type detailBlock struct{ n int }

func (b *detailBlock) level() lines.Level { return lines.Trace }

func (b *detailBlock) next(r *Reader, l *detect.Line) bool {
	b.n++
	if isBlank(l.Text) && b.n < 6 {
		return true
	}
	if s := trim(r.text); b.n < 6 && r.tests.section != "" && r.tests.section != "-" {
		r.tests.emit(r, Test{Name: r.tests.section, Status: Failed, Message: s})
	}
	return false
}

func (b *detailBlock) close(*Reader) {}

// frame takes a frame of a stack for the test whose details are being printed,
// and reports whether there is one.
func (t *testRun) frame(r *Reader, f Frame) bool {
	if t.section == "" {
		return false
	}
	if f.App = inApp(f.File) && !f.library; f.App && f.Line > 0 && t.section != "-" {
		t.place(r, f.Place)
	}
	return true
}

// place tells where the test of the present section failed: the first place
// counts.
func (t *testRun) place(r *Reader, p Place) { t.placeOf(r, t.section, p) }

func (t *testRun) placeOf(r *Reader, name string, p Place) {
	if late := t.late[name]; late != nil && late.Place.Line == 0 {
		late.Place = p
		return
	}
	if old, ok := t.seen[name]; ok && old.Status == Failed && old.Place.Line == 0 {
		t.emitMore(r, Test{Name: name, Status: Failed, Place: p})
	}
}

// says reports whether p tells more of where something is than old does.
func (p Place) says(old Place) bool {
	return p.File != "" && (old.File == "" || old.Line == 0 && p.Line > 0)
}

// panicked notes where a thread that is named after a test panicked.
func (t *testRun) panicked(r *Reader, name string, p Place) {
	if old, ok := t.seen[name]; ok && old.Status == Failed && old.Place.Line == 0 {
		t.emitMore(r, Test{Name: name, Status: Failed, Place: p})
	}
}

// path is the names of the open suites around width, and name, joined.
func (t *testRun) path(width int, name, sep string) string {
	var parts []string
	for _, s := range t.suites {
		if s.width < width && !s.file {
			parts = append(parts, s.name)
		}
	}
	return strings.Join(append(parts, name), sep)
}

// leave ends the suites that stand as far right as width, or further.
func (t *testRun) leave(width int) {
	for len(t.suites) > 0 && t.suites[len(t.suites)-1].width >= width {
		t.suites = t.suites[:len(t.suites)-1]
	}
}

// enter opens a suite; those that stand as far or further right have ended.
func (t *testRun) enter(width int, name string) {
	t.leave(width)
	if len(t.suites) < 20 {
		t.suites = append(t.suites, suite{width: width, name: name, file: isPath(name)})
	}
}
