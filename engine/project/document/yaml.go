package document

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// YAML reads the first document of a YAML file. An alias is read where it
// stands, but not within another alias: that is what makes bombs of aliases.
func YAML(data []byte) (*Node, *Error) {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, yamlError(err)
	}
	if len(root.Content) == 0 {
		return &Node{Kind: Null, At: Place{1, 1}}, nil
	}
	r := yamlReader{left: maxAliased}
	n := r.value(root.Content[0], 0, false)
	if r.deep {
		return nil, &Error{Message: errDepth.Error()}
	}
	return n, nil
}

// maxAliased is how many values all aliases of a file may add.
const maxAliased = 10_000

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)

func yamlError(err error) *Error {
	text := err.Error()
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1])
		return &Error{Place{line, 1}, oneLine(text[len(m[0]):])}
	}
	return &Error{Message: oneLine(strings.TrimPrefix(text, "yaml: "))}
}

type yamlReader struct {
	left int  // values that aliases may still add
	deep bool // something was deeper than maxDepth
}

func (r *yamlReader) value(y *yaml.Node, depth int, aliased bool) *Node {
	n := &Node{At: Place{y.Line, y.Column}}
	if r.deep = r.deep || depth > maxDepth; r.deep {
		return n
	}
	if aliased {
		if r.left--; r.left < 0 {
			return n
		}
	}
	switch y.Kind {
	case yaml.ScalarNode:
		n.Kind, n.Text = scalar(y)
	case yaml.SequenceNode:
		n.Kind = List
		for _, item := range y.Content {
			n.Items = append(n.Items, r.value(item, depth+1, aliased))
		}
	case yaml.MappingNode:
		n.Kind = Object
		r.fields(n, y, depth, aliased)
	case yaml.AliasNode:
		if !aliased && y.Alias != nil {
			target := r.value(y.Alias, depth+1, true)
			n.Kind, n.Text, n.Items = target.Kind, target.Text, target.Items
		}
	}
	return n
}

// fields reads a mapping. What "<<" merges comes first, so that the mapping's
// own fields, which are later, count.
func (r *yamlReader) fields(n *Node, y *yaml.Node, depth int, aliased bool) {
	var own []*Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], r.value(y.Content[i+1], depth+1, aliased)
		if key.Tag == "!!merge" {
			n.Items = append(n.Items, merged(value)...)
			continue
		}
		value.Key, value.KeyAt = key.Value, Place{key.Line, key.Column}
		own = append(own, value)
	}
	n.Items = append(n.Items, own...)
}

// merged gives the fields that a "<<" brings: of a mapping, or of several, the
// first of which counts most.
func merged(value *Node) []*Node {
	if value.Kind != List {
		return value.Items
	}
	var out []*Node
	for i := len(value.Items) - 1; i >= 0; i-- {
		out = append(out, value.Items[i].Items...)
	}
	return out
}

func scalar(y *yaml.Node) (Kind, string) {
	switch y.Tag {
	case "!!null":
		return Null, ""
	case "!!bool":
		return Bool, strings.ToLower(y.Value)
	case "!!int", "!!float":
		return Number, y.Value
	}
	return Text, y.Value
}
