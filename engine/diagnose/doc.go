// Package diagnose says what lines mean together: problems with a place, stack
// traces, tests and builds. It is not for single lines (detect), knows nothing
// of processes and clients, does no I/O and never asks the clock.
//
//	detect.Line -> Stream.Line       a Reader for each name of a multiplexer
//	    -> Reader.Line
//	        an open block (a stack, a lint's file) takes the line, or is closed
//	        else each matcher whose classes the line has is asked, in order
//	-> Findings -> Problems, Tests (the sets that clients see)
//
// A Reader belongs to one stream of one process. What it finds depends on its lines
// alone. Where a line may be of two tools, it is of neither: what is found in error
// is worse than what is missed.
//
// A file holds one form, and is named after it:
//
//   - reader.go asks the matchers, context.go and recent.go are what it remembers of
//     the lines before;
//   - place.go, severity.go, rule.go and verdict.go read the parts that most forms of
//     problems have in common, colon.go to words.go the forms, lint*.go those of one
//     file at a time, report*.go and json*.go those that are made for machines;
//   - stack.go is what all stacks have in common, frames.go reads JavaScript's, Java's
//     and .NET's, the others have the names of their languages;
//   - testformats.go lists the runners of tests, test*.go read one each, testrun.go is
//     what is known of a run; builds.go and watch.go read how builds go;
//   - load*.go, rules.go and errorformat.go are the user's own matchers;
//   - problems.go and tests.go are the sets.
package diagnose

import "github.com/brummer-rpc/brummer-rpc/engine/internal/lines"

// Severity is how serious a problem is.
type Severity uint8

// The severities, as LSP numbers them.
const (
	Error Severity = iota + 1
	Warning
	Information
	Hint
)

var severityNames = [...]string{"", "error", "warning", "info", "hint"}

func (s Severity) String() string { return severityNames[s] }

// ParseSeverity is the inverse of [Severity.String].
func ParseSeverity(name string) (Severity, bool) {
	for i, n := range severityNames {
		if n == name && i > 0 {
			return Severity(i), true
		}
	}
	return 0, false
}

// level is what a line that tells of such a problem is.
func (s Severity) level() lines.Level {
	switch s {
	case Error:
		return lines.Error
	case Warning:
		return lines.Warn
	}
	return lines.Info
}

// Unit is what a tool counts in a column.
type Unit uint8

// The units.
const (
	Runes   Unit = iota // characters: rustc, Python's tools
	Bytes               // Go, esbuild
	UTF16               // JavaScript's tools, Java, .NET
	Display             // characters, with tabs to the next multiple of 8: gcc
)

// Place is a place in a file as a tool printed it, but counted from 1. Zero
// means that it was not printed.
type Place struct {
	File            string
	Line, Col       int
	EndLine, EndCol int
	Unit            Unit
	Dirs            []string // folders that File may be relative to, besides the process's own
	Search          *Search  // where File may be, however deep; nil for nowhere
}

// Problem is one diagnostic.
type Problem struct {
	Place
	Severity Severity
	Code     string
	Message  string // the first line says what it is; more lines explain
	Source   string // the tool: the owner of the set that the problem is in
	At       uint64 // the line that it was found in; see [Reader.Line]
	Related  []Related
	Test     string // the test that failed here, "" for none
	Sticky   bool   // a crash: a new cycle of the tool does not clear it

	Fingerprint uint64 // of the crash; 0 for other problems

	ref uint64 // of one reader: a later finding with the same ref replaces this
}

// Related is a place that helps to understand a problem.
type Related struct {
	Place
	Message string
}

// Frame is one call of a stack.
type Frame struct {
	Place
	Func string
	App  bool // it is the workspace's own code, not a library's

	library bool // its name tells that it is a library's
}

// Cause is an error behind an error.
type Cause struct{ Type, Message string }

// Stack is one stack trace, from its head to its last line.
type Stack struct {
	Kind        string // js, python, go-panic, go-fatal, go-race, go-error, java, dotnet, rust-panic, ruby, php, lua, tcl, elixir, sanitizer
	Type        string // TypeError; panic
	Message     string
	Fatal       bool // it ended the program
	Warning     bool
	Top         Frame // the first frame of the workspace's own code
	Frames      []Frame
	Causes      []Cause
	First, Last uint64 // lines; see [Reader.Line]
	Fingerprint uint64 // the same for the same fault, wherever and whenever; see [fingerprint]
	Final       bool   // nothing more will be added

	ref uint64
}

// Status is how a test ended.
type Status uint8

// The statuses.
const (
	Passed Status = iota + 1
	Failed
	Skipped
	Todo
)

var statusNames = [...]string{"", "passed", "failed", "skipped", "todo"}

func (s Status) String() string { return statusNames[s] }

// ParseStatus is the inverse of [Status.String].
func ParseStatus(name string) (Status, bool) {
	for i, n := range statusNames {
		if n == name && i > 0 {
			return Status(i), true
		}
	}
	return 0, false
}

// Test is a test that the output names.
type Test struct {
	Name       string
	Status     Status
	Place      Place // where it failed, else its file if the output names it
	Message    string
	DurationMs float64 // 0 if it is not printed
	Framework  string
	At         uint64

	listed bool // its sign was a dash or a number, which lists have, too
}

// Summary is what a runner says at the end of a run.
type Summary struct {
	Framework                      string
	Passed, Failed, Skipped, Total int
	OK                             bool
	At                             uint64
}

// Build is a step of a build.
type Build struct {
	Tool             string
	Phase            Phase
	OK               bool   // of an end
	Errors, Warnings int    // of an end; -1 if it does not say
	Percent          int    // of progress; -1 without
	Name             string // of a part: a package, a target
	At               uint64
}

// Phase is a step's kind.
type Phase uint8

// The phases.
const (
	Started Phase = iota + 1 // a cycle begins: what the tool said before no longer holds
	Ended                    // a cycle has ended
	Part                     // a package, suite or target has ended
	Progress
)

var phaseNames = [...]string{"", "start", "end", "part", "progress"}

func (p Phase) String() string { return phaseNames[p] }

// Finding is one thing that a Reader has found; exactly one field is set.
type Finding struct {
	Problem *Problem
	Stack   *Stack
	Test    *Test
	Summary *Summary
	Build   *Build
	Clear   *Clear
}

// Clear says that problems no longer hold.
type Clear struct {
	Sources []string // of these tools; nil for all but crashes
	At      uint64
}
