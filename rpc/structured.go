package rpc

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// structured fills in what lines of structured logging say. Only those who ask
// pay for it: the log keeps lines as they came.
type structured struct{ scanner detect.Scanner }

// read sets the line's message and fields if its record is such a line: behind a
// time stamp or a multiplexer's name, and whole.
func (s *structured) read(line *wire.Line, r *logs.Record) {
	if r.Partial {
		return
	}
	message, fields, ok := detect.Fields(s.scanner.Scan(r.Raw).Text)
	// A name that comes twice, or bytes that are no text, would make the whole
	// message one that clients refuse.
	if ok && jsontext.Value(fields).IsValid() {
		line.Message, line.Fields = message, fields
	}
}

// addFields does so for a page.
func addFields(lines []wire.Line, records []logs.Record) {
	var s structured
	for i := range lines {
		s.read(&lines[i], &records[i])
	}
}
