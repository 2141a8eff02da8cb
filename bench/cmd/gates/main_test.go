package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const twoGates = `
[[gate]]
name = "a.quick"
benchmark = "BenchmarkA/brummer"
metric = "allocs/op"
limit = 1
why = "it would be slow"

[[gate]]
name = "a.long"
benchmark = "BenchmarkA/long/brummer"
metric = "allocs/op"
limit = 1
long = true
why = "it would be slow"

[[gate]]
name = "b.tool"
benchmark = "BenchmarkB/brummer"
metric = "allocs/op"
limit = 1
needs = "a-program-that-nobody-has"
why = "it would be slow"
`

// TestChoice: what is chosen is listed, what is left out is said, and a choice
// of nothing is an error.
func TestChoice(t *testing.T) {
	file := filepath.Join(t.TempDir(), "gates.toml")
	if err := os.WriteFile(file, []byte(twoGates), 0o666); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]struct {
		code            int
		has, not, error string
	}{
		"-list":               {0, "a.quick\n", "b.tool\n", ""},
		"-list -run ^a":       {0, "a.long\n", "b.tool", ""},
		"-list -short":        {0, "left out: a.long is long; go run ./bench/cmd/gates -run '^a.long$'", "a.long\n", ""},
		"-list -run tool":     {1, "left out: b.tool needs a-program-that-nobody-has", "", "no gate to judge"},
		"-list -run (":        {1, "", "", "-run: error parsing regexp"},
		"-list -file nowhere": {1, "", "", "nowhere"},
		"-no-such-flag":       {2, "", "", "no-such-flag"},
	} {
		var out, errs bytes.Buffer
		given := strings.Fields(args)
		if !strings.Contains(args, "-file") {
			given = append([]string{"-file", file}, given...)
		}
		code := run(given, &out, &errs)
		if code != want.code || !strings.Contains(out.String(), want.has) || want.not != "" && strings.Contains(out.String(), want.not) || !strings.Contains(errs.String(), want.error) {
			t.Errorf("%s: exit code %d, %s%s", args, code, &out, &errs)
		}
	}
}
