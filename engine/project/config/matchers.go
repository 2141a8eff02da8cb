package config

import (
	"encoding/json"
	"fmt"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// Matchers are the problem matchers that a process's output is read with: nil is
// not said, an empty list none.
type Matchers []Matcher

// Matcher is a problem matcher by its name, or one that is written out.
type Matcher struct {
	Name string // "" if it is written out
	JSON string // VS Code's form of one
}

func (m *Matchers) decode(d *decoder, n *document.Node, path string) {
	list := n.Elements()
	switch n.Kind {
	case document.Text, document.Object:
		list = []*document.Node{n}
	case document.List:
	default:
		d.wrong(n, path, "an array of names, or of matchers", "")
		return
	}
	next, bad := MatchersOf(list)
	if bad != nil {
		d.wrong(bad, path, "the name of a matcher, or a table with a pattern", "")
		return
	}
	*m = next
}

// MatchersOf reads a list of matchers as brummer.toml and VS Code's tasks.json
// have them. bad is the first that is none, nil if all are.
func MatchersOf(list []*document.Node) (m Matchers, bad *document.Node) {
	m = Matchers{}
	for _, item := range list {
		switch item.Kind {
		case document.Text:
			m = append(m, Matcher{Name: item.Text})
		case document.Object:
			text, err := json.Marshal(item.Value())
			if err != nil {
				return nil, item // a number that JSON has no way to write
			}
			m = append(m, Matcher{JSON: string(text)})
		default:
			return nil, item
		}
	}
	return m, nil
}

// Names are those of the list.
func (m Matchers) Names() (names []string) {
	for _, one := range m {
		if one.Name != "" {
			names = append(names, one.Name)
		}
	}
	return names
}

// Written is the JSON of those that are written out, as one list; nil for none.
func (m Matchers) Written() []byte {
	var list []json.RawMessage
	for _, one := range m {
		if one.JSON != "" {
			list = append(list, json.RawMessage(one.JSON))
		}
	}
	if list == nil {
		return nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(fmt.Sprintf("BUG: what was JSON is none: %v", err))
	}
	return text
}
