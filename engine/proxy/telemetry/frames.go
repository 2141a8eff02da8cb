package telemetry

import (
	"regexp"
	"strconv"
	"strings"
)

// Frame is one line of a browser's stack.
type Frame struct {
	Function string
	URL      string // of the script
	Line     int    // from 1
	Column   int    // from 1

	// File is where it was written, in the workspace: an absolute path, "" if
	// that is not known. Line and Column are then those of the file.
	File string
}

// frameLine is a line of a stack as V8 writes it, "at f (URL:1:2)" or "at
// URL:1:2", or as SpiderMonkey and JavaScriptCore do, "f@URL:1:2".
var frameLine = regexp.MustCompile(`^\s*(?:at (?:async )?(?:(.*?) \()?|(.*?)@)(https?://\S+?):(\d+):(\d+)\)?$`)

// maxFrames bounds how much of a stack is looked at.
const maxFrames = 30

// ParseStack reads the frames of a stack, the innermost first.
func ParseStack(stack string) (frames []Frame) {
	for line := range strings.SplitSeq(stack, "\n") {
		m := frameLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		f := Frame{Function: m[1] + m[2], URL: m[3]}
		f.Line, _ = strconv.Atoi(m[4])
		f.Column, _ = strconv.Atoi(m[5])
		if frames = append(frames, f); len(frames) == maxFrames {
			break
		}
	}
	return frames
}
