package front

import (
	"bytes"
	stdjson "encoding/json"
	"strconv"
)

// envelope is a message and the members of it that matter; nil if absent. They are
// the raw tokens, in the frame's own memory.
type envelope struct {
	message                     []byte
	version, id, method, params []byte
	object                      bool
	response                    bool // it has a result or an error
	untidy                      bool // it has members besides, or some twice, or spells their names otherwise
}

// parseEnvelope reads the top level of an object; a value of another kind has no
// members. Those that nobody knows are ignored; of doubles the last one counts. It
// reports whether the whole is one JSON value.
func parseEnvelope(message []byte) (e envelope, ok bool) {
	e.message = message
	s := scanner{b: message}
	if s.next() != '{' {
		return e, s.value(0) != nil && s.end()
	}
	e.object = true
	ok = s.list('}', func() bool {
		name := s.text()
		if name == nil || !s.token(':') {
			return false
		}
		v := s.value(1)
		e.member(name, v)
		return v != nil
	})
	return e, ok && s.end()
}

// member takes in one member.
func (e *envelope) member(token, v []byte) {
	key := text(token)
	e.untidy = e.untidy || len(key) != len(token)-2
	switch string(key) {
	case "jsonrpc":
		e.set(&e.version, v)
	case "id":
		e.set(&e.id, v)
	case "method":
		e.set(&e.method, v)
	case "params":
		e.set(&e.params, v)
	case "result", "error":
		e.response, e.untidy = true, true
	default:
		e.untidy = true
	}
}

func (e *envelope) set(member *[]byte, v []byte) {
	e.untidy = e.untidy || *member != nil
	*member = v
}

// parseBatch splits an array. It reports whether the whole is one JSON value.
func parseBatch(array []byte) (members [][]byte, ok bool) {
	s := scanner{b: array}
	s.next()
	ok = s.list(']', func() bool {
		m := s.value(1)
		members = append(members, m)
		return m != nil
	})
	return members, ok && s.end()
}

// text is the value of a string token, in the frame's own memory if nothing in it
// is escaped; nil for any other token.
func text(token []byte) []byte {
	if len(token) < 2 || token[0] != '"' {
		return nil
	}
	inner := token[1 : len(token)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	var s string
	stdjson.Unmarshal(token, &s) // lenient with halves of surrogate pairs
	return []byte(s)
}

// ID is a request's id in a form that can be compared, however it was spelled.
type ID struct {
	number int64
	text   string
	isText bool
}

// ParseID reads an id token. Only strings and whole numbers that fit 64 bits
// are ids; null, absent and anything else is not one.
func ParseID(token []byte) (id ID, ok bool) {
	if len(token) == 0 {
		return ID{}, false
	}
	if token[0] == '"' {
		return StringID(string(text(token))), true
	}
	n, err := strconv.ParseInt(string(token), 10, 64)
	if err != nil {
		return ID{}, false
	}
	return NumberID(n), true
}

func isNull(token []byte) bool { return string(token) == "null" }

// NumberID and StringID make the ID of a decoded id.
func NumberID(n int64) ID  { return ID{number: n} }
func StringID(s string) ID { return ID{text: s, isText: true} }
