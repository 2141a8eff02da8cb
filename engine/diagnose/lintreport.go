package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchReport opens the reports that say once where and then what, each in a form
// of its own:
//
//	In run.sh line 4:                                          shellcheck
//	  if [ $x == 3 ]; then
//	       ^-- SC2154 (warning): x is referenced but not assigned.
//
//	>> Issue: [B307:blacklist] Use of possibly insecure function.   bandit
//	   Location: shop.py:16:8
//
//	FILE: /p/run.php                                           phpcs
//	 3 | ERROR | [x] Opening brace should be on a new line
//
//	== shop.rb ==                                              rubocop, simple
//	W:  4:  5: Lint/UselessAssignment: Useless assignment
func matchReport(r *Reader, l *detect.Line) bool {
	s := r.text
	if rest, ok := strings.CutPrefix(s, "In "); ok {
		return r.shellcheck(rest)
	}
	if rest, ok := strings.CutPrefix(trim(s), ">> Issue: "); ok {
		r.begin(banditIssue(r, rest))
		return true
	}
	if file, ok := strings.CutPrefix(s, "FILE: "); ok && isPath(trim(file)) {
		r.begin(&lintBlock{file: trim(file), row: phpcsRow, source: "phpcs", loose: true})
		return true
	}
	if file, ok := strings.CutSuffix(strings.TrimPrefix(s, "== "), " =="); ok && isPath(file) && !strings.Contains(file, " ") {
		r.begin(&lintBlock{file: file, row: rubocopRow, source: "rubocop"})
		return true
	}
	return false
}

// phpcsRow reads " 3 | ERROR | [x] text"; a row without a number goes on.
func phpcsRow(text string) (p Problem, ok bool) {
	parts := strings.SplitN(text, "|", 3)
	if len(parts) != 3 {
		return p, false
	}
	n, d := number(trim(parts[0]))
	sev, w := severityWord(trim(parts[1]))
	message := trim(parts[2])
	for _, mark := range []string{"[x] ", "[ ] "} {
		message = strings.TrimPrefix(message, mark)
	}
	return Problem{Place: Place{Line: n, Unit: Bytes}, Severity: sev, Message: message}, d > 0 && w > 0
}

// rubocopRow reads "W:  4:  5: [Correctable] Lint/UselessAssignment: text".
func rubocopRow(text string) (p Problem, ok bool) {
	parts := strings.SplitN(text, ":", 4)
	if len(parts) != 4 || len(parts[0]) != 1 || strings.IndexByte("CRWEFI", parts[0][0]) < 0 {
		return p, false
	}
	line, d := number(trim(parts[1]))
	col, d2 := number(trim(parts[2]))
	p = Problem{Place: Place{Line: line, Col: col, Unit: Bytes}, Severity: letterSeverity(parts[0])}
	p.Message = withoutMarks(trim(parts[3]))
	if cop, rest, ok := strings.Cut(p.Message, ": "); ok && strings.Contains(cop, "/") && !strings.Contains(cop, " ") {
		p.Code, p.Message = cop, rest
	}
	return p, d > 0 && d2 > 0
}
