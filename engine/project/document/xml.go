package document

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// XML reads an XML document: an Object whose fields are the attributes, as
// "@name", and the elements, or a Text if there are neither. The tree's root has
// the document's element as its only field. Namespaces count for nothing.
func XML(data []byte) (*Node, *Error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = true
	// A file that says it has another encoding is read as what it nearly always
	// is: names and commands in ASCII.
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	root := &Node{Kind: Object, At: Place{1, 1}}
	open := []*Node{root}
	for {
		line, column := d.InputPos()
		t, err := d.Token()
		top := open[len(open)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if len(open) > maxDepth {
				return nil, &Error{Place{line, column}, errDepth.Error()}
			}
			n := element(t, Place{line, column})
			top.Items = append(top.Items, n)
			open = append(open, n)
		case xml.EndElement:
			closeElement(top)
			open = open[:len(open)-1]
		case xml.CharData:
			top.Text += string(bytes.TrimSpace(t))
		}
		switch {
		case errors.Is(err, io.EOF):
			root.Text = ""
			return root, nil
		case err != nil:
			return nil, xmlError(err)
		}
	}
}

func element(t xml.StartElement, at Place) *Node {
	n := &Node{Kind: Object, Key: t.Name.Local, At: at, KeyAt: at}
	for _, a := range t.Attr {
		n.Items = append(n.Items, &Node{Kind: Text, Key: "@" + a.Name.Local, Text: a.Value, At: at, KeyAt: at})
	}
	return n
}

// closeElement makes a text of an element that has nothing else.
func closeElement(n *Node) {
	if len(n.Items) == 0 {
		n.Kind = Text
		return
	}
	n.Text = ""
}

func xmlError(err error) *Error {
	if s, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return &Error{Place{s.Line, 1}, oneLine(s.Msg)}
	}
	return &Error{Message: oneLine(strings.TrimPrefix(err.Error(), "xml: "))}
}
