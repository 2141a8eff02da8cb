package main

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// pretty prints a structured line as what it says and its fields, those over
// several lines below it:
//
//	api | ERROR request failed  pid=7 path=/cart
//	          stack: Error: boom
//	              at load (/p/a.js:2:1)
func (l *linePrinter) pretty(line *wire.Line) {
	l.buf = fmt.Appendf(l.buf, "%s %s", l.p.paint(fmt.Sprintf("%-5s", strings.ToUpper(line.Level)), levelColours[line.Level]), printable(line.Message))
	var below []string
	for name, value := range membersOf(line.Fields, "") {
		if strings.Contains(value, "\n") {
			below = append(below, name+": "+value)
			continue
		}
		l.buf = fmt.Appendf(l.buf, "  %s%s", l.p.paint(name+"=", "90"), printable(value))
	}
	l.buf = append(l.buf, '\n')
	for _, text := range below {
		for part := range strings.SplitSeq(text, "\n") {
			l.buf = fmt.Appendf(l.buf, "%*s%s\n", l.width+9, "", printable(part))
		}
	}
}

// printable leaves control characters out: a field must not move the cursor.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// membersOf yields the members of an object, those of objects in it with their
// path: err.stack. Texts come without quotes, lists as they are.
func membersOf(object jsontext.Value, prefix string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) { yieldMembers(object, prefix, yield) }
}

func yieldMembers(object jsontext.Value, prefix string, yield func(name, value string) bool) bool {
	d := jsontext.NewDecoder(strings.NewReader(string(object)))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return true
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return true
		}
		path := prefix + name.String()
		value, err := d.ReadValue()
		if err != nil {
			return true
		}
		switch value.Kind() {
		case '{':
			if !yieldMembers(value.Clone(), path+".", yield) {
				return false
			}
			continue
		case '"':
			text, err := jsontext.AppendUnquote(nil, value)
			if err != nil || !yield(path, string(text)) {
				return false
			}
			continue
		}
		if !yield(path, string(value)) {
			return false
		}
	}
	return true
}
