package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

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
