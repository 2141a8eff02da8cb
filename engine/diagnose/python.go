package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

const tracebackHead = "Traceback (most recent call last):"

// matchPython opens a traceback, or the report of a syntax error, which has no
// head:
//
//	Traceback (most recent call last):
//	  File "/p/inventory.py", line 13, in take
//	    left = STOCK[name] - n
//	KeyError: 'plum'
//
//	The above exception was the direct cause of the following exception:
func matchPython(r *Reader, l *detect.Line) bool {
	text := r.text
	width, s := indent(text)
	if isChain(s) && r.resumePython() {
		return true
	}
	group := strings.Contains(s, "Exception Group "+tracebackHead)
	_, isFrame := pythonFrame(s)
	if s != tracebackHead && !group && !(isFrame && strings.HasPrefix(s, "File ") && !strings.Contains(s, ", in ")) {
		return false
	}
	b := &pyBlock{trace: r.began("python", head{at: r.at, fatal: true}), width: width}
	if isFrame {
		b.width = 0
		b.line(s)
		b.took(r)
		r.begin(b)
		return true
	}
	b.took(r)
	b.tell(r)
	r.begin(b)
	return true
}

// maxNotes is how many lines a message, and the notes below it, may have before a
// chain goes on.
const maxNotes = 12

// resumePython opens the traceback again that waits for its end to be told: the
// message of its exception had more than one line, so that it seemed to have ended.
func (r *Reader) resumePython() bool {
	b := r.ctx.py
	if b == nil {
		return false
	}
	r.ctx.py = nil
	b.chain = true
	b.took(r)
	r.begin(b)
	return true
}

// pyBlock is a chain of tracebacks. Python prints the innermost frame last, and
// the exception that was raised last at the end.
type pyBlock struct {
	trace
	width int  // the indentation of "Traceback"
	done  bool // the exception's own line has come: only a chain goes on
	chain bool // and its sentence has come
}

// chains begin the sentences between the links of a chain.
var chains = []string{"The above exception was the direct cause", "During handling of the above exception"}

func isChain(s string) bool {
	for _, c := range chains {
		if strings.HasPrefix(s, c) {
			return true
		}
	}
	return false
}

func (b *pyBlock) next(r *Reader, l *detect.Line) bool {
	if b.logged(l) {
		return false
	}
	text := r.text
	width, s := indent(text)
	if strings.HasPrefix(s, "|") || strings.HasPrefix(s, "+-") || strings.HasPrefix(s, "+ Exception Group") {
		b.groupLine(trim(strings.TrimLeft(s, "|+- ")))
		return b.took(r)
	}
	if s == "" {
		b.n++
		return b.n < maxBlock
	}
	if !b.done {
		if rest, ok := strings.CutPrefix(s, "> File "); ok { // loguru marks the frame that caught it
			b.line("File " + rest)
			return b.took(r)
		}
		if width > b.width {
			b.line(s)
			return b.took(r)
		}
		return b.exception(s) && b.took(r)
	}
	if isChain(s) {
		b.chain = true
		return b.took(r)
	}
	if b.chain && s == tracebackHead {
		b.s.Causes = append([]Cause{{b.s.Type, b.s.Message}}, b.s.Causes...)
		b.s.Frames, b.done, b.chain = nil, false, false
		return b.took(r)
	}
	return false
}

// groupLine reads a line inside the gutters of an ExceptionGroup: its first
// exceptions are causes, the group's own line is the error.
func (b *pyBlock) groupLine(s string) {
	if f, ok := pythonFrame(s); ok {
		b.frame(f)
		return
	}
	typ, message, found := strings.Cut(s, ": ")
	if !found || typ == "" || !isUpper(typ[0]) && !strings.Contains(typ, ".") || strings.ContainsAny(typ, " ()") {
		return
	}
	if b.s.Type == "" {
		b.s.Type, b.s.Message = typ, message
	} else {
		b.s.Causes = append(b.s.Causes, Cause{typ, clean(message)})
	}
}

func (b *pyBlock) line(s string) {
	if f, ok := pythonFrame(s); ok {
		b.frame(f)
	}
}

// exception reads "KeyError: 'plum'", "app.errors.OutOfStock: text", or a name
// alone.
func (b *pyBlock) exception(s string) bool {
	typ, message, _ := strings.Cut(s, ": ")
	typ = strings.TrimSuffix(typ, ":")
	if typ == "" || strings.ContainsAny(typ, " ()[]{}=\"'") || !isLetter(typ[0]) && typ[0] != '_' {
		return false
	}
	b.s.Type, b.s.Message, b.done = typ, message, true
	return true
}

func (b *pyBlock) close(r *Reader) {
	if b.s.Type == "" && len(b.s.Frames) == 0 {
		return
	}
	b.s.Top = Frame{}
	for i := len(b.s.Frames) - 1; i >= 0; i-- { // the innermost frame is the last
		if b.s.Frames[i].App {
			b.s.Top = b.s.Frames[i]
			break
		}
	}
	if n := len(b.s.Frames); b.s.Top.File == "" && n > 0 {
		b.s.Top = b.s.Frames[n-1]
	}
	r.finishPython()
	r.ctx.py = b
}

// finishPython tells the traceback that has waited for a chain to go on with it: a
// stack has one end.
func (r *Reader) finishPython() {
	if b := r.ctx.py; b != nil {
		r.ctx.py = nil
		b.finish(r)
	}
}

// pythonFrame reads `File "/p/a.py", line 13, in take`.
func pythonFrame(s string) (f Frame, ok bool) {
	rest, ok := strings.CutPrefix(s, `File "`)
	if !ok {
		return f, false
	}
	file, rest, ok2 := strings.Cut(rest, `", line `)
	if !ok2 {
		return f, false
	}
	n, d := number(rest)
	f.Place = Place{File: file, Line: n, Unit: Runes}
	_, f.Func, _ = strings.Cut(rest[d:], ", in ")
	return f, d > 0
}
