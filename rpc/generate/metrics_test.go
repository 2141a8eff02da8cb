package generate

import (
	"slices"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine"
)

// TestMetricsAreDescribed: every metric that a room registers has its line in
// Described, and the other way round. Metrics that come into being later, by
// label, are described by the name before the brace.
func TestMetricsAreDescribed(t *testing.T) {
	e, err := engine.New(engine.Options{Root: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, name := range e.Metrics.ListMetricNames() {
		family, _, _ := strings.Cut(name, "{")
		have = append(have, family)
		if !slices.ContainsFunc(engine.Described, func(m engine.Metric) bool { return m.Name == family }) {
			t.Errorf("%s is not described: add a line to engine/metrics.go and run `make generate`", family)
		}
		if !strings.HasPrefix(name, "brummer_") {
			t.Errorf("%s must be called brummer_<room>_<what>_<unit or total>", name)
		}
	}
	for _, m := range engine.Described {
		if !slices.Contains(have, m.Name) {
			t.Errorf("%s is described, but nothing registers it", m.Name)
		}
		if !strings.HasSuffix(m.Doc, ".") {
			t.Errorf("%s needs a sentence", m.Name)
		}
	}
}
