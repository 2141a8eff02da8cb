package document

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"
)

// JSON reads JSON that may have comments and trailing commas, as tasks.json,
// deno.jsonc and tsconfig.json have.
func JSON(data []byte) (*Node, *Error) {
	if f := tooDeep(data); f >= 0 {
		return nil, &Error{newPlaces(data).of(f), errDepth.Error()}
	}
	v, err := hujson.Parse(data)
	if err != nil {
		return nil, jsonError(err)
	}
	r := jsonReader{at: newPlaces(data)}
	return r.value(&v), nil
}

// tooDeep gives the offset of the bracket that is one too many, or -1. hujson
// has no limit of its own, and its recursion would be the program's end.
func tooDeep(data []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == '\n':
			quoted = false // no string goes over a line; a quote in a comment may be alone
		case !quoted && (c == '{' || c == '['):
			if depth++; depth > maxDepth {
				return i
			}
		case !quoted && (c == '}' || c == ']'):
			depth--
		}
	}
	return -1
}

// hujsonError is the form of all of hujson's errors.
var hujsonError = regexp.MustCompile(`^hujson: line (\d+), column (\d+): (?s:(.*))$`)

func jsonError(err error) *Error {
	m := hujsonError.FindStringSubmatch(err.Error())
	if m == nil {
		return &Error{Message: oneLine(strings.TrimPrefix(err.Error(), "hujson: "))}
	}
	line, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	return &Error{Place{line, column}, oneLine(m[3])}
}

type jsonReader struct{ at *places }

func (r *jsonReader) value(v *hujson.Value) *Node {
	n := &Node{At: r.at.of(v.StartOffset)}
	switch t := v.Value.(type) {
	case hujson.Literal:
		n.Kind, n.Text = literal(t)
	case *hujson.Array:
		n.Kind = List
		for i := range t.Elements {
			n.Items = append(n.Items, r.value(&t.Elements[i]))
		}
	case *hujson.Object:
		n.Kind = Object
		for i := range t.Members {
			m := &t.Members[i]
			at := r.at.of(m.Name.StartOffset)
			field := r.value(&m.Value)
			_, field.Key = literal(m.Name.Value.(hujson.Literal))
			field.KeyAt = at
			n.Items = append(n.Items, field)
		}
	}
	return n
}

func literal(l hujson.Literal) (Kind, string) {
	switch l.Kind() {
	case '"':
		var s string
		_ = json.Unmarshal(l, &s) // hujson has checked it; what is no UTF-8 becomes U+FFFD
		return Text, s
	case '0':
		return Number, string(l)
	case 't', 'f':
		return Bool, string(l)
	}
	return Null, ""
}
