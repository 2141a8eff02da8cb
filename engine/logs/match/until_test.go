package match

import (
	"bytes"
	"math/rand/v2"
	"regexp"
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
	hit := append(abLine(2<<10), 'c')
	hit[len(hit)-902] = 'a'
	if !p.Match(hit) || !p.Until(never).Match(hit) {
		t.Error("what has been ended once finds nothing any more")
	}
	if q := mustCompile(t, "ab", "c"); q.Until(stop) != q {
		t.Error("a literal is fast enough without")
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
