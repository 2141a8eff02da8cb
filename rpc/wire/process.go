package wire

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Process is a process as clients see it.
type Process struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Command   string   `json:"command"`
	Cwd       string   `json:"cwd"`
	State     string   `json:"state"` // pending, starting, running, stopping, stopped, exited, failed, backoff
	Ready     bool     `json:"ready"`
	Run       uint32   `json:"run"` // counts the starts, from 1
	PID       int      `json:"pid,omitzero"`
	ExitCode  *int     `json:"exitCode,omitzero"` // of an ended run; absent if a signal ended it
	Signal    string   `json:"signal,omitzero"`   // the signal that ended it: SIGTERM
	Reason    string   `json:"reason,omitzero"`   // why it could not be spawned
	StartedAt int64    `json:"startedAt,omitzero"`
	ExitedAt  int64    `json:"exitedAt,omitzero"`
	Restarts  int      `json:"restarts"`
	FinalSeq  uint64   `json:"finalSeq,omitzero"` // the last line of an ended run
	BlockedBy []string `json:"blockedBy"`
	URLs      []string `json:"urls"`
	Problems  Problems `json:"problems"`
	Source    string   `json:"source"` // the file that the command came from, or "call"
	Stdio     string   `json:"stdio"`
}

// Problems counts the diagnostics of a process.
type Problems struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
}

// ProcessList answers process/list.
type ProcessList struct {
	Processes []Process `json:"processes"`
	Revision  uint64    `json:"revision"`
}

// Processes answers process/stopAll.
type Processes struct {
	Processes []Process `json:"processes"`
}

// ProcessChanged is the params of process/changed. A client whose own revision
// is not Previous has missed one and calls process/list.
type ProcessChanged struct {
	Previous  uint64    `json:"previous"`
	Revision  uint64    `json:"revision"`
	Processes []Process `json:"processes"`
	Removed   []string  `json:"removed"`
}

// StartParams are those of process/start: either Script or Command.
type StartParams struct {
	Script    string            `json:"script,omitzero"`
	Command   Command           `json:"command,omitzero"`
	Name      string            `json:"name,omitzero"`
	Cwd       string            `json:"cwd,omitzero"` // relative to the workspace root
	Env       map[string]string `json:"env,omitzero"` // on top of the session's environment
	Stdio     string            `json:"stdio,omitzero"`
	Restart   string            `json:"restart,omitzero"`
	DependsOn map[string]string `json:"dependsOn,omitzero"`
	Ready     jsontext.Value    `json:"ready,omitzero"`
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
	ID      string `json:"id"`
	Signal  string `json:"signal,omitzero"`
	GraceMs *int64 `json:"graceMs,omitzero"`
	Tokens
}

// InputParams are those of process/input.
type InputParams struct {
	ID   string `json:"id"`
	Data string `json:"data,omitzero"`
	EOF  bool   `json:"eof,omitzero"`
	Tokens
}

// WaitParams are those of process/wait.
type WaitParams struct {
	ID        string `json:"id"`
	For       string `json:"for,omitzero"` // running, ready, exited or stopped; default exited
	TimeoutMs int64  `json:"timeoutMs,omitzero"`
	Tokens
}

// Script is something that can be run in the workspace.
type Script struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Command string `json:"command"`
	Cwd     string `json:"cwd"`
	Source  string `json:"source"` // the file it came from, relative to the root
	Group   string `json:"group"`
}

// Scripts answers project/scripts.
type Scripts struct {
	Scripts  []Script        `json:"scripts"`
	Problems []ScriptProblem `json:"problems"`
}

// ScriptProblem is a file that should list scripts but can't be read. Line and
// Column count from 1; absent when unknown.
type ScriptProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitzero"`
	Column  int    `json:"column,omitzero"`
	Message string `json:"message"`
}
