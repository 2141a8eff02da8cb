package match

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
)

// abLine is a line on which hardQuery's DFA has a new state for nearly every byte.
func abLine(n int) []byte {
	rng := rand.New(rand.NewPCG(1, 1))
	line := make([]byte, n)
	for i := range line {
		line[i] = "ab"[rng.IntN(2)]
	}
	return line
}

const hardQuery = `a[ab]{900}c`

func hitOfHardQuery() []byte {
	line := append(abLine(2<<10), 'c')
	line[len(line)-902] = 'a'
	return line
}

// TestUntil ends the search in one long line: after a few looks, not after the
// whole line, and the pattern can be used as before afterwards.
func TestUntil(t *testing.T) {
	line := abLine(64 << 10)
	p := mustCompile(t, hardQuery, "rc")
	asked := 0
	stop := func() bool { asked++; return asked > 3 }
	if at := p.Until(stop).Next(line, 0); at != -1 || asked != 4 {
		t.Errorf("Next: %d after stop was asked %d times, want -1 after 4", at, asked)
	}
	asked = 0
	if p.Until(stop).Match(line) || asked != 4 {
		t.Errorf("Match: asked %d times, want 4", asked)
	}
	hit := hitOfHardQuery()
	if !p.Match(hit) || !p.Until(never).Match(hit) {
		t.Error("what has been ended once finds nothing any more")
	}
	if q := mustCompile(t, "ab", "c"); q.Until(stop) != q {
		t.Error("a literal is fast enough without")
	}
}

// TestUntilEndsRanges ends the search for the ranges of one long line, of which there
// are a thousand, each of which takes a look at all that follows: with a DFA, and
// where that has given up.
func TestUntilEndsRanges(t *testing.T) {
	plain := append(bytes.Repeat([]byte("a"), 64<<10), 'x')
	for _, query := range []string{`a.*z|a`, hardQuery + `|a`} {
		p, asked := mustCompile(t, query, "rc"), 0
		got := p.Until(func() bool { asked++; return asked > 20 }).Ranges(nil, plain, -1)
		if len(got) > 20 || asked > 25 {
			t.Errorf("%s: %d ranges after stop was asked %d times", query, len(got), asked)
		}
	}
	p, asked := mustCompile(t, hardQuery, "rc"), 0
	line := append(abLine(64<<10), hitOfHardQuery()...)
	all := p.Until(func() bool { asked++; return false }).Ranges(nil, line, -1)
	if len(all) != 1 || asked < len(line)/2048 {
		t.Errorf("%d ranges of a line for which the DFA gives up, stop was asked %d times", len(all), asked)
	}
}

// TestRangesSlowly compares ranges found one by one, as where the DFA gives up, with
// those of Go's regexp.
func TestRangesSlowly(t *testing.T) {
	for _, q := range []string{`a`, `a*`, `^a|b`, `\b`, `\B`, `a$|$`, `(?:a|ab)(?:c|bcd)?`, `\ba.`, `é?`, `.`, `(a)(?P<n>b)?`, `$`, `^`} {
		e := mustCompile(t, `(?:`+q+`)|\x{10000}`, "rc").finder.(*expression)
		for _, text := range []string{"", "a", "aa ab b", "abcd abc éa\xffb", "\xff\xfe", "ba  ab", "日a本"} {
			line := []byte(text)
			got, ok := findAll(nil, line, -1, func(from int) (int, int, bool) { return e.findSlowly(never, line, from) })
			var want [][2]int
			for _, loc := range must(e.slow()).FindAllIndex(line, -1) {
				want = append(want, [2]int{loc[0], loc[1]})
			}
			if !ok || !slices.Equal(got, want) {
				t.Errorf("%s in %q: %v, want %v", q, text, got, want)
			}
		}
	}
}

// TestLongLinesSlowly: long lines, which Go's regexp gets rune by rune, match as
// short ones do.
func TestLongLinesSlowly(t *testing.T) {
	long := bytes.Repeat([]byte("x"), longLine)
	for _, q := range []string{`^y`, `y$`, `\by\b`, `^xy`, `é\xffz`, `(x|y){3}$`, `\A\z`} {
		re := regexp.MustCompile(q)
		for _, rest := range []string{"", "y", " y ", "é\xffz", "y\x80"} {
			for _, line := range [][]byte{append([]byte(rest), long...), append(bytes.Clone(long), rest...)} {
				if got, want := matchSlowly(re, line, never), re.Match(line); got != want {
					t.Errorf("%s in %.8q...%q: %v, want %v", q, line, rest, got, want)
				}
			}
		}
	}
}
