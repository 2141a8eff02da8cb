// Package wire holds the shapes of the protocol as they stand in JSON, and how
// they are written. It is the only place with json tags of the protocol; it
// does no I/O, knows no room and decides nothing.
//
// Params embed [Tokens], because any request may carry them. Optional members
// are omitted when they have their zero value, unless their zero means
// something; lists are never null. The comments of shapes and members and the
// tag enum are what docs/openrpc.json and all that is made from it say.
package wire

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Protocol is the version of the protocol, for clients to compare.
const Protocol = 1

// Tokens may be part of any params.
type Tokens struct {
	WorkDoneToken      jsontext.Value `json:"workDoneToken,omitzero"`      // for $/progress of the work
	PartialResultToken jsontext.Value `json:"partialResultToken,omitzero"` // for $/progress with parts of the result
}

// WorkDone is the token for the progress of the request's work, nil without one.
func (t Tokens) WorkDone() jsontext.Value { return t.WorkDoneToken }

// None is the params of a method that takes nothing.
type None struct{ Tokens }

// Null is a result that says only that it worked.
type Null struct{}

// AppendJSON implements [Appender].
func (Null) AppendJSON(dst []byte) []byte { return append(dst, "null"...) }

// Document is the OpenRPC document of the protocol, compact.
type Document string

// AppendJSON implements [Appender].
func (d Document) AppendJSON(dst []byte) []byte { return append(dst, d...) }

// Appender is a shape that writes itself, where reflection would cost too much.
type Appender interface {
	AppendJSON(dst []byte) []byte
}

// Encode writes v as compact JSON, as it stands: no escaping for HTML. What is
// no UTF-8, a file's name perhaps, has U+FFFD instead. Maps are sorted by key.
func Encode(v any) ([]byte, error) {
	if a, ok := v.(Appender); ok {
		return a.AppendJSON(nil), nil
	}
	return json.Marshal(v, jsontext.AllowInvalidUTF8(true), json.Deterministic(true))
}

// EncodeIn is Encode into room, as far as it is large enough and v writes itself.
func EncodeIn(room []byte, v any) ([]byte, error) {
	if a, ok := v.(Appender); ok {
		return a.AppendJSON(room[:0]), nil
	}
	return Encode(v)
}

// ID names something by its id; most verbs of a process take it.
type ID struct {
	ID string `json:"id"` // of the process
	Tokens
}
