// Package document reads TOML, YAML, XML and JSON (with comments, if need be) into
// one kind of tree that keeps what the parsers of packages and workspaces ask
// for: the order of the file, and the place of each name and value. It knows no
// file's meaning, does no I/O and writes no documents.
//
// All four formats are read to the end before anything is handed out: a
// document is whole, or there is only the error with its place.
package document

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is what a value is.
type Kind int

// The kinds. Dates are Text: nobody here calculates with them.
const (
	Null   Kind = iota
	Text        // a string
	Number      // an integer or a float, as it is written
	Bool        // "true" or "false"
	List        // elements in Items
	Object      // fields in Items, each with its Key
)

// String names the kind as a sentence about a value wants it.
func (k Kind) String() string {
	return [...]string{"nothing", "a string", "a number", "a boolean", "an array", "a table"}[k]
}

// Place is where something stands: 1-based, the column in characters. The zero
// Place is unknown.
type Place struct{ Line, Column int }

// Span is from a place up to another one, which is no part of it; the zero End is
// unknown.
type Span struct {
	Place
	End Place
}

// Node is one value of a document, or of XML one element. A nil Node is absent,
// and every method may be called on it, so that a lookup needs no checks on its
// way.
type Node struct {
	Kind  Kind
	Key   string // the field's name, within an Object
	Text  string // of a Text, Number or Bool
	Items []*Node
	At    Place // of the value
	KeyAt Place // of the name, within an Object

	End, KeyEnd Place // behind them; only TOML has these
}

// Span is where the value stands.
func (n *Node) Span() Span { return Span{n.At, n.End} }

// Name is where the field's name stands.
func (n *Node) Name() Span { return Span{n.KeyAt, n.KeyEnd} }

// Get follows field names from n. Of several fields with one name the last
// counts, as in JavaScript.
func (n *Node) Get(path ...string) *Node {
	for _, key := range path {
		n = n.field(key)
	}
	return n
}

func (n *Node) field(key string) *Node {
	if n == nil || n.Kind != Object {
		return nil
	}
	for i := len(n.Items) - 1; i >= 0; i-- {
		if n.Items[i].Key == key {
			return n.Items[i]
		}
	}
	return nil
}

// String is the text of a string, or of an XML element; "" for all others.
func (n *Node) String() string {
	if n == nil || n.Kind != Text {
		return ""
	}
	return n.Text
}

// True reports whether n is the boolean true.
func (n *Node) True() bool { return n != nil && n.Kind == Bool && n.Text == "true" }

// Strings gives the strings of a list, or a single string as a list of one:
// many formats allow both.
func (n *Node) Strings() []string {
	switch {
	case n == nil:
		return nil
	case n.Kind == Text:
		return []string{n.Text}
	case n.Kind != List:
		return nil
	}
	var out []string
	for _, item := range n.Items {
		if item.Kind == Text {
			out = append(out, item.Text)
		}
	}
	return out
}

// Fields gives the fields of an object in the file's order, each name once: of
// several with one name the last, in the place of the first.
func (n *Node) Fields() []*Node {
	if n == nil || n.Kind != Object {
		return nil
	}
	index := make(map[string]int, len(n.Items))
	out := make([]*Node, 0, len(n.Items))
	for _, f := range n.Items {
		if i, double := index[f.Key]; double {
			out[i] = f
			continue
		}
		index[f.Key] = len(out)
		out = append(out, f)
	}
	return out
}

// Elements gives the elements of a list; nothing for all others.
func (n *Node) Elements() []*Node {
	if n == nil || n.Kind != List {
		return nil
	}
	return n.Items
}

// All gives n and everything below it, each before what is in it.
func (n *Node) All() iter.Seq[*Node] {
	return func(yield func(*Node) bool) { n.walk(yield) }
}

func (n *Node) walk(yield func(*Node) bool) bool {
	if n == nil {
		return true
	}
	if !yield(n) {
		return false
	}
	for _, item := range n.Items {
		if !item.walk(yield) {
			return false
		}
	}
	return true
}

// Value is n without its places: what encoding/json makes of a document. A number
// is an int64, or a float64 if it is none.
func (n *Node) Value() any {
	switch n.Kind {
	case Text:
		return n.Text
	case Bool:
		return n.Text == "true"
	case Number:
		if i, err := strconv.ParseInt(n.Text, 0, 64); err == nil {
			return i
		}
		f, _ := strconv.ParseFloat(n.Text, 64) // the parser has seen that it is one
		return f
	case List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Value()
		}
		return list
	case Object:
		object := make(map[string]any)
		for _, f := range n.Fields() {
			object[f.Key] = f.Value()
		}
		return object
	}
	return nil
}

// Error says why a document can't be read.
type Error struct {
	Place
	Message string
}

// Error gives the place, if it is known, and the message.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return strconv.Itoa(e.Line) + ":" + strconv.Itoa(e.Column) + ": " + e.Message
}

// maxMessage bounds what is said of a mistake: libraries quote what they stumble
// over, which may be the whole file.
const maxMessage = 200

// oneLine makes a message of a library's.
func oneLine(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "\ufffd")
	if utf8.RuneCountInString(s) > maxMessage {
		s = string([]rune(s)[:maxMessage]) + "…"
	}
	return s
}

// maxDepth is how deep values may nest. No file that a person wrote comes near
// it, and recursion over what is below it needs no thought.
const maxDepth = 200

var errDepth = fmt.Errorf("more than %d levels deep", maxDepth)
