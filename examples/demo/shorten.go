package main

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// essentials says which members of a large object tell most of the story, by a
// member that only this kind of object has. What is left out shows as "…".
var essentials = map[string][]string{
	"restarts": {"id", "state", "run", "pid", "exitCode", "signal", "reason", "finalSeq"}, // Process
	"uptimeMs": {"version", "protocol", "root", "pid", "limits"},                          // session/info
}

// shorten writes JSON on one line of at most width columns, without quotation
// marks around simple names. It leaves out no more than it must: first what is
// empty and what is not essential, then the rest of long texts and lists, and
// the end of the line at last.
func shorten(value jsontext.Value, width int) string {
	tree, err := parse(jsontext.NewDecoder(bytes.NewReader(value)))
	if err != nil {
		return clip(printable(string(value)), width)
	}
	var text string
	for _, l := range []limits{
		{text: maxInt, items: maxInt, depth: maxInt},
		{text: maxInt, items: maxInt, depth: maxInt, essential: true},
		{text: 60, items: 6, depth: maxInt, essential: true},
		{text: 40, items: 2, depth: 4, essential: true},
		{text: 30, items: 1, depth: 3, essential: true},
		{text: 20, items: 1, depth: 2, essential: true},
		{text: 30, items: 0, depth: 1, essential: true},
		{text: 20, items: 0, depth: 1, essential: true},
	} {
		text = string(l.write(nil, tree, 1))
		if utf8.RuneCountInString(text) <= width {
			return text
		}
	}
	return clip(text, width)
}

const maxInt = int(^uint(0) >> 1)

// node is a JSON value; names are those of an object's members.
type node struct {
	kind  jsontext.Kind
	text  string // of a scalar: a string's content, or else the token
	names []string
	items []node
}

func parse(d *jsontext.Decoder) (node, error) {
	token, err := d.ReadToken()
	if err != nil {
		return node{}, err
	}
	n := node{kind: token.Kind(), text: token.String()}
	if n.kind != '{' && n.kind != '[' {
		return n, nil
	}
	for d.PeekKind() != '}' && d.PeekKind() != ']' {
		if n.kind == '{' {
			name, err := d.ReadToken()
			if err != nil {
				return n, err
			}
			n.names = append(n.names, name.String())
		}
		item, err := parse(d)
		if err != nil {
			return n, err
		}
		n.items = append(n.items, item)
	}
	_, err = d.ReadToken()
	return n, err
}

// limits say how much of a value is written.
type limits struct {
	text, items, depth int
	essential          bool
}

func (l limits) write(dst []byte, n node, depth int) []byte {
	switch n.kind {
	case '"':
		return append(dst, printable(string(wire.AppendString(nil, clip(n.text, l.text))))...)
	case '{':
		return l.writeObject(dst, n, depth)
	case '[':
		return l.writeList(dst, n, depth)
	}
	return append(dst, n.text...)
}

func (l limits) writeObject(dst []byte, n node, depth int) []byte {
	if depth > l.depth && len(n.items) > 0 {
		return append(dst, "{…}"...)
	}
	left, keep := false, n.essentials()
	dst = append(dst, '{')
	for i, name := range n.names {
		if l.essential {
			if n.items[i].empty() {
				continue
			}
			if keep != nil && !keep[name] {
				left = true
				continue
			}
		}
		dst = comma(dst, '{')
		if !simpleName.MatchString(name) {
			name = printable(string(wire.AppendString(nil, name)))
		}
		dst = l.write(append(append(dst, name...), ": "...), n.items[i], depth+1)
	}
	if left {
		dst = append(comma(dst, '{'), "…"...)
	}
	return append(dst, '}')
}

func (l limits) writeList(dst []byte, n node, depth int) []byte {
	if depth > l.depth && len(n.items) > 0 {
		return append(dst, "[…]"...)
	}
	dst = append(dst, '[')
	for _, item := range n.items[:min(len(n.items), l.items)] {
		dst = l.write(comma(dst, '['), item, depth+1)
	}
	if len(n.items) > l.items {
		dst = append(comma(dst, '['), "…"...)
	}
	return append(dst, ']')
}

var simpleName = regexp.MustCompile(`^[A-Za-z_][A-Za-z_0-9]*$`)

// essentials returns the members to show; nil for all.
func (n node) essentials() map[string]bool {
	for _, name := range n.names {
		if list := essentials[name]; list != nil {
			keep := make(map[string]bool, len(list))
			for _, k := range list {
				keep[k] = true
			}
			return keep
		}
	}
	return nil
}

func (n node) empty() bool {
	switch n.kind {
	case '{', '[':
		return len(n.items) == 0
	case '"':
		return n.text == ""
	}
	return n.kind == 'n'
}

// comma separates an element from the one before.
func comma(dst []byte, open byte) []byte {
	if dst[len(dst)-1] == open {
		return dst
	}
	return append(dst, ", "...)
}

// clip cuts text to width columns, the last of which then is "…".
func clip(text string, width int) string {
	if len(text) <= width || utf8.RuneCountInString(text) <= width {
		return text
	}
	runes := []rune(text)
	return strings.TrimRight(string(runes[:max(0, width-1)]), "…") + "…"
}

// printable is text for a terminal: a line of output must not be able to move
// the cursor.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, text)
}
