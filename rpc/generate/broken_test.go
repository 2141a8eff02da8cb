package generate

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
)

// TestBrokenDocuments: what TestOpenRPC looks for, it finds.
func TestBrokenDocuments(t *testing.T) {
	type object = map[string]any
	methods := func(d object) []any { return d["methods"].([]any) }
	method := func(d object, name string) object {
		i := slices.IndexFunc(methods(d), func(m any) bool { return m.(object)["name"] == name })
		return methods(d)[i].(object)
	}
	components := func(d object, space string) object { return d["components"].(object)[space].(object) }
	for want, damage := range map[string]func(object){
		"info: a info needs version":                     func(d object) { delete(d["info"].(object), "version") },
		"document: a document needs methods":             func(d object) { delete(d, "methods") },
		"document: a document has no notifications":      func(d object) { d["notifications"] = []any{} },
		`openrpc: "2.0" is no version`:                   func(d object) { d["openrpc"] = "2.0" },
		"process/list: there are two":                    func(d object) { method(d, "process/stop")["name"] = "process/list" },
		"a method: a method needs params":                func(d object) { delete(method(d, "process/list"), "params") },
		"process/list: paramStructure is ":               func(d object) { delete(method(d, "process/list"), "paramStructure") },
		"process/wait: id is required, but comes behind": func(d object) { slices.Reverse(method(d, "process/wait")["params"].([]any)) },
		"process/wait: two errors -32803": func(d object) {
			e := method(d, "process/wait")
			e["errors"] = append(e["errors"].([]any), e["errors"].([]any)[1])
		},
		"process/list result: a descriptor needs schema":     func(d object) { delete(method(d, "process/list")["result"].(object), "schema") },
		"#/components/schemas/Gap leads nowhere":             func(d object) { delete(components(d, "schemas"), "Gap") },
		`components: the name "a b"`:                         func(d object) { components(d, "schemas")["a b"] = object{} },
		"ParseError: the code x is no integer":               func(d object) { components(d, "errors")["ParseError"].(object)["code"] = "x" },
		"workDoneToken: a descriptor needs schema":           func(d object) { delete(components(d, "contentDescriptors")["workDoneToken"].(object), "schema") },
		"process/restart params: a reference has no comment": func(d object) { method(d, "process/restart")["params"].([]any)[1].(object)["comment"] = "" },
	} {
		d := document(t)
		damage(d)
		if got := problemsOf(t, d); !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("%s: not found, but %q", want, got)
		}
	}
}

// TestBrokenSchemas: a schema that can't be compiled is told, whatever it is of.
func TestBrokenSchemas(t *testing.T) {
	broken := &jsonschema.Schema{Type: "string", Pattern: "("}
	for want, damage := range map[string]func(*Document){
		"Gap":              func(d *Document) { d.Components.Schemas["Gap"] = broken },
		"process/stop id":  func(d *Document) { d.Methods[slices.IndexFunc(d.Methods, isStop)].Params[0].Schema = broken },
		"initialize":       func(d *Document) { d.Methods[0].Result.Schema = broken },
		"process/changed":  func(d *Document) { d.Notifications[0].Params = broken },
		"process.started":  func(d *Document) { d.Events[0].Data = broken },
		"definitions/Nope": func(d *Document) { d.Events[0].Data = &jsonschema.Schema{Ref: refPrefix + "Nope"} },
	} {
		d, err := NewDocument(root)
		if err != nil {
			t.Fatal(err)
		}
		damage(d)
		errs := uncompilable(t, d)
		if len(errs) == 0 || !slices.ContainsFunc(errs, func(err error) bool { return strings.Contains(err.Error(), want) }) {
			t.Errorf("%s: %v", want, errs)
		}
	}
}

func isStop(m methodObject) bool { return m.Name == "process/stop" }
