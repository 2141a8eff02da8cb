package wire

// Location is a place in a file. Lines and characters count from 0; characters
// are UTF-16 units, or bytes if the client's general.positionEncodings has utf-8.
type Location struct {
	File         string `json:"file"` // absolute
	URI          string `json:"uri"`
	Line         int    `json:"line"`
	Character    int    `json:"character"`
	EndLine      *int   `json:"endLine,omitzero"`
	EndCharacter *int   `json:"endCharacter,omitzero"`
}

// ProblemsParams are those of problems/list.
type ProblemsParams struct {
	Process  string `json:"process,omitzero"`                                 // only of this process
	File     string `json:"file,omitzero"`                                    // only of this file: absolute, or relative to the root
	Severity string `json:"severity,omitzero" enum:"error|warning|info|hint"` // only as serious as this, or more
	Limit    *int   `json:"limit,omitzero"`                                   // default 200
	Tokens
}

// ProblemList answers problems/list.
type ProblemList struct {
	Problems []Problem     `json:"problems"`
	Counts   ProblemCounts `json:"counts"`   // of all problems, whatever was asked for
	Revision uint64        `json:"revision"` // that problems/changed continues
	More     bool          `json:"more"`     // there are more than limit
}

// ProblemCounts counts the problems that hold now.
type ProblemCounts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Others   int `json:"others"`           // informations and hints
	Dropped  int `json:"dropped,omitzero"` // found, but more than are kept
}

// Problem is something that the output says of a place in a file.
type Problem struct {
	ID       string           `json:"id"`
	Process  string           `json:"process"`
	Run      uint32           `json:"run"`
	Seq      uint64           `json:"seq,omitzero"` // the log line that tells of it
	T        int64            `json:"t"`            // when it was reported last, in milliseconds since the epoch
	Location Location         `json:"location"`
	Resolved bool             `json:"resolved"` // the file is there; else file is the likeliest place
	Severity string           `json:"severity" enum:"error|warning|info|hint"`
	Code     string           `json:"code,omitzero"` // the rule, as the tool calls it
	Message  string           `json:"message"`
	Source   string           `json:"source"`           // the tool or matcher; of a crash, its kind
	Count    int              `json:"count"`            // how often it was reported
	FirstAt  int64            `json:"firstAt"`          // when it was reported first, in milliseconds since the epoch
	Test     string           `json:"test,omitzero"`    // the test that failed there
	Group    string           `json:"group,omitzero"`   // of a crash: the same for the same fault
	Related  []RelatedProblem `json:"related,omitzero"` // of a crash: its frames in the workspace
}

// RelatedProblem is a place that helps to understand a problem.
type RelatedProblem struct {
	Location Location `json:"location"`
	Message  string   `json:"message"`
}

// ClearProblemsParams are those of problems/clear.
type ClearProblemsParams struct {
	Process string `json:"process,omitzero"` // only of this process; default: all
	Tokens
}

// ProblemsChanged is the params of problems/changed.
type ProblemsChanged struct {
	Previous uint64        `json:"previous"` // the revision that this continues; a client with another calls problems/list
	Revision uint64        `json:"revision"`
	Added    []Problem     `json:"added"`   // new ones, and those that have changed
	Removed  []string      `json:"removed"` // ids
	Counts   ProblemCounts `json:"counts"`
}

// TestsParams are those of tests/list.
type TestsParams struct {
	Process string  `json:"process,omitzero"`                                  // only of this process
	Status  string  `json:"status,omitzero" enum:"passed|failed|skipped|todo"` // only these
	After   *string `json:"after,omitzero"`                                    // cursor: those that were found behind it; default: from the first
	Limit   *int    `json:"limit,omitzero"`                                    // default 200
	Tokens
}

// TestList answers tests/list.
type TestList struct {
	Summary  TestSummary `json:"summary"` // of all tests, whatever was asked for
	Cases    []TestCase  `json:"cases"`   // that the output names, in the order it did
	Revision uint64      `json:"revision"`
	Next     string      `json:"next"` // after of the next call; a later result of a test stays where its first one was
	More     bool        `json:"more"` // there are more than limit
}

// TestSummary counts the tests that the output has named.
type TestSummary struct {
	Passed     int     `json:"passed"`
	Failed     int     `json:"failed"`
	Skipped    int     `json:"skipped"`
	Todo       int     `json:"todo,omitzero"`
	DurationMs float64 `json:"durationMs"`
	Dropped    int     `json:"dropped,omitzero"` // named, but more than are kept
}

// TestCase is the last result of a test.
type TestCase struct {
	ID         string    `json:"id"` // its process and name
	Name       string    `json:"name"`
	Status     string    `json:"status" enum:"passed|failed|skipped|todo"`
	Process    string    `json:"process"`
	Seq        uint64    `json:"seq,omitzero"`        // the log line that tells of it
	Location   *Location `json:"location,omitzero"`   // where it failed, else the file of it if the runner prints one, at its first line
	Message    string    `json:"message,omitzero"`    // of the failure
	DurationMs float64   `json:"durationMs,omitzero"` // absent if the runner does not say
	Framework  string    `json:"framework,omitzero"`  // jest, pytest, gotest
}

// TestsChanged is the params of tests/changed.
type TestsChanged struct {
	Previous uint64      `json:"previous"` // the revision that this continues; a client with another calls tests/list
	Revision uint64      `json:"revision"`
	Added    []TestCase  `json:"added"`   // new ones, and those that have changed
	Removed  []string    `json:"removed"` // ids
	Counts   TestSummary `json:"counts"`
}

// URLList answers urls/list.
type URLList struct {
	URLs     []URL  `json:"urls"`
	Revision uint64 `json:"revision"`
}

// URL is an address that a process serves or names.
type URL struct {
	ID       string `json:"id"` // its process and address
	URL      string `json:"url"`
	Process  string `json:"process"`
	Port     int    `json:"port"`
	State    string `json:"state" enum:"verified|claimed|link"` // a process of the tree listens there; the output says so; everything else
	Network  bool   `json:"network,omitzero"`                   // it can be reached from other machines, too
	ProxyURL string `json:"proxyUrl,omitzero"`                  // the address of a proxy that is registered for it
	Seq      uint64 `json:"seq,omitzero"`                       // the log line that names it; absent if the kernel alone tells of it
}

// URLsChanged is the params of urls/changed.
type URLsChanged struct {
	Previous uint64    `json:"previous"` // the revision that this continues; a client with another calls urls/list
	Revision uint64    `json:"revision"`
	Added    []URL     `json:"added"`   // new ones, and those that have changed
	Removed  []string  `json:"removed"` // ids
	Counts   URLCounts `json:"counts"`
}

// URLCounts counts the addresses by state.
type URLCounts struct {
	Verified int `json:"verified"`
	Claimed  int `json:"claimed"`
	Link     int `json:"link"`
}

// PublishDiagnosticsParams is LSP's: always the whole set of a file; an empty one
// takes back what was said before.
type PublishDiagnosticsParams struct {
	URI         string       `json:"uri"`
	Diagnostics []Diagnostic `json:"diagnostics"`
}

// Diagnostic is LSP's.
type Diagnostic struct {
	Range              Range                `json:"range"`
	Severity           int                  `json:"severity"` // 1 error, 2 warning, 3 information, 4 hint
	Code               string               `json:"code,omitzero"`
	Source             string               `json:"source"`
	Message            string               `json:"message"`
	RelatedInformation []RelatedInformation `json:"relatedInformation,omitzero"`
	Data               *DiagnosticData      `json:"data,omitzero"` // absent for a mistake in a configuration
}

// Range is LSP's; the end is exclusive.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Position is LSP's.
type Position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// RelatedInformation is LSP's.
type RelatedInformation struct {
	Location URIRange `json:"location"`
	Message  string   `json:"message"`
}

// URIRange is LSP's Location.
type URIRange struct {
	URI   string `json:"uri"`
	Range Range  `json:"range"`
}

// DiagnosticData leads back to the problem and its log line.
type DiagnosticData struct {
	Process string `json:"process"`
	Seq     uint64 `json:"seq,omitzero"`
	ID      string `json:"id"` // of the problem
}

// DetectedData is the data of error.detected. A crash is told twice: at its head,
// and when it is whole, with final.
type DetectedData struct {
	Problem   string `json:"problem,omitzero"` // the problem's id
	Severity  string `json:"severity" enum:"error|warning"`
	Source    string `json:"source"`        // the tool or matcher; of a crash, its kind
	Type      string `json:"type,omitzero"` // of a crash: TypeError, panic
	Message   string `json:"message"`
	File      string `json:"file,omitzero"`    // absent if it names no place
	Line      int    `json:"line"`             // from 0
	Character int    `json:"character"`        // from 0, as the tool counts
	LastSeq   uint64 `json:"lastSeq,omitzero"` // of a crash: its last log line; the event's seq is its first
	Group     string `json:"group,omitzero"`   // of a crash: the same for the same fault
	Final     bool   `json:"final"`            // nothing more will be told of it
}

// BuildData is the data of build.event.
type BuildData struct {
	Tool     string `json:"tool"`
	Phase    string `json:"phase" enum:"started|progress|succeeded|failed"`
	Part     string `json:"part,omitzero"` // the package, target or suite that it is about; absent for the whole
	Errors   int    `json:"errors"`        // of a test run: its failures
	Warnings int    `json:"warnings"`
	Tests    int    `json:"tests,omitzero"`   // of a test run
	Percent  *int   `json:"percent,omitzero"` // of progress
}

// TestData is the data of test.passed and test.failed.
type TestData struct {
	Name       string  `json:"name"`
	Message    string  `json:"message,omitzero"` // of a failure
	DurationMs float64 `json:"durationMs,omitzero"`
}

// URLData is the data of url.detected.
type URLData struct {
	URL   string `json:"url"`
	Port  int    `json:"port"`
	State string `json:"state" enum:"verified|claimed"`
}
