package wire

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Ready says how to tell that a process is ready: all parts that are given must hold together.
type Ready struct {
	Log        string  `json:"log,omitzero"`        // regular expression (RE2) that a line of its output matches
	TCP        string  `json:"tcp,omitzero"`        // HOST:PORT, or :PORT, takes a connection, whoever listens
	HTTP       string  `json:"http,omitzero"`       // a GET of this URL is answered with a status from 200 to 399
	Exec       Command `json:"exec,omitzero"`       // this command ends with code 0, in the process's folder and environment
	Port       *int    `json:"port,omitzero"`       // the process or a descendant listens on this port; 0: on any
	IntervalMs int64   `json:"intervalMs,omitzero"` // between two looks; default 500
	TimeoutMs  int64   `json:"timeoutMs,omitzero"`  // after which it counts as late, which fails those that wait for it; default 60000
}

// Live says how to tell that a process that was ready still works: all parts that are given must hold
// together. What fails too often in a row is ended; that is a failure, so restart says what follows.
type Live struct {
	TCP        string  `json:"tcp,omitzero"`        // HOST:PORT, or :PORT, takes a connection, whoever listens
	HTTP       string  `json:"http,omitzero"`       // a GET of this URL is answered with a status from 200 to 399
	Exec       Command `json:"exec,omitzero"`       // this command ends with code 0, in the process's folder and environment
	Port       *int    `json:"port,omitzero"`       // the process or a descendant listens on this port; 0: on any
	IntervalMs int64   `json:"intervalMs,omitzero"` // between two looks; default 10000
	TimeoutMs  int64   `json:"timeoutMs,omitzero"`  // of one look; default 5000
	Failures   int     `json:"failures,omitzero"`   // how many in a row end it; default 3
}

// Restart says whether a process is started again when it has ended by itself: a policy (never, onFailure,
// always), or an object with the policy and its numbers.
type Restart struct {
	Policy     string `json:"policy"`              // never, onFailure (a code other than 0, a signal, not alive) or always
	Limit      int    `json:"limit,omitzero"`      // restarts in a row before it is given up; default 10
	DelayMs    int64  `json:"delayMs,omitzero"`    // before the first, doubling with each, 20 % more or less; default 500
	MaxDelayMs int64  `json:"maxDelayMs,omitzero"` // default 30000
	StableMs   int64  `json:"stableMs,omitzero"`   // a run as long as this ends the row; default 10000
}

// plainRestart is a Restart without its methods.
type plainRestart Restart

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (r *Restart) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	switch d.PeekKind() {
	case '"':
		return json.UnmarshalDecode(d, &r.Policy)
	case '{':
		return json.UnmarshalDecode(d, (*plainRestart)(r))
	}
	if err := d.SkipValue(); err != nil {
		return err
	}
	return errors.New("want never, onFailure or always, or an object with policy")
}

// MarshalJSONTo implements json.MarshalerTo.
func (r Restart) MarshalJSONTo(e *jsontext.Encoder) error {
	if r == (Restart{Policy: r.Policy}) {
		return json.MarshalEncode(e, r.Policy)
	}
	return json.MarshalEncode(e, plainRestart(r))
}

// Watch says which changes of files restart a process, from its start until it is stopped.
type Watch struct {
	Paths      []string `json:"paths"`               // globs relative to the working folder; ** is any number of folders; a folder is all in it
	Ignore     []string `json:"ignore,omitzero"`     // globs that don't count, besides version control, node_modules and editors' backups
	DebounceMs int64    `json:"debounceMs,omitzero"` // how long it must be quiet after a change; default 200
	Cascade    bool     `json:"cascade,omitzero"`    // restart those that depend on the process as well
}
