package generate

import (
	"regexp"
	"testing"
)

// TestDeclaredOnce: TypeScript merges two interfaces of one name without a word,
// so the answer of proxy/requests once had a member per method.
func TestDeclaredOnce(t *testing.T) {
	_, files := written(t)
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^export (?:interface|type|const) (\w+)`).FindAllStringSubmatch(files[TypeScriptFile], -1) {
		if seen[m[1]] {
			t.Errorf("%s declares %s twice", TypeScriptFile, m[1])
		}
		seen[m[1]] = true
	}
	if len(seen) < 100 {
		t.Errorf("only %d declarations found", len(seen))
	}
}
