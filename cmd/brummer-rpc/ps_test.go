package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFit: a table is as wide as the terminal, as far as it can be, and whole where
// there is none.
func TestFit(t *testing.T) {
	const command = "go run ./cmd/web --port 3000"
	for _, test := range []struct {
		columns int
		want    string
	}{
		{0, command}, {80, command}, {30, "go run ./cmd/web --por…"}, {10, "go run ./cm…"},
	} {
		rows := [][]string{{"NAME", "COMMAND"}, {"é-web", command}}
		fit(rows, test.columns)
		if diff := cmp.Diff([][]string{{"NAME", "COMMAND"}, {"é-web", test.want}}, rows); diff != "" {
			t.Errorf("%d columns: -want +got:\n%s", test.columns, diff)
		}
	}
}
