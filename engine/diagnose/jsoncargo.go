package diagnose

import (
	"encoding/json"
	"strings"
)

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
