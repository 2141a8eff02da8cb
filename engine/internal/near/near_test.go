package near

import (
	"slices"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	all := []string{"test", "dev", "develop", "tests", "build", "Test:e2e", "dev"}
	for _, tt := range []struct {
		typed string
		want  []string
	}{
		{"tset", []string{"test"}},
		{"TEST", []string{"test", "tests"}},
		{"dve", []string{"dev"}},
		{"biuld", []string{"build"}},
		{"nothing-like-it", nil},
		{"", nil},
		{strings.Repeat("x", 1<<20), nil},
	} {
		if got := Names(tt.typed, slices.Values(all)); !slices.Equal(got, tt.want) {
			t.Errorf("%.20q: %v, want %v", tt.typed, got, tt.want)
		}
	}
	if got := Names("a", slices.Values([]string{"b", "c", "d", "e", "f", "g"})); len(got) != most {
		t.Errorf("%d names, want %d", len(got), most)
	}
}

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
