package diagnose

import "strings"

// bunRun is what bun has told since its last verdict.
type bunRun struct {
	at Place // where the error is that stands above a failed test
}

// bunSigns are the verdicts of a pipe, and those of a terminal.
var bunSigns = []verdictWord{
	{"(pass) ", Passed},
	{"(fail) ", Failed},
	{"(skip) ", Skipped},
	{"(todo) ", Todo},
	{"✓ ", Passed},
	{"✗ ", Failed},
	{"» ", Skipped},
	{"✎ ", Todo},
}

// bunLine reads bun's runner. What went wrong stands above the verdict:
//
//	error: expect(received).toBe(expected)
//	      at <anonymous> (/p/math.test.ts:4:39)
//	(fail) math > divides [0.22ms]
//	Ran 6 tests across 2 files. [55.00ms]
func bunLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if strings.HasPrefix(text, "bun test v") {
		t.known(r, "bun")
		return true
	}
	for _, v := range bunSigns {
		if rest, ok := strings.CutPrefix(s, v.text); ok && width == 0 && (v.text[0] == '(' || t.framework == "bun") {
			name, ms := cutDuration(rest)
			t.known(r, "bun")
			c := Test{Name: name, Status: v.status, DurationMs: ms}
			if v.status == Failed {
				c.Place = t.bun.at
			}
			t.bun.at = Place{}
			t.emit(r, c)
			return true
		}
	}
	return t.framework == "bun" && t.bunCount(r, s)
}

// bunCount takes the end, and counts what was told: the lines of counts before it have
// nothing that they are known by. Of the frames above a verdict it notes the first.
func (t *testRun) bunCount(r *Reader, s string) bool {
	if rest, ok := strings.CutPrefix(s, "at "); ok && t.bun.at.File == "" {
		rest = rest[strings.LastIndexByte(rest, '(')+1:]
		if p, n := colonPlace(rest); n > 0 && inApp(p.File) {
			t.bun.at = p
		}
		return false
	}
	rest, ok := strings.CutPrefix(s, "Ran ")
	total, d := number(rest)
	if !ok || d == 0 || !strings.Contains(rest, " across ") {
		return false
	}
	sum := Summary{Total: total}
	for _, c := range t.seen {
		switch c.Status {
		case Failed:
			sum.Failed++
		case Skipped, Todo:
			sum.Skipped++
		}
	}
	sum.Passed = max(0, total-sum.Failed-sum.Skipped)
	t.bun = bunRun{}
	t.summary(r, sum)
	return true
}
