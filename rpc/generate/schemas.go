package generate

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// refPrefix is where schemas that have a name stand in the document.
const refPrefix = "#/components/schemas/"

// Shapes that have JSON of their own.
var (
	text     = &jsonschema.Schema{Type: "string"}
	texts    = &jsonschema.Schema{Type: "array", Items: text}
	number   = &jsonschema.Schema{Type: "integer"}
	object   = &jsonschema.Schema{Type: "object"}
	policy   = &jsonschema.Schema{Type: "string", Enum: []any{"never", "onFailure", "always"}}
	idOrName = &jsonschema.Schema{Types: []string{"integer", "string"}}
)

// special are types that write themselves. Those that are no struct elsewhere
// get a name; Null, Document and bare JSON have none.
var special = map[reflect.Type]*jsonschema.Schema{
	reflect.TypeFor[wire.Null]():      {Type: "null"},
	reflect.TypeFor[wire.Document]():  object,
	reflect.TypeFor[jsontext.Value](): {},
}

var specialNamed = map[reflect.Type]*jsonschema.Schema{
	reflect.TypeFor[wire.Command](): {OneOf: []*jsonschema.Schema{text, texts}},
	reflect.TypeFor[wire.Restart](): {OneOf: []*jsonschema.Schema{policy, {
		Type: "object", Required: []string{"policy"}, Properties: map[string]*jsonschema.Schema{
			"policy": policy, "limit": number, "delayMs": number, "maxDelayMs": number, "stableMs": number,
		},
	}}},
	reflect.TypeFor[wire.Since](): {OneOf: []*jsonschema.Schema{text, {
		Type: "object", Properties: map[string]*jsonschema.Schema{"tail": number}, Required: []string{"tail"},
	}}},
	reflect.TypeFor[wire.ColumnRun](): {
		Type: "array", MinItems: jsonschema.Ptr(5), MaxItems: jsonschema.Ptr(5),
		ItemsArray: []*jsonschema.Schema{number, text, number, text, text},
	},
}

// specialFields are members whose Go type says too little, by type and field.
var specialFields = map[string]*jsonschema.Schema{
	"CancelParams.ID":           idOrName,
	"ProgressParams.Token":      idOrName,
	"Tokens.WorkDoneToken":      idOrName,
	"Tokens.PartialResultToken": idOrName,
	"LinesColumns.Text":         texts,
	"LinesRaw.Data":             {Type: "string", ContentEncoding: "base64"},

	// LSP's clients say null where they have none.
	"InitializeParams.ProcessID":        {Types: []string{"integer", "null"}},
	"InitializeParams.RootURI":          {Types: []string{"string", "null"}},
	"InitializeParams.WorkspaceFolders": {Types: []string{"array", "null"}, Items: &jsonschema.Schema{Ref: refPrefix + "WorkspaceFolder"}},
}

// schemas makes JSON schemas of the types of package wire. A struct, and what
// is in specialNamed, becomes one with a name, which others refer to.
type schemas struct {
	comments comments
	refs     map[reflect.Type]*jsonschema.Schema // what stands for a type in others
	named    map[string]*jsonschema.Schema
	unused   map[string]bool // of specialFields
}

func newSchemas(c comments) *schemas {
	s := &schemas{comments: c, refs: maps.Clone(special), named: map[string]*jsonschema.Schema{}, unused: map[string]bool{}}
	for name := range specialFields {
		s.unused[name] = true
	}
	return s
}

// ref returns a schema for t, which refers to the named ones.
func (s *schemas) ref(t reflect.Type) (*jsonschema.Schema, error) {
	if s.refs[t] == nil {
		if err := s.name(t); err != nil {
			return nil, err
		}
	}
	return s.refs[t].CloneSchemas(), nil
}

// name makes the named schema of t and of all that it consists of.
func (s *schemas) name(t reflect.Type) error {
	if s.refs[t] != nil {
		return nil
	}
	s.refs[t] = &jsonschema.Schema{Ref: refPrefix + t.Name()}
	schema := specialNamed[t].CloneSchemas()
	if schema == nil {
		var err error
		if schema, err = s.of(t); err != nil {
			return err
		}
	}
	schema.Description = s.comments[t.Name()]
	s.named[t.Name()] = schema
	return nil
}

// of makes the schema of a struct itself.
func (s *schemas) of(t reflect.Type) (*jsonschema.Schema, error) {
	for _, f := range reflect.VisibleFields(t) {
		if part := element(f.Type); !f.Anonymous && (part.Kind() == reflect.Struct || specialNamed[part] != nil) {
			if err := s.name(part); err != nil {
				return nil, err
			}
		}
	}
	others := maps.Clone(s.refs)
	delete(others, t)
	schema, err := jsonschema.ForType(t, &jsonschema.ForOptions{TypeSchemas: others})
	if err != nil {
		return nil, err
	}
	schema.AdditionalProperties = nil // a later version may have more
	for _, f := range reflect.VisibleFields(t) {
		if !f.Anonymous {
			s.finish(schema, t, f)
		}
	}
	return schema, nil
}

// element is what a type is a list of, or a pointer to, or a map to.
func element(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array || t.Kind() == reflect.Map {
		if special[t] != nil {
			return t
		}
		t = t.Elem()
	}
	return t
}

// finish says of a member what jsonschema can't know: its description, its
// values, and whether null is among them.
func (s *schemas) finish(schema *jsonschema.Schema, t reflect.Type, f reflect.StructField) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	key := ownerOf(t, f).Name() + "." + f.Name
	if instead := specialFields[key]; instead != nil {
		delete(s.unused, key)
		schema.Properties[name] = instead.CloneSchemas()
	}
	member := schema.Properties[name]
	if specialFields[key] == nil && (f.Type.Kind() != reflect.Pointer || strings.Contains(options, "omitzero")) {
		notNull(member)
	}
	if values := f.Tag.Get("enum"); values != "" {
		of := member
		if member.Items != nil {
			of = member.Items
		}
		for v := range strings.SplitSeq(values, "|") {
			of.Enum = append(of.Enum, v)
		}
	}
	member.Description = s.comments[key]
}

// ownerOf is the struct that declares f, which t may only embed.
func ownerOf(t reflect.Type, f reflect.StructField) reflect.Type {
	for _, i := range f.Index[:len(f.Index)-1] {
		t = t.Field(i).Type
	}
	return t
}

// notNull takes null away: lists are never null, and neither is an optional
// member that is there.
func notNull(s *jsonschema.Schema) {
	if i := slices.Index(s.Types, "null"); i >= 0 {
		s.Types = slices.Delete(s.Types, i, i+1)
	}
	if len(s.Types) <= 1 {
		s.Type, s.Types = strings.Join(s.Types, "")+s.Type, nil
	}
	if s.Items != nil {
		notNull(s.Items)
	}
}

// used reports specialFields that no shape has.
func (s *schemas) used() error {
	if len(s.unused) > 0 {
		return fmt.Errorf("specialFields in rpc/generate/schemas.go: no shape has %v", slices.Sorted(maps.Keys(s.unused)))
	}
	return nil
}
