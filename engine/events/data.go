package events

// Event is one thing that happened. It is a value that nobody changes once it
// has been published.
type Event struct {
	Type    Type
	Time    int64  // milliseconds since the epoch
	Process string // "" if it is about no process
	Data    Data   // by type; nil if there is nothing more to say
}

// Data is what an event of one type carries: one of the structs below, by
// value. A type of its own for each, and no maps: what is published is read by
// several at once.
type Data interface {
	size() int // bytes of its texts
}

// Started is the Data of [ProcessStarted].
type Started struct {
	Run uint32
	PID int
}

// Ready is the Data of [ProcessReady].
type Ready struct {
	Run     uint32
	AfterMs int64 // since the start
}

// Exited is the Data of [ProcessExited].
type Exited struct {
	Run      uint32
	ExitCode int    // -1 if a signal ended it
	Signal   string // "" if it ended by itself
	Core     bool   // the signal has left a core dump
	FinalSeq uint64 // the number of its last log line; 0 if it wrote none
}

// Restarting is the Data of [ProcessRestarting].
type Restarting struct {
	Run     uint32 // the last one
	Attempt int    // restarts in a row after failures, from 1; 0 if it has not failed
	DelayMs int64  // until the next run begins
	Reason  string // what asked for it: the restart policy, a changed file
}

// Line is the Data of [LogLine]: lines of one stream that came in one read.
type Line struct {
	Seq   uint64 // the number of the last of them
	Count int
}

// Detected is the Data of [ErrorDetected].
type Detected struct {
	Seq       uint64 // the log line that tells of it
	Problem   string // the problem's id
	Severity  string // error, warning
	Source    string // the tool or matcher; of a crash, its kind
	Type      string // of a crash: TypeError, panic
	Message   string
	File      string // "" if it names no place
	Line      int    // zero-based
	Character int    // zero-based
	LastSeq   uint64 // of a crash: its last log line
	Group     string // of a crash: the same for the same fault
	Final     bool   // nothing more will be told of it
}

// Build is the Data of [BuildEvent].
type Build struct {
	Seq      uint64 // the log line that tells of it
	Tool     string
	Phase    string // started, progress, succeeded, failed
	Part     string // the package, target or suite that it is about; "" for the whole
	Errors   int    // of a test run: its failures
	Warnings int
	Tests    int // of a test run
	Percent  int // of progress; -1 if it is not known
}

// Test is the Data of [TestPassed] and [TestFailed].
type Test struct {
	Seq        uint64 // the log line that tells of it
	Name       string
	Message    string // of a failure
	DurationMs float64
}

// URL is the Data of [URLDetected].
type URL struct {
	Seq   uint64 // the log line that names it
	URL   string
	Port  int
	State string // verified, claimed, link
}

// Client is the Data of [ClientConnected] and [ClientDisconnected].
type Client struct {
	ID   string // the session's
	Name string // as the client calls itself; "" if it does not
}

// MCP is the Data of [MCPConnected], [MCPDisconnected] and [MCPActivity].
type MCP struct {
	Session string // its id
	Client  string // as the assistant calls itself
	Tool    string // of an activity: the method
}

// Gap is the Data of [EngineGap].
type Gap struct{ From, To, Count uint64 }

// Conflict is the Data of [PortConflict].
type Conflict struct {
	Run     uint32 // the run that has failed
	Port    int
	PID     int    // who has the port; 0 if it is unknown
	Command string // what runs there; "" if it is unknown
	Holder  string // the id of our process that has it; "" for a stranger
}

// Request is the Data of [ProxyRequest].
type Request struct {
	ID     string // the proxy's
	Proxy  string
	Method string
	URL    string // path and query, without secrets
	Status int    // 0 if it was not answered
	Millis int64  // until its last byte
	Failed bool   // it broke off
}

// PageError is the Data of [TelemetryError].
type PageError struct {
	Session string // the page's
	Proxy   string
	Kind    string // error, rejection, resource, csp
	Message string
	Source  string // address of the script; "" if it is not known
	Line    int    // from 1; 0 if it is not known
	Column  int    // from 1
}

func (Started) size() int      { return 0 }
func (Ready) size() int        { return 0 }
func (d Exited) size() int     { return len(d.Signal) }
func (d Restarting) size() int { return len(d.Reason) }
func (Line) size() int         { return 0 }
func (d Detected) size() int {
	return len(d.Problem) + len(d.Severity) + len(d.Source) + len(d.Type) + len(d.Message) + len(d.File) + len(d.Group)
}
func (d Build) size() int  { return len(d.Tool) + len(d.Phase) + len(d.Part) }
func (d Test) size() int   { return len(d.Name) + len(d.Message) }
func (d URL) size() int    { return len(d.URL) + len(d.State) }
func (d Client) size() int { return len(d.ID) + len(d.Name) }
func (d MCP) size() int    { return len(d.Session) + len(d.Client) + len(d.Tool) }
func (Gap) size() int      { return 0 }
func (d Request) size() int {
	return len(d.ID) + len(d.Proxy) + len(d.Method) + len(d.URL)
}

func (d PageError) size() int {
	return len(d.Session) + len(d.Proxy) + len(d.Kind) + len(d.Message) + len(d.Source)
}
func (d Conflict) size() int { return len(d.Command) + len(d.Holder) }
