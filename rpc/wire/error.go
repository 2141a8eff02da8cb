package wire

import "strconv"

// Code is a JSON-RPC error code.
type Code int

// The codes that reach a client: JSON-RPC's, LSP's, and no others. What went
// wrong in the domain is said by [ErrorData.Kind].
const (
	ParseError       Code = -32700
	InvalidRequest   Code = -32600
	MethodNotFound   Code = -32601
	InvalidParams    Code = -32602
	InternalError    Code = -32603
	NotInitialized   Code = -32002
	RequestCancelled Code = -32800
	ServerCancelled  Code = -32802
	RequestFailed    Code = -32803
)

// Error is the error member of a response.
type Error struct {
	Code    Code
	Message string
	Data    ErrorData
}

// ErrorData says more, for programs.
type ErrorData struct {
	Kind     string // of a RequestFailed: process.notFound, logs.badRegexp, ...
	Path     string // of InvalidParams: a JSON pointer to the member
	Incident string // of an InternalError: what to look for in the program's log
}

func (e *Error) Error() string { return e.Message }

// AppendJSON implements [Appender].
func (e *Error) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"code":`...)
	dst = strconv.AppendInt(dst, int64(e.Code), 10)
	dst = append(dst, `,"message":`...)
	dst = AppendString(dst, e.Message)
	if data := e.DataJSON(); data != nil {
		dst = append(append(dst, `,"data":`...), data...)
	}
	return append(dst, '}')
}

// DataJSON is the data member, nil if there is nothing to say.
func (e *Error) DataJSON() []byte {
	var dst []byte
	for _, m := range []struct{ name, value string }{
		{"kind", e.Data.Kind}, {"path", e.Data.Path}, {"incident", e.Data.Incident},
	} {
		if m.value == "" {
			continue
		}
		dst = append(dst, `,"`...)
		dst = append(append(dst, m.name...), `":`...)
		dst = AppendString(dst, m.value)
	}
	if dst == nil {
		return nil
	}
	dst[0] = '{'
	return append(dst, '}')
}
