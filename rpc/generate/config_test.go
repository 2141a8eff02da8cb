package generate

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/pelletier/go-toml/v2"

	"github.com/brummer-rpc/brummer-rpc/engine"
)

// TestConfigSchema: what docs/config.md shows is what the schema lets in, and what
// is written wrong it does not.
func TestConfigSchema(t *testing.T) {
	text, err := configSchema()
	if err != nil {
		t.Fatal(err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	valid := func(text string) error {
		var doc map[string]any
		if err := toml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		raw, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var plain any
		if err := json.Unmarshal(raw, &plain); err != nil {
			t.Fatal(err)
		}
		return resolved.Validate(plain)
	}
	for _, k := range engine.ConfigKeys() {
		if k.Example == "" {
			continue
		}
		line := strings.ReplaceAll(k.Path, "NAME", "web") + " = "
		if err := valid(line + k.Example); err != nil {
			t.Errorf("%s%s: %v", line, k.Example, err)
		}
		if err := valid(line + "1979-05-27"); err == nil && k.Type != "a string" && !strings.Contains(k.Type, "a string or") && !strings.Contains(k.Type, "names") && !strings.Contains(k.Type, "strings or") {
			t.Errorf("%s takes a date", line)
		}
	}
	for _, wrong := range []string{"process.web.command = 'x'", "processes.web.comand = 'x'", "processes.web.replicas = '3'", "logs.budget = '64 mb'", "processes.web.stdio = 'tty'"} {
		if valid(wrong) == nil {
			t.Errorf("the schema lets in %s", wrong)
		}
	}
}
