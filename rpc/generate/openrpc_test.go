package generate

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
)

// TestOpenRPC: the document keeps to the structure of OpenRPC 1.3
// (https://spec.open-rpc.org), its references lead somewhere, and its schemas
// are schemas.
func TestOpenRPC(t *testing.T) {
	for _, problem := range problemsOf(t, document(t)) {
		t.Error(problem)
	}
	d, err := NewDocument(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range uncompilable(t, d) {
		t.Error(err)
	}
}

func document(t *testing.T) map[string]any {
	t.Helper()
	d, err := NewDocument(root)
	if err != nil {
		t.Fatal(err)
	}
	text, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// uncompilable compiles every schema of a document.
func uncompilable(t *testing.T, d *Document) (errs []error) {
	t.Helper()
	c, err := NewChecker(d)
	if err != nil {
		return []error{err}
	}
	compile := func(what string, s *jsonschema.Schema) {
		if s == nil {
			return
		}
		if _, err := c.compile(what, s); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", what, err))
		}
	}
	for name, s := range d.Components.Schemas {
		compile(name, s)
	}
	for _, m := range d.Methods {
		for _, p := range m.Params {
			compile(m.Name+" "+p.Name, p.Schema)
		}
		if m.Result != nil {
			compile(m.Name+" result", m.Result.Schema)
		}
	}
	for _, n := range d.Notifications {
		compile(n.Name, n.Params)
	}
	for _, e := range d.Events {
		compile(e.Name, e.Data)
	}
	return errs
}

// rule is what an object of OpenRPC must and may have, beside x- members.
type rule struct{ must, may string }

var rules = map[string]rule{
	"document":   {"openrpc info methods", "servers components externalDocs $schema"},
	"info":       {"title version", "description termsOfService contact license"},
	"method":     {"name params", "result summary description servers tags paramStructure errors links examples deprecated externalDocs"},
	"descriptor": {"name schema", "description summary required deprecated"},
	"error":      {"code message", "data"},
	"components": {"", "schemas links errors examples examplePairings contentDescriptors tags"},
	"reference":  {"$ref", ""},
}

// structure collects what is wrong with a document.
type structure struct {
	d        map[string]any
	problems []string
}

func problemsOf(t *testing.T, d map[string]any) []string {
	t.Helper()
	s := &structure{d: d}
	s.object("document", d, "document")
	s.object("info", d["info"], "info")
	s.object("components", d["components"], "components")
	if v, _ := d["openrpc"].(string); !regexp.MustCompile(`^1\.3\.\d+$`).MatchString(v) {
		s.say("openrpc: %q is no version of OpenRPC 1.3", v)
	}
	s.methods()
	c, _ := d["components"].(map[string]any)
	for space := range c {
		for name, v := range c[space].(map[string]any) {
			if !regexp.MustCompile(`^[a-zA-Z0-9._-]+$`).MatchString(name) {
				s.say("components: the name %q", name)
			}
			switch space {
			case "errors":
				s.error(name, v)
			case "contentDescriptors":
				s.object(name, v, "descriptor")
			}
		}
	}
	s.references("", d)
	return s.problems
}

func (s *structure) say(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

// object checks an object against its rule; a reference is fine in its place.
func (s *structure) object(where string, v any, kind string) map[string]any {
	o, ok := v.(map[string]any)
	if !ok {
		s.say("%s is no %s", where, kind)
		return nil
	}
	if o["$ref"] != nil {
		kind = "reference"
	}
	r := rules[kind]
	for _, name := range strings.Fields(r.must) {
		if _, ok := o[name]; !ok {
			s.say("%s: a %s needs %s", where, kind, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if !slices.Contains(strings.Fields(r.must+" "+r.may), name) && !strings.HasPrefix(name, "x-") {
			s.say("%s: a %s has no %s", where, kind, name)
		}
	}
	return o
}

func (s *structure) methods() {
	list, _ := s.d["methods"].([]any)
	if len(list) == 0 {
		s.say("there are no methods")
	}
	names := map[any]bool{}
	for _, v := range list {
		m := s.object("a method", v, "method")
		name := fmt.Sprint(m["name"])
		if names[name] {
			s.say("%s: there are two", name)
		}
		names[name] = true
		if !slices.Contains([]any{"by-name", "by-position", "either"}, m["paramStructure"]) {
			s.say("%s: paramStructure is %v", name, m["paramStructure"])
		}
		s.params(name, m["params"])
		if m["result"] != nil {
			s.object(name+" result", m["result"], "descriptor")
		}
		s.errors(name, m["errors"])
	}
}

// params: names differ, and what is required comes first.
func (s *structure) params(method string, v any) {
	list, ok := v.([]any)
	if !ok {
		s.say("%s: params is no list", method)
	}
	names, optional := map[any]bool{}, false
	for _, v := range list {
		p := s.object(method+" params", v, "descriptor")
		if p["name"] != nil && names[p["name"]] {
			s.say("%s: two params %v", method, p["name"])
		}
		names[p["name"]] = true
		if p["required"] == true && optional {
			s.say("%s: %v is required, but comes behind an optional one", method, p["name"])
		}
		optional = optional || p["required"] != true
	}
}

// errors: codes differ.
func (s *structure) errors(method string, v any) {
	list, _ := v.([]any)
	codes := map[any]bool{}
	for _, v := range list {
		code := s.error(method, v)
		if code != nil && codes[code] {
			s.say("%s: two errors %v", method, code)
		}
		codes[code] = true
	}
}

func (s *structure) error(where string, v any) (code any) {
	e := s.object(where+" error", v, "error")
	if n, ok := e["code"].(float64); e["$ref"] == nil && (!ok || n != float64(int(n))) {
		s.say("%s: the code %v is no integer", where, e["code"])
	}
	return e["code"]
}

// references checks that each $ref leads to something in the document.
func (s *structure) references(where string, v any) {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			s.references(fmt.Sprintf("%s/%d", where, i), e)
		}
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok && !s.resolves(ref) {
			s.say("%s: %s leads nowhere", where, ref)
		}
		for name, e := range v {
			s.references(where+"/"+name, e)
		}
	}
}

func (s *structure) resolves(ref string) bool {
	path, ok := strings.CutPrefix(ref, "#/")
	var at any = s.d
	for name := range strings.SplitSeq(path, "/") {
		o, _ := at.(map[string]any)
		at = o[name]
		ok = ok && at != nil
	}
	return ok
}
