package diagnose

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchJSON reads the lines of tools that say in JSON what they mean: go test
// -json, cargo and rustc; and stacks inside a logger's line.
func matchJSON(r *Reader, l *detect.Line) bool {
	if len(l.Text) == 0 || l.Text[0] != '{' {
		return false
	}
	switch {
	case strings.Contains(r.text, `"Action":`) && r.goEvent(),
		(strings.Contains(r.text, `"reason":"`) || strings.Contains(r.text, `"$message_type":"diagnostic"`)) && r.cargoMessage():
		return true
	}
	return r.loggedStack()
}

// goEvent takes a line of go test -json or go build -json. Other programs have an
// "Action", too: go's are few, and speak of something.
func (r *Reader) goEvent() bool {
	var e struct {
		Action, Package, Test, Output string
		ImportPath                    string
		Elapsed                       float64
	}
	if json.Unmarshal([]byte(r.text), &e) != nil || e.Package+e.ImportPath+e.Test+e.Output == "" {
		return false
	}
	if e.Package == "" {
		e.Package, _, _ = strings.Cut(e.ImportPath, " ")
	}
	t := &r.tests
	switch e.Action {
	case "run", "pause", "cont", "bench", "attr", "artifacts":
	case "start":
		t.over, t.seen = false, nil
	case "output", "build-output":
		if !strings.HasPrefix(e.Output, "--- ") && !strings.HasPrefix(e.Output, "=== ") {
			r.inner(e.Package, e.Output, e.Test)
		}
	case "build-fail":
		r.finishInner(e.Package)
	case "pass", "fail", "skip":
		r.goResult(e.Action, e.Package, e.Test, e.Elapsed)
	default:
		return false
	}
	t.known(r, "gotest")
	return true
}

func (r *Reader) goResult(action, pkg, test string, elapsed float64) {
	status := map[string]Status{"pass": Passed, "fail": Failed, "skip": Skipped}[action]
	if test == "" {
		r.finishInner(pkg)
		r.part("gotest", pkg, action != "fail")
		return
	}
	c := Test{Name: test, Status: status, DurationMs: elapsed * 1000}
	if in := r.nested[pkg]; in != nil && status == Failed {
		for _, p := range in.tests.goHeld[test] {
			p.Dirs, p.At = packageDirs(pkg), r.at
			if c.Place.File == "" {
				c.Place, c.Message = p.Place, p.Message
			}
			r.problem(p)
		}
		delete(in.tests.goHeld, test)
	}
	r.tests.emit(r, c)
}

// maxNested bounds the readers of text inside other lines: packages that are
// tested at the same time.
const maxNested = 64

// inner reads text that was printed inside another line, with a Reader of its
// own per key; what it finds is this line's.
func (r *Reader) inner(key, text, test string) {
	in := r.nested[key]
	if in == nil {
		if r.nested == nil || len(r.nested) >= maxNested {
			r.finishInners()
			r.nested = map[string]*Reader{}
		}
		in = &Reader{}
		r.nested[key] = in
	}
	if test != "" {
		in.tests.goRun, in.tests.goMark = test, "run"
	}
	var s detect.Scanner
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		r.raise(in.Line(s.Scan([]byte(line)), r.at))
	}
	r.adopt(in)
}

// finishInner takes what is under way in the text of key, and forgets it.
func (r *Reader) finishInner(key string) {
	if in := r.nested[key]; in != nil {
		in.Flush()
		r.adopt(in)
		delete(r.nested, key)
	}
}

func (r *Reader) finishInners() {
	for _, key := range slices.Sorted(maps.Keys(r.nested)) {
		r.finishInner(key)
	}
}

// adopt takes over what an inner reader has found, but for its tests and
// builds: the line around tells those better.
func (r *Reader) adopt(in *Reader) {
	for _, f := range in.Take() {
		switch {
		case f.Problem != nil:
			f.Problem.ref = r.ref()
			r.found = append(r.found, f)
		case f.Stack != nil && f.Stack.Final:
			f.Stack.ref = r.ref()
			r.found = append(r.found, f)
		}
	}
}

// rustcMessage is what the compiler says, alone or in a line of cargo's.
type rustcMessage struct {
	Message string
	Level   string
	Code    *struct{ Code string }
	Spans   []struct {
		File      string `json:"file_name"`
		Line      int    `json:"line_start"`
		EndLine   int    `json:"line_end"`
		Col       int    `json:"column_start"`
		EndCol    int    `json:"column_end"`
		IsPrimary bool   `json:"is_primary"`
		Label     string
	}
}

// cargoMessage takes a line of cargo --message-format=json, or rustc's. Other
// programs give a "reason", too.
func (r *Reader) cargoMessage() bool {
	var m struct {
		rustcMessage
		Reason  string
		Success bool
		Inner   rustcMessage `json:"message"`
	}
	if json.Unmarshal([]byte(r.text), &m) != nil { // rustc's own "message" is a text
		m.Reason = ""
		if !strings.Contains(r.text, `"$message_type":"diagnostic"`) || json.Unmarshal([]byte(r.text), &m.Inner) != nil {
			return false
		}
	}
	switch m.Reason {
	case "build-finished":
		r.build(Build{Tool: "rustc", Phase: Ended, OK: m.Success, Errors: -1, Warnings: -1, Percent: -1})
		return true
	case "compiler-artifact", "build-script-executed", "timing-info":
		return true
	case "compiler-message", "":
		if p, ok := m.Inner.problem(); ok {
			r.problem(p)
			return true
		}
		return m.Reason != ""
	}
	return false
}

// problem is what the message says of a place; ok is false if it is none of the
// compiler's. One without a place has no file.
func (m *rustcMessage) problem() (p Problem, ok bool) {
	sev, n := severityWord(m.Level)
	p = Problem{Severity: sev, Message: m.Message, Source: "rustc"}
	if m.Code != nil {
		p.Code = m.Code.Code
	}
	for _, s := range m.Spans {
		place := Place{File: s.File, Line: s.Line, Col: s.Col, EndLine: s.EndLine, EndCol: s.EndCol, Unit: Runes}
		if s.IsPrimary && p.File == "" {
			p.Place = place
		} else if s.Label != "" && len(p.Related) < 10 {
			p.Related = append(p.Related, Related{place, s.Label})
		}
	}
	return p, n > 0
}

// loggedStack finds a stack in a logger's line: pino's err.stack, bunyan's,
// winston's stack, logstash's stack_trace, zap's errorVerbose and stacktrace.
func (r *Reader) loggedStack() bool {
	var m map[string]json.RawMessage
	if json.Unmarshal([]byte(r.text), &m) != nil {
		return false
	}
	stack := stackIn(m)
	for _, key := range []string{"err", "error", "exception", "exc_info"} {
		var inner map[string]json.RawMessage
		if stack == "" && json.Unmarshal(m[key], &inner) == nil {
			stack = stackIn(inner)
		}
	}
	if !strings.Contains(stack, "\n") {
		return false
	}
	in := &Reader{}
	if strings.Contains(stack, "\n\t") && strings.Contains(stack, ".go:") {
		in.at = r.at
		in.beginGoFrames(logMessage(m), r.at)
	}
	var s detect.Scanner
	for line := range strings.SplitSeq(stack, "\n") {
		in.Line(s.Scan([]byte(line)), r.at)
	}
	in.Flush()
	r.adopt(in)
	return true
}

func logMessage(m map[string]json.RawMessage) (message string) {
	for _, key := range []string{"msg", "message", "error"} {
		if raw, ok := m[key]; ok && json.Unmarshal(raw, &message) == nil && message != "" {
			return message
		}
	}
	return ""
}

func stackIn(m map[string]json.RawMessage) (stack string) {
	for _, key := range []string{"stack", "stack_trace", "stackTrace", "stacktrace", "traceback", "exception", "exc_info", "trace"} {
		if raw, ok := m[key]; ok && json.Unmarshal(raw, &stack) == nil && stack != "" {
			return stack
		}
	}
	return ""
}

// matchWorkflow reads GitHub's workflow commands:
//
//	::error file=app.js,line=1,col=5,endColumn=7,title=no-undef::x is not defined
//	::warning::it is late
func matchWorkflow(r *Reader, l *detect.Line) bool {
	rest, ok := strings.CutPrefix(r.text, "::")
	head, message, ok2 := strings.Cut(rest, "::")
	if !ok || !ok2 {
		return false
	}
	command, params, _ := strings.Cut(head, " ")
	p := Problem{Message: workflowText(message), Source: "workflow"}
	switch command {
	case "error":
		p.Severity = Error
	case "warning":
		p.Severity = Warning
	case "notice":
		p.Severity = Information
	default:
		return false
	}
	p.Unit = UTF16
	for param := range strings.SplitSeq(params, ",") {
		key, value, _ := strings.Cut(trim(param), "=")
		p.workflowParam(key, workflowText(value))
	}
	r.problem(p)
	r.raise(p.Severity.level())
	return true
}

func (p *Problem) workflowParam(key, value string) {
	n, _ := number(value)
	switch key {
	case "file":
		p.File = value
	case "line":
		p.Line = n
	case "col":
		p.Col = n
	case "endLine":
		p.EndLine = n
	case "endColumn":
		p.EndCol = n
	case "title":
		p.Code = value
	}
}

func workflowText(s string) string {
	return workflowEscapes.Replace(s)
}

var workflowEscapes = strings.NewReplacer("%0A", "\n", "%0D", "", "%3A", ":", "%2C", ",", "%25", "%")
