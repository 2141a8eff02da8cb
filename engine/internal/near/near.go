// Package near finds the names that somebody may have meant who typed another
// one. It knows nothing of what the names are.
package near

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// most is how many names are given.
const most = 5

// Names gives up to five of all names that somebody who typed a name may have
// meant, the nearest first; equals stay in their order. Case counts for nothing:
// "Dev" means "dev".
func Names(typed string, all iter.Seq[string]) []string {
	type candidate struct {
		text     string
		distance int
	}
	var found []candidate
	lower, seen := []rune(strings.ToLower(typed)), make(map[string]bool)
	for text := range all {
		if seen[text] {
			continue
		}
		seen[text] = true
		if d, ok := distance(lower, text); ok {
			found = append(found, candidate{text, d})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, c := range found[:min(len(found), most)] {
		names = append(names, c.text)
	}
	return names
}

// maxTypos is how many edits a name of n characters may be away: one for a
// short name, where two would let nearly everything in, and four at most. Three
// letters in a word of nine is where a guess still looks like one.
func maxTypos(n int) int { return min(max(1, n/3), 4) }

// distance is the edit distance from typed (lower case) to text, or false if
// it is more than maxTypos. Names that differ too much in length, such as a
// request of a megabyte, are refused before the quadratic part.
func distance(typed []rune, text string) (int, bool) {
	n := utf8.RuneCountInString(text)
	most := maxTypos(max(n, len(typed)))
	if n-len(typed) > most || len(typed)-n > most {
		return 0, false
	}
	d := edits(typed, []rune(strings.ToLower(text)))
	return d, d <= most
}

// edits counts the insertions, deletions, substitutions and swaps of neighbours
// that turn a into b: the "optimal string alignment" distance. Swaps count as
// one, because "tset" for "test" is the commonest slip there is.
//
// Three rows of the usual table are enough: a swap looks two rows back. See
// https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance, first algorithm.
func edits(a, b []rune) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+differ(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

// differ is the cost of having y in the place of x.
func differ(x, y rune) int {
	if x == y {
		return 0
	}
	return 1
}
