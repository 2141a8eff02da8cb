package diagnose

import (
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
	lastTick uint64

	section string // the failed test whose details are being printed; "-" for what is none
	detail  bool   // failures are listed once more, with their details

	goRun   string // the test that go test -v is running
	goMark  string // the last mark: run, PASS, FAIL, SKIP
	goHeld  map[string][]Problem
	goFound []Problem // of the package whose name comes at its end

	pyFile string
	tap    bool
}

// suite is a group of tests, by the width of its line.
type suite struct {
	width    int
	name     string
	file     bool
	children int
}

// Bounds: what is held until it is known to be tests, and what is remembered to
// tell a case that is printed twice.
const (
	maxHeld = 3000
	maxSeen = 20000
)

// testFormats are asked in this order.
var testFormats []func(r *Reader, text, s string, width int) bool

func init() {
	testFormats = []func(r *Reader, text, s string, width int) bool{
		goTestLine, tapLine, cargoTestLine, pytestLine, unittestLine, jestLine, vitestLine, mochaLine, nodeTestLine,
		numberedLine, gradleLine, gtestLine, dotnetLine, swiftLine, bunLine, summaryLine, tickLine,
	}
}

func matchTests(r *Reader, l *detect.Line) bool {
	text := strings.TrimRight(r.text, " ")
	width, s := indent(text)
	if s == "" {
		return false
	}
	for _, m := range testFormats {
		if m(r, text, s, width) {
			return true
		}
	}
	return false
}

// known notes that tests of this framework run, and tells the ticks so far.
func (t *testRun) known(r *Reader, framework string) {
	if t.framework == "" || t.framework == "ticks" || framework != "ticks" {
		t.framework = framework
	}
	held := t.held
	t.held = nil
	for _, c := range held {
		t.emit(r, c)
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
	old, told := t.seen[c.Name]
	if told && old.Status == c.Status && (c.Place.File == "" || old.Place.File != "") && (c.Message == "" || old.Message != "") {
		return
	}
	if told {
		c = merged(old, c)
	}
	if len(t.seen) < maxSeen {
		t.seen[c.Name] = c
	}
	r.found = append(r.found, Finding{Test: &c})
	if c.Status == Failed {
		r.raise(lines.Error)
	}
}

// merged is a case of which more is known now.
func merged(old, c Test) Test {
	if c.Place.File == "" {
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

// summary tells of the end of a run. What no runner says of itself is computed
// from the others.
func (t *testRun) summary(r *Reader, s Summary) {
	s.Framework, s.At = t.framework, r.at
	if s.Total == 0 {
		s.Total = s.Passed + s.Failed + s.Skipped
	}
	s.OK = s.Failed == 0
	t.over, t.section = true, ""
	r.found = append(r.found, Finding{Summary: &s})
	if !s.OK {
		r.raise(lines.Error)
	}
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
func (t *testRun) frame(r *Reader, f Frame, h head) bool {
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
func (t *testRun) place(r *Reader, p Place) {
	if old, ok := t.seen[t.section]; ok && old.Place.File == "" {
		t.emit(r, Test{Name: t.section, Status: Failed, Place: p})
	}
}

// panicked notes where a thread that is named after a test panicked.
func (t *testRun) panicked(name string, p Place) {
	if old, ok := t.seen[name]; ok && old.Status == Failed && old.Place.File == "" {
		old.Place = p
		t.seen[name] = old
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

// enter opens a suite; those that stand as far or further right have ended.
func (t *testRun) enter(width int, name string) {
	for len(t.suites) > 0 && t.suites[len(t.suites)-1].width >= width {
		t.suites = t.suites[:len(t.suites)-1]
	}
	if len(t.suites) < 20 {
		t.suites = append(t.suites, suite{width: width, name: name, file: isPath(name)})
	}
}

// ticks are the signs before a test's name.
var ticks = []struct {
	sign   string
	status Status
}{
	{"✓", Passed},
	{"✔", Passed},
	{"√", Passed},
	{"✅", Passed},
	{"✕", Failed},
	{"✗", Failed},
	{"✘", Failed},
	{"✖", Failed},
	{"×", Failed},
	{"❌", Failed},
	{"○", Skipped},
	{"↓", Skipped},
	{"﹣", Skipped},
	{"◌", Skipped},
	{"✎", Todo},
	{"-", Skipped},
}

func tick(s string) (status Status, name string, ok bool) {
	for _, t := range ticks {
		if rest, ok := strings.CutPrefix(s, t.sign); ok && strings.HasPrefix(rest, " ") {
			return t.status, trim(rest), true
		}
	}
	return 0, "", false
}

// tickLine reads "    ✓ adds (2 ms)" with the suites above it. Whether ticks are
// tests shows before (a banner) or behind (a summary); until then they are held.
func tickLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	status, name, ok := tick(s)
	if !ok && width >= 2 && !t.detail { // mocha: "1) name"
		if n, d := number(s); d > 0 && n > 0 && strings.HasPrefix(s[d:], ") ") {
			status, name, ok = Failed, s[d+2:], true
		}
	}
	if !ok || t.detail && t.framework != "node" {
		return false
	}
	if strings.HasPrefix(s, "- ") && (width < 2 || t.framework == "vitest" || t.section != "") {
		return false
	}
	name, ms := cutDuration(name)
	if t.file(r, name, width) {
		return true
	}
	t.suitesAbove(r, width)
	c := Test{Status: status, DurationMs: ms, At: r.at}
	c.Name, c.Status = tickName(name, status)
	if t.framework == "node" && t.detail {
		return t.nodeDetail(r, c.Name)
	}
	if n := len(t.suites); n > 0 && t.suites[n-1].width == width && t.suites[n-1].name == c.Name {
		t.suites = t.suites[:n-1] // node closes a suite with its own tick
		return true
	}
	for len(t.suites) > 0 && t.suites[len(t.suites)-1].width >= width {
		t.suites = t.suites[:len(t.suites)-1]
	}
	t.lastTick = r.at
	if file, rest, ok := strings.Cut(c.Name, " > "); ok && isPath(file) {
		c.Name = rest
	}
	c.Name = t.path(width, c.Name, t.separator())
	if t.framework == "" {
		if len(t.held) < maxHeld {
			t.held = append(t.held, c)
		}
		return false // it may as well be a build's
	}
	t.emit(r, c)
	return true
}

func (t *testRun) separator() string {
	if t.framework == "vitest" {
		return " > "
	}
	return " "
}

// file takes "✓ src/a.test.ts (3 tests) 5ms", which is no case.
func (t *testRun) file(r *Reader, name string, width int) bool {
	file, rest, _ := strings.Cut(name, " ")
	if !isPath(file) || rest != "" && !strings.HasPrefix(rest, "(") {
		return false
	}
	t.enter(width, file)
	return t.framework != ""
}

// tickName cuts what runners put around a name: ava's "[fail]: ", node's
// "# reason", vitest's "[skipped]", jest's "skipped ".
func tickName(name string, status Status) (string, Status) {
	for _, p := range []struct {
		text   string
		status Status
	}{{"[fail]: ", Failed}, {"[skip] ", Skipped}, {"[todo] ", Todo}, {"[expected fail] ", Passed}} {
		if rest, ok := strings.CutPrefix(name, p.text); ok {
			name, status = rest, p.status
		}
	}
	name = strings.TrimSuffix(name, " [skipped]")
	name = strings.TrimSuffix(name, " Error thrown in test")
	if status == Skipped {
		name = strings.TrimPrefix(name, "skipped ")
	}
	if status == Todo {
		name = strings.TrimPrefix(name, "todo ")
	}
	if at := strings.Index(name, " # "); at > 0 {
		if strings.HasPrefix(name[at:], " # SKIP") {
			status = Skipped
		}
		name = name[:at]
	}
	name, _ = cutDuration(name)
	return name, status
}

// suitesAbove opens the suites whose lines stand between the tick before and
// this one, further left.
func (t *testRun) suitesAbove(r *Reader, width int) {
	for n := keep; n > 0; n-- {
		text, at := r.before.back(n)
		if at <= t.lastTick || at == 0 || r.at-at > 12 {
			continue
		}
		w, s := indent(strings.TrimRight(string(text), " "))
		if w >= width || s == "" || len(s) > 120 {
			continue
		}
		if _, _, isTick := tick(s); isTick {
			continue
		}
		if name, ok := suiteName(s); ok {
			t.enter(w, name)
		}
	}
}

// suiteName is the name in a suite's line: "Queue", "▶ url", "❯ dedupe (3)",
// "· dedupe (3)".
func suiteName(s string) (string, bool) {
	for _, sign := range []string{"▶ ", "❯ ", "· ", "› "} {
		s = strings.TrimPrefix(s, sign)
	}
	s, _ = cutDuration(s)
	if open := strings.LastIndex(s, " ("); open > 0 && strings.HasSuffix(s, ")") {
		if _, d := number(s[open+2:]); d > 0 {
			s = s[:open]
		}
	}
	for _, sign := range []string{">", "$", "at ", "[", "#", "="} { // commands, frames, rulers
		if strings.HasPrefix(s, sign) {
			return "", false
		}
	}
	return s, s != ""
}

// cutDuration cuts " (12ms)", " (1.16ms)", " [0.12ms]", " 5ms" and "(0.00s)" off
// the end of a name.
func cutDuration(s string) (name string, ms float64) {
	t := strings.TrimRight(s, ")] ")
	end := len(t)
	unit := 0.0
	switch {
	case strings.HasSuffix(t, "ms"):
		unit, end = 1, end-2
	case strings.HasSuffix(t, "µs"):
		unit, end = 0.001, end-3
	case strings.HasSuffix(t, "s"):
		unit, end = 1000, end-1
	default:
		return s, 0
	}
	digits := strings.TrimRight(t[:end], " ")
	start := len(digits)
	for start > 0 && (isDigit(digits[start-1]) || digits[start-1] == '.') {
		start--
	}
	if start == len(digits) || start == 0 {
		return s, 0
	}
	before := digits[:start]
	name = strings.TrimRight(before, " ([")
	if name == before { // a number that is part of a word: "utf8s"
		return s, 0
	}
	return name, decimal(digits[start:]) * unit
}

// decimal reads "1.16".
func decimal(s string) float64 {
	whole, fraction, _ := strings.Cut(s, ".")
	n, _ := number(whole)
	f, d := number(fraction)
	value := float64(f)
	for range d {
		value /= 10
	}
	return float64(n) + value
}
