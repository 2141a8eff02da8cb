package generate

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// wide is how long a line of an example may be.
const wide = 110

// layoutMessage writes a message on one line if it fits, else what it carries on
// several.
func layoutMessage(raw []byte) string {
	if len(raw) <= wide {
		return string(raw)
	}
	parts := split(raw)
	carried := parts[len(parts)-1].value
	i := bytes.LastIndex(raw, carried)
	return string(raw[:i]) + layout(carried, 0, i) + string(raw[i+len(carried):])
}

// layout writes JSON on one line if it fits behind so many columns, else a line
// per member or element below a margin.
func layout(raw []byte, margin, column int) string {
	if column+len(raw) <= wide || raw[0] != '{' && raw[0] != '[' {
		return string(raw)
	}
	var b strings.Builder
	b.WriteString(string(raw[0]) + "\n")
	parts := split(raw)
	for i, p := range parts {
		b.WriteString(strings.Repeat(" ", margin+2) + p.name + layout(p.value, margin+2, margin+2+len(p.name)))
		if i < len(parts)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString(strings.Repeat(" ", margin) + string(raw[len(raw)-1]))
	return b.String()
}

// part is an element of a list, or a member with its name and colon.
type part struct {
	name  string
	value []byte
}

// split takes an object or a list apart; it must be valid JSON.
func split(raw []byte) (parts []part) {
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	d.ReadToken()
	for d.PeekKind() != '}' && d.PeekKind() != ']' {
		p := part{}
		if raw[0] == '{' {
			name, _ := d.ReadValue()
			p.name = string(name) + ": "
		}
		value, err := d.ReadValue()
		if err != nil {
			panic("BUG: not JSON: " + string(raw))
		}
		p.value = bytes.Clone(value)
		parts = append(parts, p)
	}
	return parts
}
