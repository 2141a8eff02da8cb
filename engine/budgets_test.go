package engine

import "testing"

// TestBudgetsAreKept: an engine that has done nothing keeps all its budgets, and
// every metric that they name exists.
func TestBudgetsAreKept(t *testing.T) {
	e, err := New(Options{Root: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Monitor.Close()
	for _, v := range e.Monitor.Judge(Budgets) {
		if !v.Pass {
			t.Errorf("%s: %s", v.Name, v.Reason)
		}
	}
}
