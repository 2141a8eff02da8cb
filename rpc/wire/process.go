package wire

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Process is a process as clients see it.
type Process struct {
	ID        string   `json:"id"`      // the process's name; replicas are name#1, name#2
	Name      string   `json:"name"`    // for people
	Command   string   `json:"command"` // as a shell would take it
	Cwd       string   `json:"cwd"`     // absolute
	State     string   `json:"state" enum:"pending|starting|running|stopping|stopped|exited|failed|backoff"`
	Ready     bool     `json:"ready"`                 // running, and its readiness rule holds if it has one
	Run       uint32   `json:"run"`                   // counts the starts, from 1
	PID       int      `json:"pid,omitzero"`          // of the run; absent if it could not be spawned
	ExitCode  *int     `json:"exitCode,omitzero"`     // of an ended run; absent if a signal ended it
	Signal    string   `json:"signal,omitzero"`       // the signal that ended it: SIGTERM
	Core      bool     `json:"core,omitzero"`         // the signal has left a core dump
	Reason    string   `json:"reason,omitzero"`       // why it could not be spawned, or what ended it from outside
	StartedAt int64    `json:"startedAt,omitzero"`    // milliseconds since the epoch
	ExitedAt  int64    `json:"exitedAt,omitzero"`     // milliseconds since the epoch
	Restarts  int      `json:"restarts"`              // how often it was started again since process/start
	FinalSeq  uint64   `json:"finalSeq,omitzero"`     // number of the last line of an ended run
	BlockedBy []string `json:"blockedBy"`             // what it waits for: ids of processes or, while it is stopping, what can't be killed
	URLs      []string `json:"urls"`                  // that it serves
	Problems  Problems `json:"problems"`              // found in its output
	Source    string   `json:"source"`                // the file that the command came from, or "call"
	Stdio     string   `json:"stdio" enum:"pipe|pty"` // what its streams are
}

// Problems counts the diagnostics of a process.
type Problems struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
}

// ProcessList answers process/list.
type ProcessList struct {
	Processes []Process `json:"processes"` // in the order of their first start
	Revision  uint64    `json:"revision"`  // counts the changes of the list
}

// Processes answers process/stopAll.
type Processes struct {
	Processes []Process `json:"processes"`
}

// ProcessChanged is the params of process/changed.
type ProcessChanged struct {
	Previous  uint64    `json:"previous"`  // the revision that this continues; a client with another calls process/list
	Revision  uint64    `json:"revision"`  // the revision that the client has now
	Processes []Process `json:"processes"` // those that have changed
	Removed   []string  `json:"removed"`   // the ids of those that are gone
}

// StartParams are those of process/start.
type StartParams struct {
	Script    string            `json:"script,omitzero"`                                // id or name of a script of the workspace; else command must be given
	Command   Command           `json:"command,omitzero"`                               // what to run; else script must be given
	Name      string            `json:"name,omitzero"`                                  // the process's id; default: the script's name, or the command's first word
	Cwd       string            `json:"cwd,omitzero"`                                   // working folder, relative to the workspace root; default: the script's, or the root
	Env       map[string]string `json:"env,omitzero"`                                   // on top of the session's environment
	Stdio     string            `json:"stdio,omitzero" enum:"pipe|pty"`                 // default pipe; a pty has one stream, stdout
	Cols      int               `json:"cols,omitzero"`                                  // columns of the pty; default 80
	Rows      int               `json:"rows,omitzero"`                                  // rows of the pty; default 24
	Restart   string            `json:"restart,omitzero" enum:"never|onFailure|always"` // default never; this version has nothing else
	DependsOn map[string]string `json:"dependsOn,omitzero"`                             // what must have happened to which process first; this version has none
	Ready     jsontext.Value    `json:"ready,omitzero"`                                 // how to tell that it is ready; this version has no rules
	Tokens
}

// Command is a string for the shell, or a program with its arguments.
type Command struct {
	Shell string
	Args  []string
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (c *Command) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	switch d.PeekKind() {
	case '"':
		return json.UnmarshalDecode(d, &c.Shell)
	case '[':
		return json.UnmarshalDecode(d, &c.Args)
	}
	if err := d.SkipValue(); err != nil {
		return err
	}
	return errors.New("want a string for the shell, or an array of the program and its arguments")
}

// MarshalJSONTo implements json.MarshalerTo.
func (c Command) MarshalJSONTo(e *jsontext.Encoder) error {
	if c.Args != nil {
		return json.MarshalEncode(e, c.Args)
	}
	return json.MarshalEncode(e, c.Shell)
}

// StopParams are those of process/stop.
type StopParams struct {
	ID      string `json:"id"`               // of the process
	Signal  string `json:"signal,omitzero"`  // to ask with; default TERM
	GraceMs *int64 `json:"graceMs,omitzero"` // from asking to killing; default: session/info's limits.graceMs
	Tokens
}

// InputParams are those of process/input.
type InputParams struct {
	ID   string `json:"id"`            // of the process
	Data string `json:"data,omitzero"` // what to write, as UTF-8
	EOF  bool   `json:"eof,omitzero"`  // close the input behind data; to a pty, send what stands for its end (Ctrl-D)
	Tokens
}

// SignalParams are those of process/signal.
type SignalParams struct {
	ID     string `json:"id"`     // of the process
	Signal string `json:"signal"` // its name: HUP or SIGHUP
	Tokens
}

// ResizeParams are those of process/resize.
type ResizeParams struct {
	ID   string `json:"id"`   // of the process
	Cols int    `json:"cols"` // from 1
	Rows int    `json:"rows"` // from 1
	Tokens
}

// WaitParams are those of process/wait.
type WaitParams struct {
	ID        string `json:"id"`                                               // of the process
	For       string `json:"for,omitzero" enum:"running|ready|exited|stopped"` // default exited, which any end satisfies
	TimeoutMs int64  `json:"timeoutMs,omitzero"`                               // default: no timeout
	Tokens
}

// Script is something that can be run in the workspace.
type Script struct {
	ID      string `json:"id"`      // kind and name: npm:dev
	Name    string `json:"name"`    // as its file has it
	Command string `json:"command"` // for a shell
	Cwd     string `json:"cwd"`     // absolute
	Source  string `json:"source"`  // the file it came from, relative to the root
	Group   string `json:"group"`   // for lists: the tool that runs it
}

// Scripts answers project/scripts.
type Scripts struct {
	Scripts  []Script        `json:"scripts"`
	Problems []ScriptProblem `json:"problems"` // files that could not be read
}

// ScriptProblem is a file that should list scripts but can't be read.
type ScriptProblem struct {
	File    string `json:"file"`            // relative to the root
	Line    int    `json:"line,omitzero"`   // from 1; absent when unknown
	Column  int    `json:"column,omitzero"` // from 1; absent when unknown
	Message string `json:"message"`
}
