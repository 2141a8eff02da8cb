package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

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
	{"↩", Skipped}, // PHPUnit's testdox
	{"∅", Todo},
	{"✎", Todo},
	{"□", Todo},
	{"☢", Passed}, // PHPUnit: it has asserted nothing
	{"⨯", Failed},
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
	if !ok && width >= 2 && t.numbers() { // mocha: "1) name"
		if n, d := number(s); d > 0 && n > 0 && strings.HasPrefix(s[d:], ") ") {
			status, name, ok = Failed, s[d+2:], true
		}
	}
	if !ok || t.detail && t.framework != "node" {
		return false
	}
	if strings.HasPrefix(s, "- ") && (width < 2 || t.section != "" || !t.dashes()) {
		return false
	}
	name, ms := cutDuration(name)
	name = strings.TrimSuffix(name, ":") // mocha's list: "adds: 0ms"
	if t.fileLine(r, name, width) {
		return true
	}
	t.suitesAbove(r, width)
	c := Test{Status: status, DurationMs: ms, At: r.at, listed: s[0] == '-' || isDigit(s[0])}
	c.Name, c.Status = tickName(name, status)
	if t.framework == "node" && t.detail {
		return t.nodeDetail(r, c.Name)
	}
	if n := len(t.suites); n > 0 && t.suites[n-1].width == width && t.suites[n-1].name == c.Name {
		t.suites = t.suites[:n-1] // node closes a suite with its own tick
		return true
	}
	t.leave(width)
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
	if t.framework == dotReporter && c.Status == Failed {
		r.raise(lines.Error)
		r.begin(&dotBlock{c})
		return true
	}
	c.Place.File = t.fileAbove(c.Status)
	t.emit(r, c)
	return true
}

// fileAbove is the file whose cases are being printed, "" if none was named.
func (t *testRun) fileAbove(status Status) string {
	if t.framework == "jest" && status != Failed {
		return t.file
	}
	for _, s := range t.suites {
		if s.file {
			return s.name
		}
	}
	return ""
}

// dotBlock is a failure in the list of node's dots. Suites are in it, too: they
// have no details but how many of theirs have failed.
type dotBlock struct{ c Test }

func (b *dotBlock) level() lines.Level { return lines.Error }

func (b *dotBlock) next(r *Reader, l *detect.Line) bool {
	s := strings.Trim(trim(r.text), "'")
	if strings.HasSuffix(s, " subtest failed") || strings.HasSuffix(s, " subtests failed") {
		b.c.Name = ""
		return true
	}
	return false
}

func (b *dotBlock) close(r *Reader) {
	if b.c.Name != "" {
		r.tests.emit(r, b.c)
		r.tests.begin(r, b.c.Name)
	}
}

// numbers reports whether a number and a bracket may be a test that has failed.
func (t *testRun) numbers() bool {
	return !t.detail && (t.framework == "" || t.framework == "mocha")
}

// dashes reports whether a dash may be a test that was skipped: runners with a
// sign of their own for it print dashes before other things.
func (t *testRun) dashes() bool {
	switch t.framework {
	case "vitest", "jest", "node", "tap", "bun", "ava", "gotest", "ticks":
		return false
	}
	return true
}

func (t *testRun) separator() string {
	if t.framework == "vitest" {
		return " > "
	}
	return " "
}

// fileLine takes "✓ src/a.test.ts (3 tests) 5ms", which is no case.
func (t *testRun) fileLine(r *Reader, name string, width int) bool {
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
	if _, d := number(name); d > 0 && strings.HasPrefix(name[d:], ") ") { // lab numbers its cases
		name = name[d+2:]
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
		switch directive := name[at:]; {
		case strings.HasPrefix(directive, " # SKIP"):
			status = Skipped
		case strings.HasPrefix(directive, " # TODO"):
			status = Todo
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
		if name, ok := suiteName(s, t.framework == "vitest"); ok {
			t.enter(w, name)
		}
	}
}

// suiteName is the name in a suite's line: "Queue", "▶ url", "❯ dedupe (3)",
// "· dedupe (3)". Of a runner that always prints a sign, signed, other lines are
// what the tests print.
func suiteName(s string, signed bool) (string, bool) {
	if strings.HasPrefix(s, "RUNS ") || strings.HasPrefix(s, "stdout | ") || strings.HasPrefix(s, "stderr | ") {
		return "", false
	}
	bare := s
	for _, sign := range []string{"▶ ", "❯ ", "· ", "› "} {
		s = strings.TrimPrefix(s, sign)
	}
	if signed && s == bare {
		return "", false
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
	name = strings.TrimRight(before, " \t([")
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
