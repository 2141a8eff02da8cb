package near

import "testing"

func TestEdits(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"same", "same", 0},
		{"kitten", "sitting", 3},
		{"tset", "test", 1},
		{"ca", "abc", 3}, // optimal string alignment; full Damerau-Levenshtein says 2
		{"été", "ete", 2},
	} {
		if got := edits([]rune(tc.a), []rune(tc.b)); got != tc.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}
