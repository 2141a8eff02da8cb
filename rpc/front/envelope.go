package front

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// envelope is the members of a message that matter; nil if absent. They are the
// raw tokens, in the frame's own memory.
type envelope struct {
	version, id, method, params []byte
	response                    bool // it has a result or an error
}

// wellFormed says what is wrong with a frame as JSON, "" if nothing is.
func wellFormed(frame []byte) string {
	switch {
	case !utf8.Valid(frame):
		return "the message is not valid UTF-8"
	case !json.Valid(frame):
		return "the message is not valid JSON"
	}
	return ""
}

// parseEnvelope reads the top level of an object, which must be well-formed
// JSON. Other members are ignored; of doubles the last one counts.
func parseEnvelope(object []byte) envelope {
	var e envelope
	p := parser{object, 1}
	for p.more('}') {
		key := unquote(p.value())
		p.skip(':')
		switch v := p.value(); key {
		case "jsonrpc":
			e.version = v
		case "id":
			e.id = v
		case "method":
			e.method = v
		case "params":
			e.params = v
		case "result", "error":
			e.response = true
		}
	}
	return e
}

// parseBatch splits a well-formed array.
func parseBatch(array []byte) [][]byte {
	var members [][]byte
	for p := (parser{array, 1}); p.more(']'); {
		members = append(members, p.value())
	}
	return members
}

// parser walks over well-formed JSON, so it need not check it.
type parser struct {
	b []byte
	i int
}

func (p *parser) space() {
	for p.i < len(p.b) && (p.b[p.i] == ' ' || p.b[p.i] == '\t' || p.b[p.i] == '\r' || p.b[p.i] == '\n') {
		p.i++
	}
}

func (p *parser) skip(c byte) {
	if p.space(); p.i < len(p.b) && p.b[p.i] == c {
		p.i++
	}
}

// more reports whether there is another element before the closing bracket.
func (p *parser) more(closing byte) bool {
	p.skip(',')
	p.space()
	return p.i < len(p.b) && p.b[p.i] != closing
}

// value returns the next value as a raw token.
func (p *parser) value() []byte {
	p.space()
	start, depth := p.i, 0
	for p.i < len(p.b) {
		switch p.b[p.i] {
		case '"':
			p.stringEnd()
		case '{', '[':
			depth++
			p.i++
		case '}', ']':
			if depth == 0 {
				return p.b[start:p.i]
			}
			depth--
			p.i++
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return p.b[start:p.i]
			}
			p.i++
		default:
			p.i++
			continue // inside a number or a literal
		}
		if depth == 0 {
			return p.b[start:p.i]
		}
	}
	return p.b[start:]
}

// stringEnd moves behind the string that begins here.
func (p *parser) stringEnd() {
	for p.i++; p.i < len(p.b); p.i++ {
		switch p.b[p.i] {
		case '\\':
			p.i++
		case '"':
			p.i++
			return
		}
	}
}

// unquote returns the value of a string token, "" for any other.
func unquote(token []byte) string {
	if len(token) < 2 || token[0] != '"' {
		return ""
	}
	inner := token[1 : len(token)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var s string
	json.Unmarshal(token, &s)
	return s
}

// ID is a request's id in a form that can be compared, however it was spelled:
// a number in decimal, a string behind a quotation mark. "" is no id.
type ID string

// ParseID reads an id token. Only strings and whole numbers that fit 64 bits
// are ids; null, absent and anything else is not one.
func ParseID(token []byte) (ID, bool) {
	if len(token) == 0 {
		return "", false
	}
	if token[0] == '"' {
		return ID(`"` + unquote(token)), true
	}
	n, err := strconv.ParseInt(string(token), 10, 64)
	if err != nil {
		return "", false
	}
	return ID(strconv.FormatInt(n, 10)), true
}

func isNull(token []byte) bool { return string(token) == "null" }

// NumberID and StringID make the ID of a decoded id.
func NumberID(n int64) ID  { return ID(strconv.FormatInt(n, 10)) }
func StringID(s string) ID { return ID(`"` + s) }
