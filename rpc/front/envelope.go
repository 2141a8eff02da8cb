package front

import (
	"bytes"
	stdjson "encoding/json"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// envelope is the members of a message that matter; nil if absent. They are the
// raw tokens, in the frame's own memory.
type envelope struct {
	version, id, method, params []byte
	response                    bool // it has a result or an error
	untidy                      bool // it has members besides, or some twice, or spells their names otherwise
}

// wellFormed says what is wrong with a frame as JSON, "" if nothing is. Halves of
// surrogate pairs and members given twice are not: what they are good for is for
// those to say who use them.
func wellFormed(frame []byte) string {
	switch {
	case !utf8.Valid(frame):
		return "the message is not valid UTF-8"
	case !jsontext.Value(frame).IsValid(lenient):
		return "the message is not valid JSON"
	}
	return ""
}

var lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// parseEnvelope reads the top level of an object, which must be well-formed
// JSON. Other members are ignored; of doubles the last one counts.
func parseEnvelope(object []byte) envelope {
	var e envelope
	p := parser{object, 1}
	for p.more('}') {
		token := p.value()
		key := text(token)
		p.skip(':')
		v := p.value()
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
	return e
}

func (e *envelope) set(member *[]byte, v []byte) {
	e.untidy = e.untidy || *member != nil
	*member = v
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
