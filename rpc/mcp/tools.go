package mcp

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/brummer-rpc/brummer-rpc/docs"
)

// offered are the methods that are tools: what helps to find out what is wrong,
// and to run things. Subscriptions are not: an assistant asks when it wants to
// know.
var offered = []offer{
	{method: "project/scripts", kind: reads},
	{method: "process/list", kind: reads},
	{method: "process/status", kind: reads},
	{method: "process/start", kind: acts},
	{method: "process/stop", kind: ends},
	{method: "process/restart", kind: ends},
	{method: "process/wait", kind: reads, defaults: object{"timeoutMs": 60_000}},
	{method: "process/input", kind: acts},
	{method: "logs/query", kind: reads, defaults: object{"tail": 50}, unless: []string{"after", "before", "limit"}},
	{method: "logs/search", kind: reads, defaults: object{"limit": 50}},
	{method: "problems/list", kind: reads},
	{method: "tests/list", kind: reads},
	{method: "urls/list", kind: reads},
	{method: "proxy/requests", kind: reads, defaults: object{"limit": 50}},
	{method: "proxy/request", kind: reads},
	{method: "telemetry/events", kind: reads, defaults: object{"limit": 50}},
	{method: "timeline/query", kind: reads, defaults: object{"limit": 50}},
}

// offer is a method with what a tool needs besides.
type offer struct {
	method   string
	kind     kind
	defaults object   // params that are not given: answers are to be small
	unless   []string // params that make the defaults pointless
}

// kind is what a tool does to the workspace.
type kind int

const (
	reads kind = iota
	acts
	ends // ends what runs
)

type object = map[string]any

// tool is an offer as the protocol describes it.
type tool struct {
	offer
	doc    string
	schema object
}

// tools makes the offered methods of docs/openrpc.json into tools.
func tools() []tool {
	var api struct {
		Methods []struct {
			Name    string
			Summary string
			Params  []param
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal([]byte(docs.OpenRPC), &api); err != nil {
		panic("BUG: docs/openrpc.json: " + err.Error())
	}
	var out []tool
	for _, m := range api.Methods {
		if at := slices.IndexFunc(offered, func(o offer) bool { return o.method == m.Name }); at >= 0 {
			out = append(out, tool{offered[at], m.Summary, schemaOf(m.Params, api.Components.Schemas)})
		}
	}
	return out
}

// param is a content descriptor of OpenRPC. The tokens, which every method has,
// are references and have no name here: they are not for tools.
type param struct {
	Name        string
	Description string
	Required    bool
	Schema      any
}

// schemaOf is one JSON schema for all params of a method, complete in itself.
func schemaOf(params []param, shapes map[string]any) object {
	properties, defs, required := object{}, object{}, []string{}
	for _, p := range params {
		if p.Name == "" {
			continue
		}
		s := local(p.Schema, shapes, defs).(object)
		if p.Description != "" {
			s = maps.Clone(s)
			s["description"] = p.Description
		}
		properties[p.Name] = s
		if p.Required {
			required = append(required, p.Name)
		}
	}
	return object{
		"type": "object", "properties": properties, "required": required,
		"additionalProperties": false, "$defs": defs,
	}
}

// local copies a schema with its references pointing into defs, which gets what
// they name.
func local(schema any, shapes map[string]any, defs object) any {
	switch s := schema.(type) {
	case object:
		out := object{}
		for key, value := range s {
			if key == "$ref" {
				out[key] = define(value.(string), shapes, defs)
			} else {
				out[key] = local(value, shapes, defs)
			}
		}
		return out
	case []any:
		out := make([]any, len(s))
		for i := range s {
			out[i] = local(s[i], shapes, defs)
		}
		return out
	}
	return schema
}

// define puts the shape that a reference names into defs and returns where.
func define(ref string, shapes map[string]any, defs object) string {
	name := strings.TrimPrefix(ref, "#/components/schemas/")
	if _, known := defs[name]; !known {
		defs[name] = nil // a shape may name itself
		defs[name] = local(shapes[name], shapes, defs)
	}
	return "#/$defs/" + name
}

// name is the method's with what is allowed in a tool's.
func (t tool) name() string { return strings.ReplaceAll(t.method, "/", "_") }

func (t tool) describe() *mcp.Tool {
	no := false
	hints := &mcp.ToolAnnotations{ReadOnlyHint: t.kind == reads, OpenWorldHint: &no}
	if t.kind == acts {
		hints.DestructiveHint = &no
	}
	return &mcp.Tool{Name: t.name(), Description: t.doc, InputSchema: t.schema, Annotations: hints}
}

// params are those of the call: the arguments, and the defaults where they say
// nothing.
func (t tool) params(arguments json.RawMessage) (json.RawMessage, error) {
	given := map[string]json.RawMessage{}
	if len(arguments) > 0 {
		if err := json.Unmarshal(arguments, &given); err != nil {
			return nil, fmt.Errorf("the arguments of %s are no object: %w", t.name(), err)
		}
	}
	for _, name := range t.unless {
		if _, ok := given[name]; ok {
			return json.Marshal(given)
		}
	}
	for name, value := range t.defaults {
		if _, ok := given[name]; !ok {
			given[name], _ = json.Marshal(value)
		}
	}
	return json.Marshal(given)
}
