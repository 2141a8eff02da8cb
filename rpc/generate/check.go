package generate

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// Checker tells whether messages are as the document says. It is stricter than
// the document: a member that is not in it is an error.
type Checker struct {
	d           *Document
	definitions map[string]*jsonschema.Schema
	compiled    map[string]*jsonschema.Resolved
}

// NewChecker returns a checker for d. It is not safe for concurrent use.
func NewChecker(d *Document) (*Checker, error) {
	c := &Checker{d: d, definitions: map[string]*jsonschema.Schema{}, compiled: map[string]*jsonschema.Resolved{}}
	for name, s := range d.Components.Schemas {
		s, err := local(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c.definitions[name] = s
	}
	return c, nil
}

// Params checks the params of what a client sends. Those of LSP's own methods
// have more than we read, and are not checked.
func (c *Checker) Params(method string, params json.RawMessage) error {
	m := c.method(method)
	if m == nil {
		return fmt.Errorf("there is no method %s", method)
	}
	if !strings.ContainsAny(method, "/.") {
		return nil
	}
	if len(params) == 0 || string(params) == "null" || string(params) == "[]" {
		params = json.RawMessage("{}")
	}
	s := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}}
	for _, p := range m.Params {
		if p.Ref != "" {
			p = c.d.Components.ContentDescriptors[p.Ref[strings.LastIndex(p.Ref, "/")+1:]]
		}
		s.Properties[p.Name] = p.Schema
		if p.Required {
			s.Required = append(s.Required, p.Name)
		}
	}
	return c.check("the params of "+method, s, params)
}

// Result checks what a call is answered with.
func (c *Checker) Result(method string, result json.RawMessage) error {
	m := c.method(method)
	if m == nil || m.Result == nil {
		return fmt.Errorf("%s has no result", method)
	}
	return c.check("the result of "+method, m.Result.Schema, result)
}

// Failure checks the data.kind that a call is refused with.
func (c *Checker) Failure(method, kind string) error {
	for _, f := range c.method(method).Errors {
		if slices.Contains(f.kinds(), kind) {
			return nil
		}
	}
	return fmt.Errorf("%s does not list the kind %q: see fails in rpc/table.go", method, kind)
}

// Notification checks the params of what the server sends.
func (c *Checker) Notification(name string, params json.RawMessage) error {
	for _, n := range c.d.Notifications {
		if n.Name == name {
			return c.check(name, n.Params, params)
		}
	}
	return fmt.Errorf("there is no notification %s", name)
}

func (c *Checker) method(name string) *methodObject {
	i := slices.IndexFunc(c.d.Methods, func(m methodObject) bool { return m.Name == name })
	if i < 0 {
		return nil
	}
	return &c.d.Methods[i]
}

func (c *Checker) check(what string, s *jsonschema.Schema, value json.RawMessage) error {
	r, err := c.compile(what, s)
	if err != nil {
		return fmt.Errorf("%s: the schema: %w", what, err)
	}
	var v any
	if err := json.Unmarshal(value, &v); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := r.Validate(v); err != nil {
		return fmt.Errorf("%s: %s: %w", what, value, err)
	}
	return nil
}

// compile resolves a schema together with those that it refers to.
func (c *Checker) compile(what string, s *jsonschema.Schema) (*jsonschema.Resolved, error) {
	if r := c.compiled[what]; r != nil {
		return r, nil
	}
	s, err := local(s)
	if err != nil {
		return nil, err
	}
	whole := &jsonschema.Schema{Schema: "http://json-schema.org/draft-07/schema#", AllOf: []*jsonschema.Schema{s}, Definitions: map[string]*jsonschema.Schema{}}
	if err := c.define(whole.Definitions, s); err != nil {
		return nil, err
	}
	c.compiled[what], err = whole.Resolve(nil)
	return c.compiled[what], err
}

// reference is one to a definition.
var reference = regexp.MustCompile(`"#/definitions/(\w+)"`)

// define adds the definitions that s refers to, and those that they refer to.
func (c *Checker) define(to map[string]*jsonschema.Schema, s *jsonschema.Schema) error {
	text, err := json.Marshal(s)
	for _, found := range reference.FindAllSubmatch(text, -1) {
		name := string(found[1])
		if d := c.definitions[name]; err == nil && d != nil && to[name] == nil {
			to[name] = d.CloneSchemas()
			err = c.define(to, d)
		}
	}
	return err
}

// local copies a schema so that it refers to definitions beside it, and has no
// members but those it names.
func local(s *jsonschema.Schema) (*jsonschema.Schema, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	out := &jsonschema.Schema{}
	err = json.Unmarshal([]byte(strings.ReplaceAll(string(text), refPrefix, "#/definitions/")), out)
	closeObjects(out)
	return out, err
}

func closeObjects(s *jsonschema.Schema) {
	if s.Properties != nil && s.AdditionalProperties == nil {
		s.AdditionalProperties = &jsonschema.Schema{Not: &jsonschema.Schema{}}
	}
	for part := range s.Properties {
		closeObjects(s.Properties[part])
	}
	for _, part := range s.OneOf {
		closeObjects(part)
	}
}
