package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// tapLine reads the Test Anything Protocol, versions 12 to 14, with subtests.
func tapLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	switch {
	case strings.HasPrefix(s, "TAP version "):
		t.known(r, "tap")
		t.tap, t.over, t.suites = true, true, nil
		return true
	case strings.HasPrefix(s, "1..") && width == 0:
		_, d := number(s[3:])
		t.tap = t.tap || d > 0 && len(s) == 3+d
		return t.tap
	case !t.tap && !strings.HasPrefix(s, "ok ") && !strings.HasPrefix(s, "not ok ") && !strings.HasPrefix(s, "#   "):
		return false
	}
	if name, ok := strings.CutPrefix(s, "# Subtest: "); ok {
		t.enter(width, name)
		return true
	}
	if s == "}" && len(t.suites) > 0 {
		t.enter(width, "")
		t.suites = t.suites[:len(t.suites)-1]
		return true
	}
	if t.perlFailure(r, s) {
		return true
	}
	c, n, ok := tapResult(s)
	switch {
	case !ok:
		return t.tapCount(r, s)
	case !t.tap && (n != 1 || c.Name == ""): // "ok 3 files copied" counts something else
		return false
	case !t.tap:
		t.tap = true
		t.known(r, "tap")
	}
	if name, opens := strings.CutSuffix(c.Name, " {"); opens { // a suite whose cases come behind it, in braces
		name, _ = tapDirective(name, c.Status)
		t.enter(width, name)
		return true
	}
	c.At, c.Framework = r.at, "tap"
	return t.tapCase(r, c, width)
}

// tapResult reads "ok 1 - name" and "not ok name": n is its number, 0 without one.
func tapResult(s string) (c Test, n int, ok bool) {
	c.Status = Passed
	rest, ok := strings.CutPrefix(s, "ok ")
	if !ok {
		c.Status = Failed
		rest, ok = strings.CutPrefix(s, "not ok ")
	}
	rest = strings.TrimLeft(rest, " ")
	n, d := number(rest)
	if d > 0 && len(rest) > d && rest[d] != ' ' && rest[d] != '\t' {
		return c, 0, false
	}
	c.Name = strings.TrimPrefix(trim(rest[d:]), "- ")
	return c, n, ok
}

// tapCase opens the block of a case, whose name is whole.
func (t *testRun) tapCase(r *Reader, c Test, width int) bool {
	if _, took, ok := strings.Cut(c.Name, " # time="); ok { // node-tap, vitest
		_, c.DurationMs = cutDuration(" " + took)
	}
	c.Name, c.Status = tapDirective(c.Name, c.Status)
	b := &tapBlock{width: width}
	if c.Status == Failed && isPath(c.Name) && !strings.Contains(c.Name, " ") {
		b.lint.file = c.Name
	}
	if p, n := colonPlace(c.Name); n > 0 && p.Col > 0 && strings.HasPrefix(c.Name[n:], ": ") && c.Status == Failed { // luacheck
		b.lint.said(r, c.Name)
		b.lint.tell(r)
		return true
	}
	b.suite = t.tapLeave(width, c.Name)
	c.Name = t.path(width, c.Name, " ")
	b.c = c
	r.begin(b)
	return true
}

// tapDirective cuts "# SKIP reason" and "# TODO" off a name: neither is a
// failure, whatever the line says. "# time=3ms" is none.
func tapDirective(name string, status Status) (string, Status) {
	at := strings.LastIndex(name, " # ")
	if strings.HasPrefix(name, "# ") {
		at = 0
	}
	if at < 0 {
		return name, status
	}
	directive := strings.ToUpper(strings.TrimLeft(name[at:], "# "))
	switch {
	case strings.HasPrefix(directive, "SKIP"):
		status = Skipped
	case strings.HasPrefix(directive, "TODO"):
		status = Todo
	}
	return name[:at], status
}

// tapLeave ends the subtest whose own line this is, and reports whether it was a
// suite: whether it had subtests.
func (t *testRun) tapLeave(width int, name string) bool {
	for i := range t.suites {
		if s := t.suites[i]; s.width == width && s.name == name {
			t.suites = t.suites[:i]
			if i > 0 {
				t.suites[i-1].children++
			}
			return s.children > 0
		}
	}
	if n := len(t.suites); n > 0 && t.suites[n-1].width < width {
		t.suites[n-1].children++
	}
	return false
}

// perlFailure reads what Perl's Test::More says of a failure, on stderr: prove
// shows nothing else.
//
//	#   Failed test 'is wrong'
//	#   at t/a.t line 1.
func (t *testRun) perlFailure(r *Reader, s string) bool {
	if name, ok := strings.CutPrefix(s, "#   Failed test '"); ok && strings.HasSuffix(name, "'") {
		t.known(r, "tap")
		t.section = strings.TrimSuffix(name, "'")
		t.emit(r, Test{Name: t.section, Status: Failed})
		return true
	}
	where, ok := strings.CutPrefix(s, "#   at ")
	file, line, ok2 := strings.Cut(where, " line ")
	n, d := number(line)
	if !ok || !ok2 || d == 0 || t.section == "" {
		return false
	}
	t.place(r, Place{File: file, Line: n})
	t.section = ""
	return true
}

// tapCount reads "# fail 2" at the end.
func (t *testRun) tapCount(r *Reader, s string) bool {
	rest, ok := strings.CutPrefix(s, "# ")
	key, value, _ := strings.Cut(rest, " ")
	n, d := number(trim(value))
	if !ok || d == 0 || d != len(trim(value)) {
		return false
	}
	switch key {
	case "pass":
		t.summary(r, Summary{Passed: n})
		t.over = false
	case "fail":
		t.summary(r, Summary{Failed: n})
		t.over = false
	}
	return true
}

// tapBlock is a case with its YAML block, or with the indented text that mocha
// prints instead.
type tapBlock struct {
	c     Test
	width int
	suite bool
	yaml  bool
	plain bool
	text  string // the key whose text goes on in the next lines
	n     int
	lint  tapLint
}

func (b *tapBlock) level() lines.Level {
	if b.c.Status == Failed {
		return lines.Error
	}
	return lines.Trace
}

func (b *tapBlock) next(r *Reader, l *detect.Line) bool {
	b.n++
	width, s := indent(strings.TrimRight(r.text, " "))
	if comment, ok := strings.CutPrefix(s, "# "); ok && b.lint.file != "" && !b.yaml {
		b.lint.said(r, comment)
		return b.n < maxBlock
	}
	if !b.yaml {
		if b.plain || b.n > 1 || s != "---" || width <= b.width && b.lint.file == "" {
			return b.prose(s, width)
		}
		b.yaml = true
		return true
	}
	if (s == "..." || s == "---" && b.lint.file != "") && width <= b.width+4 || b.n > maxBlock {
		r.open = nil
		b.close(r)
		return true
	}
	if b.lint.file != "" {
		b.lint.key(r, s)
	}
	b.key(s, width)
	return true
}

// prose takes the text of a failure that is no YAML: its first line is the
// message, its first frame of the workspace the place.
func (b *tapBlock) prose(s string, width int) bool {
	if b.c.Status != Failed || isTAP(s) || s == "}" && width <= b.width || b.n > maxBlock || s != "" && width <= b.width && (!b.plain || b.n > maxProse) {
		return false
	}
	b.plain = true
	if b.c.Message == "" {
		b.c.Message = s
	}
	if f, _, ok := atFrame("  " + s); ok && inApp(f.File) && f.Line > 0 && b.c.Place.File == "" {
		b.c.Place = f.Place
	}
	return true
}

// maxProse is how many lines of such a text may stand at the margin: a diff of
// what was expected does.
const maxProse = 40

func isTAP(s string) bool {
	return strings.HasPrefix(s, "ok ") || strings.HasPrefix(s, "not ok ") || strings.HasPrefix(s, "# ") || strings.HasPrefix(s, "1..")
}

// key reads what is worth knowing: the place, the message, whether it is a suite.
func (b *tapBlock) key(s string, width int) {
	key, value, ok := strings.Cut(s, ":")
	if ok && width <= b.width+4 && !strings.ContainsAny(key, " ()") {
		b.text = key
		value = strings.Trim(trim(value), `'"`)
		switch key {
		case "type":
			b.suite = b.suite || value == "suite"
		case "error", "message":
			if !strings.HasPrefix(value, "|") && !strings.HasPrefix(value, ">") {
				b.c.Message = value
			}
		case "location", "at":
			b.place(value)
		case "duration_ms":
			b.c.DurationMs = decimal(value)
		}
		if key == "error" && value == "" {
			b.text = ""
		}
		return
	}
	switch b.text {
	case "error", "message":
		if b.c.Message == "" {
			b.c.Message = s
		}
	case "stack":
		if f, _, ok := atFrame(" at " + s); ok && inApp(f.File) && f.Line > 0 {
			b.c.Place, b.text = f.Place, ""
		}
	}
}

func (b *tapBlock) place(s string) {
	if open := strings.LastIndexByte(s, '('); open >= 0 {
		s = strings.TrimSuffix(s[open+1:], ")")
	}
	if p := jsPlace(s); p.Line > 0 && b.c.Place.File == "" {
		b.c.Place = p
	}
}

func (b *tapBlock) close(r *Reader) {
	if b.suite || b.lint.tell(r) {
		return
	}
	if b.c.Status != Failed {
		b.c.Place, b.c.Message = Place{}, ""
	}
	r.tests.emit(r, b.c)
}
