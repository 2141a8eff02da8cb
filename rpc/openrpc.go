package rpc

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"sync"

	"github.com/brummer-rpc/brummer-rpc/docs"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// Method is what the table says of a method, for those who write about it.
type Method struct {
	Name         string
	Doc          string       // one sentence
	Notification bool         // it has no answer
	Progress     bool         // it tells of its work to a client that gives a token
	Kinds        []string     // the kinds of errors that are its own
	Params       reflect.Type // of package wire
	Result       reflect.Type // of package wire; Null for a notification
}

// Notification is a message that the server sends without being asked.
type Notification struct {
	Name   string
	Doc    string // one sentence
	Params []any  // zero values of its shapes, of package wire
}

// Kind is a value of error.data.kind.
type Kind struct {
	Name string
	Doc  string // one sentence
}

// Methods returns the table in its order.
func Methods() []Method {
	var out []Method
	byPlace := func(a, b *method) int { return a.at - b.at }
	for _, m := range slices.SortedFunc(maps.Values(methods), byPlace) {
		out = append(out, Method{
			Name: m.name, Doc: m.doc, Notification: m.notification, Progress: m.title != "",
			Kinds: m.kinds, Params: m.params, Result: m.result,
		})
	}
	return out
}

// Notifications returns what the server sends without being asked.
func Notifications() []Notification { return slices.Clone(notifications) }

// Kinds returns the values of error.data.kind.
func Kinds() []Kind { return slices.Clone(kinds) }

// compact is the document as it goes into an answer, which may have no newlines.
var compact = sync.OnceValue(func() wire.Document {
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(docs.OpenRPC)); err != nil {
		panic("BUG: docs/openrpc.json: " + err.Error())
	}
	return wire.Document(b.String())
})

func discover(*call, wire.None) (wire.Document, error) { return compact(), nil }

// openRPC needs no engine.
func openRPC(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, docs.OpenRPC)
}
