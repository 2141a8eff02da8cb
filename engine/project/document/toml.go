package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// maxEquals bounds the values of a TOML document. The decoder looks for a name
// among all others of its table, so that 40,000 names take it two seconds.
const maxEquals = 5000

// TOML reads a TOML document.
func TOML(data []byte) (*Node, *Error) {
	if bytes.Count(data, []byte("=")) > maxEquals || bytes.Count(data, []byte("\n[")) > maxEquals {
		return nil, &Error{Message: fmt.Sprintf("more than %d values or tables", maxEquals)}
	}
	if i := tooDeep(data); i >= 0 {
		return nil, &Error{newPlaces(data).of(i), errDepth.Error()}
	}
	// The decoder finds what the parser of expressions does not look for: a
	// name that is defined twice, a table that is a value.
	var whole map[string]any
	if err := toml.Unmarshal(data, &whole); err != nil {
		return nil, tomlError(err)
	}
	r := tomlReader{at: newPlaces(data), root: &Node{Kind: Object, At: Place{1, 1}}, index: make(map[*Node]map[string]*Node)}
	r.p.Reset(data)
	r.table = r.root
	for r.p.NextExpression() {
		r.expression(r.p.Expression())
	}
	if r.deep {
		return nil, &Error{Message: errDepth.Error()}
	}
	if err := r.p.Error(); err != nil {
		return nil, tomlError(err)
	}
	return r.root, nil
}

func tomlError(err error) *Error {
	text := oneLine(strings.TrimPrefix(err.Error(), "toml: "))
	if d, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, column := d.Position()
		return &Error{Place{line, column}, text}
	}
	return &Error{Message: text}
}

// tomlReader puts expressions into a tree.
type tomlReader struct {
	p     unstable.Parser
	at    *places
	root  *Node
	table *Node                      // where key = value goes
	index map[*Node]map[string]*Node // the fields of tables: a look through all would be quadratic
	deep  bool                       // a dotted name is too deep
}

func (r *tomlReader) expression(e *unstable.Node) {
	switch e.Kind {
	case unstable.KeyValue:
		r.keyValue(r.table, e, 0)
	case unstable.Table:
		r.table = r.reach(r.root, e.Key())
	case unstable.ArrayTable:
		r.table = r.element(e.Key())
	}
}

// reach gives the table that a dotted name names from n, and makes what is not
// there yet. A name through an array of tables means its last element.
func (r *tomlReader) reach(n *Node, key unstable.Iterator) *Node {
	for depth := 0; key.Next(); depth++ {
		r.deep = r.deep || depth > maxDepth
		n = r.child(last(n), key.Node(), Object)
	}
	return last(n)
}

// element adds an element to the array of tables that is named.
func (r *tomlReader) element(key unstable.Iterator) *Node {
	n := r.root
	for depth := 0; key.Next(); depth++ {
		r.deep = r.deep || depth > maxDepth
		kind := Object
		if key.IsLast() {
			kind = List
		}
		n = r.child(last(n), key.Node(), kind)
	}
	item := &Node{Kind: Object, At: n.KeyAt}
	n.Items = append(n.Items, item)
	return item
}

// last is n, or the last element of an array of tables.
func last(n *Node) *Node {
	if n.Kind == List && len(n.Items) > 0 {
		return n.Items[len(n.Items)-1]
	}
	return n
}

// child gives the field of a table, new if need be.
func (r *tomlReader) child(n *Node, key *unstable.Node, kind Kind) *Node {
	fields := r.index[n]
	if f := fields[string(key.Data)]; f != nil {
		return f
	}
	at, end := r.span(key.Raw)
	f := &Node{Kind: kind, Key: string(key.Data), At: at, End: end, KeyAt: at, KeyEnd: end}
	n.Items = append(n.Items, f)
	if fields == nil {
		fields = make(map[string]*Node)
		r.index[n] = fields
	}
	fields[f.Key] = f
	return f
}

// keyValue adds "a.b = value" to a table. The parser of expressions does not say
// where an array begins and where a table ends, but where the whole does.
func (r *tomlReader) keyValue(table *Node, e *unstable.Node, depth int) {
	end := int(e.Raw.Offset + e.Raw.Length)
	begin := int(e.Raw.Offset)
	key := e.Key()
	for key.Next() {
		depth++
		table = r.child(table, key.Node(), Object)
		begin = int(key.Node().Raw.Offset + key.Node().Raw.Length)
	}
	for begin < end && strings.IndexByte(" \t=", r.at.data[begin]) >= 0 {
		begin++
	}
	table.At = r.at.of(begin)
	r.value(table, e.Value(), depth)
	table.End = r.at.of(end)
}

// value fills n, whose place so far is its field's.
func (r *tomlReader) value(n *Node, v *unstable.Node, depth int) {
	if r.deep = r.deep || depth > maxDepth; r.deep {
		return
	}
	if v.Raw.Length > 0 {
		n.At, n.End = r.span(v.Raw)
	}
	switch v.Kind {
	case unstable.String:
		n.Kind, n.Text = Text, string(v.Data)
	case unstable.Bool:
		n.Kind, n.Text = Bool, string(v.Data)
	case unstable.Integer, unstable.Float:
		n.Kind, n.Text = Number, strings.ReplaceAll(string(v.Data), "_", "")
	case unstable.Array:
		n.Kind = List
		for it := v.Children(); it.Next(); {
			if it.Node().Kind == unstable.Comment {
				continue
			}
			item := &Node{At: n.At, End: n.At}
			r.value(item, it.Node(), depth+1)
			n.Items = append(n.Items, item)
		}
	case unstable.InlineTable:
		n.Kind = Object
		for it := v.Children(); it.Next(); {
			if it.Node().Kind == unstable.KeyValue {
				r.keyValue(n, it.Node(), depth+1)
			}
		}
	default: // dates and times
		n.Kind, n.Text = Text, string(v.Data)
	}
}

// span gives the places of a range of bytes, its first and the one behind it.
func (r *tomlReader) span(of unstable.Range) (at, end Place) {
	return r.at.of(int(of.Offset)), r.at.of(int(of.Offset + of.Length))
}
