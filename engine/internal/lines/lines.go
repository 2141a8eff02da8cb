// Package lines is what the process room and the log room share: output cut
// into records. It is not storage, reads nothing and never asks the clock.
//
// A record is one line with its newline, or a part of one. Raw bytes are kept
// as they came, so the records of a stream, put end to end, are the stream.
package lines

// Stream says which of a process's outputs a record came from.
type Stream uint8

// The streams. System carries what the engine says about a stream itself.
const (
	Stdout Stream = iota
	Stderr
	System
	NumStreams
)

var streamNames = [NumStreams]string{"stdout", "stderr", "system"}

func (s Stream) String() string { return streamNames[s] }

// ParseStream is the inverse of [Stream.String].
func ParseStream(name string) (Stream, bool) {
	for i, n := range streamNames {
		if n == name {
			return Stream(i), true
		}
	}
	return 0, false
}

// Level is how serious a line is. The zero value is Info: a line is no more
// than that until something is found in it.
type Level int8

// The levels in ascending order.
const (
	Trace Level = iota - 2
	Debug
	Info
	Warn
	Error
	Fatal
)

var levelNames = [...]string{"trace", "debug", "info", "warn", "error", "fatal"}

func (l Level) String() string { return levelNames[l-Trace] }

// ParseLevel is the inverse of [Level.String].
func ParseLevel(name string) (Level, bool) {
	for i, n := range levelNames {
		if n == name {
			return Level(i) + Trace, true
		}
	}
	return 0, false
}

// Cut ends one record of a [Batch].
type Cut struct {
	End     uint32 // offset in Batch.Data just behind the record
	Level   Level
	Partial bool // the line goes on in the next record of this stream
}

// Batch is what one read of one stream brought: whole records, in order.
// Its slices belong to the reader and are good only until the call returns.
type Batch struct {
	Data []byte // the records' bytes, newlines included
	Cuts []Cut  // ascending; the last one ends at len(Data)
	Time int64  // when the read returned, in milliseconds since the epoch
	Run  uint32 // the run of the process that wrote it, from 1
}
