package project

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// NotFoundError says that no script has a name, and which ones are near it. The
// near ones are a field so that an editor can offer them as choices.
type NotFoundError struct {
	Name string
	// Near has at most five names or IDs of scripts, the nearest first.
	Near []string
}

// Error gives the name and the near ones, as a question.
func (e *NotFoundError) Error() string {
	text := fmt.Sprintf("no script %s", quoteForMessage(e.Name))
	if len(e.Near) == 0 {
		return text
	}
	return text + "; did you mean " + orList(e.Near) + "?"
}

// AmbiguousError says that several scripts have the same name.
type AmbiguousError struct {
	Name string
	IDs  []string // in the listing's order; any of them will do instead
}

// Error gives the name and the IDs to choose from.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%d scripts are named %s: use %s", len(e.IDs), quoteForMessage(e.Name), orList(e.IDs))
}

// orList joins names for a sentence. They are quoted like the name that was
// asked for: both may come from a file or a client that means no good.
func orList(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quoteForMessage(name)
	}
	return strings.Join(quoted, " or ")
}

// Find gives the script with the ID name, else the only one with that Name. The
// error is an *AmbiguousError or a *NotFoundError.
//
// An ID wins over a name, so that an ID always works: a makefile may well have
// a target that is called as some other script's ID is. Of several scripts with
// one name none wins; to start the wrong one is worse than to ask.
func (l Listing) Find(name string) (Script, error) {
	var named []Script
	for _, s := range l.Scripts {
		if s.ID == name {
			return s, nil
		}
		if s.Name == name {
			named = append(named, s)
		}
	}
	switch len(named) {
	case 0:
		return Script{}, &NotFoundError{Name: name, Near: l.near(name)}
	case 1:
		return named[0], nil
	}
	ids := make([]string, len(named))
	for i, s := range named {
		ids[i] = s.ID
	}
	return Script{}, &AmbiguousError{Name: name, IDs: ids}
}

// near gives up to five names or IDs that somebody who typed name may have
// meant, the nearest first. Case counts for nothing: "Dev" means "dev".
func (l Listing) near(name string) []string {
	type candidate struct {
		text     string
		distance int
	}
	var found []candidate
	// A script's name and ID both count, and many scripts share a name: each text
	// is looked at once. The sort is stable, so that equals stay in the listing's
	// order, the root's scripts first.
	typed, seen := []rune(strings.ToLower(name)), make(map[string]bool)
	for _, s := range l.Scripts {
		for _, text := range []string{s.Name, s.ID} {
			if seen[text] {
				continue
			}
			seen[text] = true
			if d, ok := distance(typed, text); ok {
				found = append(found, candidate{text, d})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, c := range found[:min(len(found), 5)] {
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
