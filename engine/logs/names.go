package logs

import "github.com/brummer-rpc/brummer-rpc/engine/internal/lines"

// What the process room shares with this one, for those outside the engine.
type (
	Batch  = lines.Batch
	Cut    = lines.Cut
	Stream = lines.Stream
	Level  = lines.Level
)

// Kinds of stream.
const (
	Stdout = lines.Stdout
	Stderr = lines.Stderr
	System = lines.System
)

// ParseStream and ParseLevel are the inverses of the types' String methods.
var (
	ParseStream = lines.ParseStream
	ParseLevel  = lines.ParseLevel
)
