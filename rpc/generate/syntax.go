package generate

import (
	"maps"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// syntax is how a language writes types.
type syntax struct {
	name    func(string) string          // of a named schema
	literal func(string) string          // a string that is a type
	list    func(of string) string       // of elements
	tuple   func(parts []string) string  // an array of fixed length
	dict    func(of string) string       // an object with any names
	member  func(name, of string) string // of an object without a name
	union   string                       // between alternatives
	plain   map[string]string            // JSON's types; "" for any value
}

// of writes a schema as a type.
func (x *syntax) of(s *jsonschema.Schema) string {
	switch {
	case s.Ref != "":
		return x.name(strings.TrimPrefix(s.Ref, refPrefix))
	case len(s.Enum) > 0:
		return x.anyOf(s.Enum, func(v any) string { return x.literal(v.(string)) })
	case len(s.OneOf) > 0:
		return anyOf(x, s.OneOf, x.of)
	case len(s.Types) > 0:
		return anyOf(x, s.Types, func(name string) string {
			one := *s
			one.Type, one.Types = name, nil
			return x.of(&one)
		})
	case len(s.ItemsArray) > 0:
		return x.tuple(each(s.ItemsArray, x.of))
	case s.Type == "array" && s.MinItems != nil:
		return x.tuple(each(make([]struct{}, *s.MinItems), func(struct{}) string { return x.of(s.Items) }))
	case s.Type == "array":
		return x.list(x.of(s.Items))
	case len(s.Properties) > 0:
		names := slices.Sorted(maps.Keys(s.Properties))
		return "{ " + strings.Join(each(names, func(n string) string { return x.member(n, x.of(s.Properties[n])) }), ", ") + " }"
	case s.AdditionalProperties != nil:
		return x.dict(x.of(s.AdditionalProperties))
	}
	return x.plain[s.Type]
}

func (x *syntax) anyOf(values []any, write func(any) string) string { return anyOf(x, values, write) }

func anyOf[T any](x *syntax, list []T, write func(T) string) string {
	return strings.Join(each(list, write), x.union)
}

func each[T any](list []T, write func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = write(v)
	}
	return out
}

// member is a member of an object, or a parameter, as all languages need it.
type member struct {
	name     string
	doc      string
	optional bool
	schema   *jsonschema.Schema
}

// membersOf lists an object's members in their order.
func membersOf(s *jsonschema.Schema) []member {
	var out []member
	for _, name := range s.PropertyOrder {
		p := s.Properties[name]
		out = append(out, member{name, p.Description, !slices.Contains(s.Required, name), p})
	}
	return out
}

// paramsOf lists a method's own parameters: without those that any request may
// have.
func paramsOf(m *methodObject) []member {
	var out []member
	for _, p := range m.Params {
		if p.Ref == "" {
			out = append(out, member{p.Name, p.Description, !p.Required, p.Schema})
		}
	}
	return out
}

// tokensOf lists the parameters that any request may have.
func tokensOf(d *Document) []member {
	var out []member
	for _, name := range slices.Sorted(maps.Keys(d.Components.ContentDescriptors)) {
		p := d.Components.ContentDescriptors[name]
		out = append(out, member{name, p.Description, true, p.Schema})
	}
	return out
}

// named lists the schemas that have a name, in its order.
func named(d *Document) []string { return slices.Sorted(maps.Keys(d.Components.Schemas)) }

// paramsName is how the type of a method's parameters is called.
func paramsName(method string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(method, func(r rune) bool { return strings.ContainsRune("$/.", r) }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String() + "Params"
}
