package wire

// EventsParams are those of events/subscribe.
type EventsParams struct {
	Types []string `json:"types,omitzero"` // names, or a prefix as process.*; default: all but log.line
	Since *string  `json:"since,omitzero"` // cursor: the events behind it; default: from now on
	Tokens
}

// EventType is a type of event, for those who write about it.
type EventType struct {
	Name string
	Doc  string // one sentence for people
	Data any    // the zero value of its data; nil if no version publishes it yet
}

// Events are all types of the protocol. A server publishes those that its rooms
// produce; clients ignore what they don't know.
var Events = []EventType{
	{"process.started", "A run of a process has begun.", StartedData{}},
	{"process.ready", "The readiness rule of a run has held; a process without one is ready once it has started.", ReadyData{}},
	{"process.exited", "A run has ended; its last line has been sent before.", ExitedData{}},
	{"process.restarting", "A process will be started again, though nobody has asked for that.", RestartingData{}},
	{"log.line", "A line was logged; only for who asks for it by name.", LineData{}},
	{"error.detected", "A line tells of an error, or several of a crash.", DetectedData{}},
	{"build.event", "A build or a test run has begun, gone on, succeeded or failed.", BuildData{}},
	{"test.passed", "A test has passed.", TestData{}},
	{"test.failed", "A test has failed.", TestData{}},
	{"url.detected", "A process says or shows that it serves an address.", URLData{}},
	{"proxy.request", "A request has gone through a proxy.", RequestData{}},
	{"telemetry.error", "A page has reported an error.", PageErrorData{}},
	{"client.connected", "A client has connected to the engine.", ClientData{}},
	{"client.disconnected", "A client has gone.", ClientData{}},
	{"mcp.connected", "An assistant has connected, over MCP.", MCPData{}},
	{"mcp.disconnected", "An assistant has gone.", MCPData{}},
	{"mcp.activity", "An assistant has used a tool.", MCPData{}},
	{"engine.gap", "Something was lost, and how much.", nil},
	{"port.conflict", "A process has failed because another one has the port it wants.", ConflictData{}},
}

// EventTypes are the names of [Events].
var EventTypes = func() (names []string) {
	for _, t := range Events {
		names = append(names, t.Name)
	}
	return names
}()

// EventsBatch is the params of events/batch.
type EventsBatch struct {
	Subscription string  `json:"subscription"`
	Events       []Event `json:"events"`
	Next         string  `json:"next"`         // the cursor behind this batch
	Gap          *Gap    `json:"gap,omitzero"` // what was lost before this batch
}

// Event is one thing that happened.
type Event struct {
	Type    string `json:"type"`             // clients ignore types that they don't know
	T       int64  `json:"t"`                // milliseconds since the epoch
	Process string `json:"process,omitzero"` // the id of the process it is about
	Seq     uint64 `json:"seq,omitzero"`     // the log line it belongs to
	Data    any    `json:"data"`             // by type
}

// StartedData is the data of process.started.
type StartedData struct {
	Run uint32 `json:"run"` // counts the starts, from 1
	PID int    `json:"pid"`
}

// ExitedData is the data of process.exited.
type ExitedData struct {
	Run      uint32 `json:"run"`               // counts the starts, from 1
	ExitCode *int   `json:"exitCode"`          // null if a signal ended it
	Signal   string `json:"signal,omitzero"`   // the signal that ended it: SIGTERM
	Core     bool   `json:"core,omitzero"`     // the signal has left a core dump
	FinalSeq uint64 `json:"finalSeq,omitzero"` // number of its last line; absent if it wrote nothing
}

// LineData is the data of log.line. The event's seq is that of the last line;
// logs/query has the lines themselves.
type LineData struct {
	Count int `json:"count"` // lines and parts of lines that came in one read
}

// ClientData is the data of client.connected and client.disconnected.
type ClientData struct {
	Session string `json:"session"`       // its id, as in session/info
	Name    string `json:"name,omitzero"` // as the client calls itself
}

// MCPData is the data of mcp.connected, mcp.disconnected and mcp.activity.
type MCPData struct {
	Session string `json:"session"`       // its id, as in session/info
	Client  string `json:"client"`        // as the assistant calls itself
	Tool    string `json:"tool,omitzero"` // of an activity: the method that the tool stands for
}

// RequestData is the data of proxy.request.
type RequestData struct {
	ID     string `json:"id"` // for proxy/request
	Proxy  string `json:"proxy"`
	Method string `json:"method"`
	URL    string `json:"url"`             // path and query
	Status int    `json:"status,omitzero"` // absent if it was not answered
	Ms     int64  `json:"ms"`              // until its last byte
	Failed bool   `json:"failed"`          // it broke off
}

// PageErrorData is the data of telemetry.error.
type PageErrorData struct {
	Session string `json:"session"` // of the page
	Proxy   string `json:"proxy"`
	Kind    string `json:"kind" enum:"error|rejection|resource|csp"`
	Message string `json:"message"`
	Source  string `json:"source,omitzero"` // address of the script
	Line    int    `json:"line,omitzero"`   // in the script, from 1
	Column  int    `json:"column,omitzero"` // from 1
}

// ReadyData is the data of process.ready.
type ReadyData struct {
	Run     uint32 `json:"run"`     // counts the starts, from 1
	AfterMs int64  `json:"afterMs"` // since the start
}

// RestartingData is the data of process.restarting.
type RestartingData struct {
	Run     uint32 `json:"run"`              // the last one
	Attempt int    `json:"attempt,omitzero"` // of the restarts in a row after failures; absent if it has not failed
	DelayMs int64  `json:"delayMs"`          // until the restart
	Reason  string `json:"reason"`
}

// ConflictData is the data of port.conflict.
type ConflictData struct {
	Run     uint32 `json:"run"`              // the one that has failed
	Port    int    `json:"port"`             // that it wanted
	PID     int    `json:"pid,omitzero"`     // who has it; absent if that can't be known
	Command string `json:"command,omitzero"` // what runs there; absent if that can't be known
	Holder  string `json:"holder,omitzero"`  // the id of the process of this engine that has it; absent for a stranger
}
