package diagnose

import (
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
