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
	Ready     bool     `json:"ready"`                 // running, and its readiness rule has held if it has one
	Healthy   *bool    `json:"healthy,omitzero"`      // of one with a liveness rule: ready, and the rule holds
	Run       uint32   `json:"run"`                   // counts the starts, from 1
	PID       int      `json:"pid,omitzero"`          // of the run; absent if it could not be spawned
	ExitCode  *int     `json:"exitCode,omitzero"`     // of an ended run; absent if a signal ended it
	Signal    string   `json:"signal,omitzero"`       // the signal that ended it: SIGTERM
	Core      bool     `json:"core,omitzero"`         // the signal has left a core dump
	Reason    string   `json:"reason,omitzero"`       // what the state does not say: why it could not be spawned, is late, not alive, given up, what ended it from outside
	StartedAt int64    `json:"startedAt,omitzero"`    // milliseconds since the epoch
	ReadyAt   int64    `json:"readyAt,omitzero"`      // when its readiness rule held, in milliseconds since the epoch
	ExitedAt  int64    `json:"exitedAt,omitzero"`     // milliseconds since the epoch
	RestartAt int64    `json:"restartAt,omitzero"`    // in backoff: when it will be started again, in milliseconds since the epoch
	Restarts  int      `json:"restarts"`              // how often it was started again since process/start
	FinalSeq  uint64   `json:"finalSeq,omitzero"`     // number of the last line of an ended run
	BlockedBy []string `json:"blockedBy"`             // whom it waits for: pending for dependencies, stopping for dependents, or what can't be killed
	Watched   bool     `json:"watched,omitzero"`      // its files are watched: a change starts it anew, also if it has ended
	Stale     bool     `json:"stale,omitzero"`        // its definition has changed; the next requested start takes the new one
	Replicas  []string `json:"replicas,omitzero"`     // of a call by the name of a set: the ids of its members; the rest is the first one's
	URLs      []string `json:"urls"`                  // that it serves
	Problems  Problems `json:"problems"`              // found in its output
	CPU       *float64 `json:"cpu,omitzero"`          // if asked for: cores used since the last look, by all that it has started
	RSS       *int64   `json:"rss,omitzero"`          // if asked for: bytes resident, of all that it has started
	Source    string   `json:"source"`                // the file that the command came from, or "call"
	Stdio     string   `json:"stdio" enum:"pipe|pty"` // what its streams are

	Env map[string]string `json:"env,omitzero"` // only if process/status asks: what files, definition and call have set
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

// ProcessChanged is the params of process/changed. It comes when the state of a
// process changes: its urls and problems are as they are then, and urls/changed and
// problems/changed tell when these change, with its name.
type ProcessChanged struct {
	Previous  uint64    `json:"previous"`  // the revision that this continues; a client with another calls process/list
	Revision  uint64    `json:"revision"`  // the revision that the client has now
	Processes []Process `json:"processes"` // those that have changed
	Removed   []string  `json:"removed"`   // the ids of those that are gone
}

// StartParams are those of process/start.
type StartParams struct {
	Script    string            `json:"script,omitzero"`                // id or name of a script of the workspace; else command must be given
	Command   Command           `json:"command,omitzero"`               // what to run; else script must be given
	Name      string            `json:"name,omitzero"`                  // the process's id; default: the script's name, or the command's first word
	Cwd       string            `json:"cwd,omitzero"`                   // working folder, relative to the workspace root; default: the script's, or the root
	Env       map[string]string `json:"env,omitzero"`                   // on top of the session's environment and of envFiles
	EnvFiles  []string          `json:"envFiles,omitzero"`              // relative to cwd, the later ones win; default: .env, .env.local and those of mode, as far as they exist
	Mode      string            `json:"mode,omitzero"`                  // also .env.MODE and .env.MODE.local; without one, a folder with files of modes is left to the program
	Stdio     string            `json:"stdio,omitzero" enum:"pipe|pty"` // default pipe, where FORCE_COLOR, CLICOLOR_FORCE and PYTHONUNBUFFERED are set unless they are already, or NO_COLOR is; a pty has one stream, stdout
	Cols      int               `json:"cols,omitzero"`                  // columns of the pty; default 80
	Rows      int               `json:"rows,omitzero"`                  // rows of the pty; default 24
	DependsOn map[string]string `json:"dependsOn,omitzero"`             // by id or name of a set, what must have happened first: started, ready, healthy, exited, succeeded
	Ready     *Ready            `json:"ready,omitzero"`                 // how to tell that it is ready; default: it is once it runs
	Live      *Live             `json:"live,omitzero"`                  // how to tell that it still works; default: as long as it runs
	Restart   Restart           `json:"restart,omitzero"`               // default never; with live onFailure
	Watch     *Watch            `json:"watch,omitzero"`                 // which changes of files restart it
	Replicas  int               `json:"replicas,omitzero"`              // start as many, as name#1, name#2, ...; each has BRUMMER_RPC_REPLICA
	Umask     string            `json:"umask,omitzero"`                 // of the files it makes, in octal: 027
	Nice      int               `json:"nice,omitzero"`                  // -20 to 19; only root may go below 0
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

// StatusParams are those of process/status.
type StatusParams struct {
	ID     string `json:"id"`              // of the process, or the name of a set
	Reveal *bool  `json:"reveal,omitzero"` // if given, env is told: masked where a name sounds secret, or with true as it is
	Usage  bool   `json:"usage,omitzero"`  // tell cpu and rss
	Tokens
}

// ListParams are those of process/list.
type ListParams struct {
	Usage bool `json:"usage,omitzero"` // tell cpu and rss of those that run
	Tokens
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
