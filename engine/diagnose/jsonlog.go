package diagnose

import (
	"encoding/json"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

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
	in := &Reader{at: r.at, line: r.line}
	if strings.Contains(stack, "\n\t") && strings.Contains(stack, ".go:") {
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
