package wire

// EventsParams are those of events/subscribe.
type EventsParams struct {
	Types []string `json:"types,omitzero"` // names, or a prefix as process.*; none: all but log.line
	Since *string  `json:"since,omitzero"`
	Tokens
}

// EventTypes are all types of the protocol. A server publishes those that its
// rooms produce; clients ignore what they don't know.
var EventTypes = []string{
	"process.started", "process.ready", "process.exited", "process.restarting",
	"log.line", "error.detected", "build.event", "test.passed", "test.failed", "url.detected",
	"proxy.request", "telemetry.error", "client.connected", "client.disconnected",
	"mcp.connected", "mcp.disconnected", "mcp.activity", "engine.gap", "port.conflict",
}

// EventsBatch is the params of events/batch.
type EventsBatch struct {
	Subscription string  `json:"subscription"`
	Events       []Event `json:"events"`
	Next         string  `json:"next"`
	Gap          *Gap    `json:"gap,omitzero"`
}

// Event is one thing that happened.
type Event struct {
	Type    string `json:"type"`
	T       int64  `json:"t"`
	Process string `json:"process,omitzero"`
	Seq     uint64 `json:"seq,omitzero"` // the log line it belongs to
	Data    any    `json:"data"`
}

// StartedData is the data of process.started.
type StartedData struct {
	Run uint32 `json:"run"`
	PID int    `json:"pid"`
}

// ExitedData is the data of process.exited.
type ExitedData struct {
	Run      uint32 `json:"run"`
	ExitCode *int   `json:"exitCode"` // null if a signal ended it
	Signal   string `json:"signal,omitzero"`
	FinalSeq uint64 `json:"finalSeq,omitzero"` // absent if it wrote nothing
}
