package gate

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestLoadRefuses(t *testing.T) {
	const good = "[[gate]]\nname = 'a'\nbenchmark = 'BenchmarkA/brummer'\nmetric = 'allocs/op'\nwhy = 'w'\n"
	for name, tt := range map[string]struct{ text, want string }{
		"good":             {good, ""},
		"unknown key":      {good + "limmit = 3\n", "limmit"},
		"wrong type":       {good + "limit = 'three'\n", "limit = 'three'"},
		"twice":            {good + good, `two gates "a"`},
		"no reason":        {strings.Replace(good, "why = 'w'", "", 1), "why"},
		"no benchmark":     {strings.Replace(good, "BenchmarkA", "A", 1), "does not begin with Benchmark"},
		"absolute time":    {strings.Replace(good, "allocs/op", "ns/op", 1), "name a yardstick"},
		"info may be time": {strings.Replace(good, "allocs/op", "ns/op", 1) + "info = true\n", ""},
		"its own":          {good + "yardstick = 'brummer'\n", "its own yardstick"},
	} {
		file := filepath.Join(t.TempDir(), "gates.toml")
		if err := os.WriteFile(file, []byte(tt.text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := Load(file)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestGatesNameBenchmarks: the function of every gate in gates.toml is in the
// folder bench, or in that which the gate names. Whether it reports the figure is
// found when it runs.
func TestGatesNameBenchmarks(t *testing.T) {
	gates, err := Load("../gates.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gates {
		tests := testsIn(t, filepath.Join("..", g.In))
		for _, name := range g.benchmarks() {
			if !regexp.MustCompile(`(?m)^func ` + function(name) + `\(`).MatchString(tests) {
				t.Errorf("gate %s: there is no func %s", g.Name, function(name))
			}
		}
	}
}

// testsIn is the text of all tests in a folder.
func testsIn(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(dir, files, err)
	}
	var code strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	return code.String()
}
