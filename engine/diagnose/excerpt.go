package diagnose

import (
	"strings"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// matchExcerpt opens the findings of a file that are told by its source: a numbered
// line, and below it a caret with what is wrong there. The file is the last line above
// that was nothing but a path, or a title of it.
//
//	/p/src/page.html
//	    L2 |<p>text<div></p>
//	               ^ Tag must be paired (tag-pair)
func matchExcerpt(r *Reader, l *detect.Line) bool {
	p, ok := r.labelled()
	if !ok {
		return false
	}
	for n := 2; n <= 4; n++ {
		text, at := r.before.back(n)
		if file := strings.TrimPrefix(trim(string(text)), "# "); at > 0 && r.at-at < 6 && isHeader(file) {
			b := &excerptBlock{file: file}
			b.add(r, p)
			r.begin(b)
			return true
		}
	}
	return false
}

// labelled reads the present line as a caret with text, and the one above as its
// numbered source. What is wrong is an error: no such tool says more.
func (r *Reader) labelled() (p Problem, ok bool) {
	at := strings.IndexByte(r.text, '^')
	if at < 0 || trim(r.text[:at]) != "" {
		return p, false
	}
	message := trim(strings.TrimLeft(r.text[at:], "^~-"))
	source, from := r.before.back(1)
	width, line := indent(string(source))
	number, d := number(strings.TrimPrefix(line, "L"))
	before, _, gutter := strings.Cut(line, "|")
	if message == "" || from+1 != r.at || d == 0 || !gutter || strings.Trim(before, "L0123456789 ") != "" {
		return p, false
	}
	p.Line, p.Col, p.Severity = number, utf8.RuneCountInString(r.text[:at])-width-len(before), Error
	v := verdict{message: message}
	v.ruleBehind("")
	p.Message, p.Code = v.message, v.code
	return p, p.Col > 0
}

// excerptBlock is the findings of one file.
type excerptBlock struct {
	file string
	n    int
}

func (b *excerptBlock) level() lines.Level { return lines.Trace }

func (b *excerptBlock) add(r *Reader, p Problem) {
	p.File = b.file
	r.problem(p)
}

func (b *excerptBlock) next(r *Reader, l *detect.Line) bool {
	if p, ok := r.labelled(); ok {
		b.add(r, p)
		return true
	}
	_, s := indent(r.text)
	before, _, gutter := strings.Cut(s, "|")
	b.n++
	return gutter && b.n < maxBlock && strings.Trim(before, "L0123456789 ") == ""
}

func (b *excerptBlock) close(*Reader) {}
