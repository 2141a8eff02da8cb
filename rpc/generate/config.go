package generate

import (
	"encoding/json"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/brummer-rpc/brummer-rpc/engine"
)

// configPage writes docs/config.md.
func configPage() []byte {
	var p page
	p.line("<!-- %s -->", strings.Replace(mark, "rpc/table.go and rpc/wire", "engine/project/config", 1))
	p.line("# brummer.toml\n")
	p.line("The processes of a workspace and the settings of its engine, in [TOML](https://toml.io). The file lies in the workspace's root; one in a folder below adds processes of that folder. The later of these win, key by key: the user's own `~/.config/brummer-rpc/config.toml`, the root's file, those below it, the environment (`BRUMMER_RPC_LOGS_BUDGET` is `logs.budget`), flags. `brummer-rpc config --origin` tells where each value comes from.\n")
	p.line("A key that is not known and a value of the wrong type are mistakes, told with their place. A change counts at once, without restarting anything: what runs with another definition is `stale` until somebody starts it again, and `project/changed` says what the change has done. While a file has a mistake, the configuration before it stays, and editors are sent the mistakes as diagnostics of the file. Nothing in a file is run until a client asks: `autostart` needs `--autostart`, or an editor that trusts the workspace. Paths of a workspace's file must not lead out of it.\n")
	p.line("`docs/brummer.schema.json` is the same for editors; with a TOML language server, write `#:schema PATH` in the first line.\n")
	p.line("A time is written `'500ms'`, `'10s'`, `'2m'`; a size `'64KiB'`, `'1GiB'`.\n")
	for _, k := range engine.ConfigKeys() {
		depth := strings.Count(k.Path, ".")
		if k.Example == "" {
			p.line("%s `[%s]`\n", strings.Repeat("#", min(2+depth, 4)), k.Path)
			p.line("%s\n", k.Doc)
			continue
		}
		p.line("**`%s`**: %s%s. %s\n", k.Path, k.Type, bounds(k), k.Doc)
		p.line("```toml\n%s = %s\n```\n", k.Path, k.Example)
	}
	return p.Bytes()
}

// bounds says what values a key may have.
func bounds(k engine.ConfigKey) string {
	switch {
	case len(k.Enum) > 0:
		return ", one of `" + strings.Join(k.Enum, "`, `") + "`"
	case k.Min != "" && k.Max != "":
		return " from " + k.Min + " to " + k.Max
	}
	return ""
}

// configSchema writes docs/brummer.schema.json.
func configSchema() ([]byte, error) {
	root := closedTable()
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "brummer.toml"
	for _, k := range engine.ConfigKeys() {
		at := root
		parts := strings.Split(k.Path, ".")
		for _, part := range parts[:len(parts)-1] {
			at = within(at, part)
		}
		s := schemaOf(k)
		s.Description = k.Doc
		at.Properties[parts[len(parts)-1]] = s
	}
	text, err := json.MarshalIndent(root, "", "  ")
	return append(text, '\n'), err
}

func closedTable() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}}}
}

// within finds the table below another one: NAME is any name, and of a key that
// may be a table or something else it is the table.
func within(s *jsonschema.Schema, key string) *jsonschema.Schema {
	if key == "NAME" {
		return s.AdditionalProperties
	}
	s = s.Properties[key]
	for _, one := range s.AnyOf {
		if one.Properties != nil {
			return one
		}
	}
	return s
}

// How times and sizes are written.
const (
	timeForm = `^([0-9.]+(ns|us|µs|ms|s|m|h))+$`
	sizeForm = `^[0-9]+ *([KMG]i?B|B)?$`
)

func schemaOf(k engine.ConfigKey) *jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	list := &jsonschema.Schema{Type: "array", Items: text}
	texts := &jsonschema.Schema{Type: "object", AdditionalProperties: text}
	either := func(all ...*jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{AnyOf: all} }
	switch k.Type {
	case "a string":
		s := &jsonschema.Schema{Type: "string"}
		for _, e := range k.Enum {
			s.Enum = append(s.Enum, e)
		}
		return s
	case "true or false":
		return &jsonschema.Schema{Type: "boolean"}
	case "an integer":
		return &jsonschema.Schema{Type: "integer"}
	case "a time":
		return &jsonschema.Schema{Type: "string", Pattern: timeForm}
	case "a size":
		return either(&jsonschema.Schema{Type: "string", Pattern: sizeForm}, &jsonschema.Schema{Type: "integer"})
	case "a string or an array of strings":
		return either(text, list)
	case "an array of names, or a table of names and conditions":
		return either(text, list, texts)
	case "a table of strings":
		return texts
	case "a string or a table":
		return either(text, closedTable())
	case "an array of strings or a table":
		return either(text, list, closedTable())
	case "an array of names, or of matchers":
		matcher := &jsonschema.Schema{Type: "object"} // VS Code's own schema says what it may have
		return either(text, matcher, &jsonschema.Schema{Type: "array", Items: either(text, matcher)})
	case "a number, a size or a time":
		return either(&jsonschema.Schema{Type: "number"}, &jsonschema.Schema{Type: "string", Pattern: sizeForm + "|" + timeForm})
	case "a table of tables":
		return &jsonschema.Schema{Type: "object", AdditionalProperties: closedTable()}
	}
	return closedTable()
}
