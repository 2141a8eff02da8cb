package diagnose

import "strings"

// verdictLine reads lines that give a verdict on a name, in whatever form. That
// they are of tests shows when a runner counts them; until then they are held, as
// builds and services give verdicts, too.
//
//	PASS: adds.sh            [OK] adds               adds:     OK
//	FAIL: a_test.go:17: X    [FAILED] is wrong       is wrong FAILED [1]
//	++++ cart-1.1 PASSED     │  ├─ is wrong ✘ expected: <4> but was: <3>
func verdictLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if t.framework != "" && t.framework != "ticks" || len(s) > maxVerdict {
		return false
	}
	if name, ok := strings.CutPrefix(s, "[Suite] "); ok { // Nim's counts nothing
		t.known(r, "ticks")
		t.enter(width, name)
		return true
	}
	tree := false
	if rest := strings.TrimLeft(text, treeRunes); rest != s && rest != "" && len(rest) < len(text) && !isLetter(text[0]) {
		if cut := len([]rune(text)) - len([]rune(rest)); strings.ContainsAny(text[:len(text)-len(rest)], "├└") {
			tree, s, width = true, rest, cut
		}
	}
	c, ok := verdictOf(s, tree)
	if !ok {
		return false
	}
	c.At = r.at
	if !tree {
		t.suitesAbove(r, width)
		t.leave(width)
		c.Name = t.path(width, c.Name, " ")
	} else if !t.branch(&c, width) {
		return false
	}
	if t.lastTick = r.at; c.Status == Failed {
		r.raise(Error.level())
	}
	if t.framework == "" || t.over {
		if len(t.verdicts) < maxHeld {
			t.verdicts = append(t.verdicts, c)
		}
		return false // it may as well be something else
	}
	t.emit(r, c)
	return true
}

// maxVerdict is how long a line with a verdict can be.
const maxVerdict = 300

const treeRunes = " │├└─╷╵┌┐┬╰╭"

// branch places a case of a tree. What stands above it and further left is no
// case but its suite; what stands furthest left is never a case.
func (t *testRun) branch(c *Test, width int) bool {
	if n := len(t.verdicts); n > 0 && t.treeWidth > 0 && t.treeWidth < width && t.verdicts[n-1].At == t.lastTick {
		t.verdicts = t.verdicts[:n-1]
	}
	name := c.Name
	t.leave(width)
	top := len(t.suites) == 0
	c.Name = t.path(width, c.Name, " ")
	t.enter(width, name)
	t.treeWidth = width
	if top {
		t.lastTick = c.At
	}
	return !top
}

// verdictWords are the words of verdicts. Those that services use as well count in
// front only before one word, which may be a test's name.
var verdictWords = map[string]Status{
	"PASS": Passed, "PASSED": Passed, "OK": Passed, "XFAIL": Passed, "ok": Passed, "Ok": Passed,
	"FAIL": Failed, "FAILED": Failed, "ERROR": Failed, "XPASS": Failed, "PANIC": Failed, "TIMEOUT": Failed, "FAILURE": Failed,
	"SKIP": Skipped, "SKIPPED": Skipped, "IGNORED": Skipped, "PENDING": Skipped, "UNTESTED": Skipped, "UNSUPPORTED": Skipped, "DISABLED": Skipped,
	"✔": Passed, "✓": Passed, "✘": Failed, "✗": Failed, "↷": Skipped,
}

func verdictOf(s string, tree bool) (c Test, ok bool) {
	if !tree {
		if c, ok = verdictBefore(s); ok {
			return c, true
		}
	}
	s, c.DurationMs = cutDuration(s)
	s = strings.TrimRight(s, " ")
	if tree {
		return c.sign(s)
	}
	return c.verdictBehind(s)
}

// verdictBefore reads "PASS: name", "[OK] name", "[  OK  ] name".
func verdictBefore(s string) (c Test, ok bool) {
	var word, rest string
	if s[0] == '[' {
		word, rest, ok = strings.Cut(s[1:], "] ")
		word = trim(word)
	} else if word, rest, ok = strings.Cut(s, ": "); word == "OK" || word == "ok" {
		return c, false
	}
	status := verdictWords[word]
	rest = trim(rest)
	if !ok || status == 0 || rest == "" {
		return c, false
	}
	common := word == "ERROR" || word == "FAILED" || word == "PANIC" || word == "TIMEOUT" || word == "OK" || word == "ok" || word == "FAILURE"
	if p, n := colonPlace(rest); n > 0 && strings.HasPrefix(rest[n:], ": ") {
		rest, common = trim(rest[n+2:]), false
		if status == Failed {
			c.Place = p
		}
	}
	if common && s[0] != '[' && strings.Contains(rest, " ") {
		return c, false
	}
	c.Status = status
	if c.Name, c.DurationMs = cutDuration(rest); status == Skipped {
		c.Name, _, _ = strings.Cut(c.Name, " (")
	}
	return c, true
}

// verdictBehind reads "name: OK", "name FAILED [1]", "name (FAILED - 1)", "name
// PASSED", "name SKIPPED: reason", with the rulers that some put before.
func (c Test) verdictBehind(s string) (Test, bool) {
	if s == "" { // there was nothing but how long it took
		return c, false
	}
	if ruler := strings.TrimLeft(s, s[:1]); strings.IndexByte("+=-*", s[0]) >= 0 && len(s)-len(ruler) >= 3 {
		s = tclName(trim(ruler))
	}
	if open := strings.LastIndexAny(s, "[("); open > 0 && s[open-1] == ' ' && (s[len(s)-1] == ']' || s[len(s)-1] == ')') {
		inner := s[open+1 : len(s)-1]
		if _, d := number(inner); d > 0 && d == len(inner) {
			s = trim(s[:open])
		} else if word, _, _ := strings.Cut(strings.ReplaceAll(inner, ":", " "), " "); verdictWords[word] != 0 && s[open] == '(' {
			c.Name, c.Status = trim(s[:open]), verdictWords[word]
			return c, c.Name != ""
		}
	}
	at := strings.LastIndexByte(s, ' ')
	if reason := strings.Index(s, " SKIPPED: "); reason > 0 {
		s, at = s[:reason+len(" SKIPPED")], reason
	}
	if at <= 0 {
		return c, false
	}
	c.Status = verdictWords[s[at+1:]]
	c.Name = strings.TrimRight(s[:at], " :.-|")
	return c, c.Status != 0 && c.Name != "" && !strings.ContainsAny(c.Name[:1], "[({<#*=\"'") && !strings.Contains(c.Name, ": ")
}

// tclName cuts what tcltest puts behind a test's name if it has failed:
// "cart-1.2 is wrong FAILED".
func tclName(s string) string {
	name, _, ok := strings.Cut(s, " ")
	_, n, ok2 := strings.Cut(name, "-")
	if _, d := number(n); ok && ok2 && d > 0 && strings.HasSuffix(s, " FAILED") {
		return name + " FAILED"
	}
	return s
}

// sign reads "name ✔" and "name ✘ message" of a tree.
func (c Test) sign(s string) (Test, bool) {
	for _, sign := range []string{"✔", "✓", "✘", "✗", "↷"} {
		at := strings.Index(s, " "+sign)
		if rest := at + 1 + len(sign); at > 0 && (rest == len(s) || s[rest] == ' ') {
			c.Name, c.Status = s[:at], verdictWords[sign]
			if c.Status == Failed {
				c.Message = trim(s[rest:])
			}
			return c, true
		}
	}
	return c, false
}

// placeBelow takes a place that stands alone below the name of a failure, as AVA has
// it.
func (t *testRun) placeBelow(r *Reader, p Place) bool {
	above, _ := r.before.back(1)
	name := trim(string(above))
	for i := range t.held {
		if c := &t.held[i]; c.Name == name && c.Status == Failed && c.Place.File == "" {
			c.Place = p
			return true
		}
	}
	return false
}

// heldPlace takes a line that is nothing but a place, below a failure that is held.
//
//	✘ Is wrong
//	  ├ Failed asserting that 3 is identical to 4.
//	  ╵ /p/tests/CartTest.php:6
func heldPlace(r *Reader, text, s string, width int) bool {
	n := len(r.tests.held)
	if n == 0 {
		return false
	}
	if p, d := colonPlace(s); d > 0 && d == len(s) && inApp(p.File) && width > 0 {
		return r.tests.placeBelow(r, p)
	}
	c := &r.tests.held[n-1]
	if c.Status != Failed || c.Place.File != "" || r.at-c.At > maxArrow {
		return false
	}
	where := strings.TrimLeft(s, treeRunes)
	if where == s {
		return false
	}
	if p, n := colonPlace(where); n > 0 && n == len(where) && inApp(p.File) {
		c.Place = p
		return true
	}
	if c.Message == "" {
		c.Message = where
	}
	return false
}

// named is the status of a word, if it is one of words.
func named(word string, words ...verdictWord) (Status, bool) {
	for _, w := range words {
		if w.text == word {
			return w.status, true
		}
	}
	return 0, false
}

// verdictWord is a word that a runner puts before or behind a test's name.
type verdictWord struct {
	text   string
	status Status
}
