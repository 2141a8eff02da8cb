package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// templSentence reads what templ says of a file it can't read; lines count from 1,
// columns from 0:
//
//	(✗) Error [ error=failed to generate code for "/p/a.templ": /p/a.templ parsing error: missing close brace: line 4, col 8 ]
//	(✗) a.templ [ error=failed to format file "a.templ": missing close brace: line 4, col 8 ]
func templSentence(r *Reader, l *detect.Line, text string) bool {
	_, text, ok := strings.Cut(text, "[ error=failed to ")
	_, text, ok2 := strings.Cut(text, `"`)
	file, text, ok3 := strings.Cut(text, `": `)
	at := strings.LastIndex(text, ": line ")
	if !ok || !ok2 || !ok3 || at < 0 || !isPath(file) {
		return false
	}
	line, d := number(text[at+7:])
	rest, ok := strings.CutPrefix(text[at+7+d:], ", col ")
	col, d2 := number(rest)
	if d == 0 || d2 == 0 || !ok {
		return false
	}
	message := text[:at]
	if _, said, ok := strings.Cut(message, " parsing error: "); ok {
		message = said
	}
	r.problem(Problem{Place: Place{File: file, Line: line, Col: col + 1}, Severity: Error, Message: message, Source: "templ"})
	return true
}

// gradleScript reads where a script of Gradle's fails; why stands some lines below:
//
//	Build file '/p/build.gradle' line: 2
//
//	* What went wrong:
//	A problem occurred evaluating root project 'shop'.
//	> Could not get unknown property 'x' for root project 'shop'.
func gradleScript(r *Reader, l *detect.Line, text string) bool {
	what, rest, ok := strings.Cut(text, " '")
	file, line, ok2 := strings.Cut(rest, "' line: ")
	n, d := number(line)
	if !ok || !ok2 || d == 0 || d != len(line) || !isPath(file) || what != "Build file" && what != "Settings file" && what != "Script" {
		return false
	}
	r.begin(&gradleBlock{p: Problem{Place: Place{File: file, Line: n}, Severity: Error, Source: "gradle", At: r.at}})
	return true
}

// gradleBlock waits for what went wrong, a few lines.
type gradleBlock struct {
	p Problem
	n int
}

func (b *gradleBlock) level() lines.Level { return lines.Trace }

func (b *gradleBlock) next(r *Reader, l *detect.Line) bool {
	text := trim(r.text)
	b.n++
	if b.n > 8 || strings.HasPrefix(text, "* Try:") || strings.HasPrefix(text, "BUILD ") {
		return false
	}
	if why, ok := strings.CutPrefix(text, "> "); ok {
		b.p.Message = why
	} else if text != "" && b.p.Message == "" && text[0] != '*' {
		b.p.Message = text
	}
	return true
}

func (b *gradleBlock) close(r *Reader) {
	if b.p.Message == "" {
		b.p.Message = "the script fails"
	}
	r.problem(b.p)
}

// issues reads how golangci-lint ends: "5 issues:", "0 issues.".
func (r *Reader) issues(s string) bool {
	n, d := number(s)
	if d == 0 || s[d:] != " issues:" && s[d:] != " issues." {
		return false
	}
	if n > 0 {
		r.raise(Error.level())
	}
	r.build(Build{Tool: "golangci-lint", Phase: Ended, OK: n == 0, Errors: n, Warnings: -1, Percent: -1})
	return true
}
