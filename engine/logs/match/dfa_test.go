package match

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

// explosive has 2^20 states: whether each of the last 20 letters was an a.
const explosive = `a[ab]{19}c`

func randomLines(n int, letters string) []byte {
	rng := rand.New(rand.NewPCG(3, 3))
	out := make([]byte, n)
	for i := range out {
		out[i] = letters[rng.IntN(len(letters))]
		if rng.IntN(200) == 0 {
			out[i] = '\n'
		}
	}
	return out
}

// TestGivingUp: where each byte needs a new state, memory stays bounded, the
// cache is given up, and what is found is the same.
func TestGivingUp(t *testing.T) {
	text := randomLines(200_000, "ab")
	copy(text[150_000:], "aaaaaaaaaaaaaaaaaaaac")
	p := mustCompile(t, explosive, "rc")
	e := p.finder.(*expression)
	d := e.take(never)
	at, ok := d.forward.nextLine(text, 0)
	if ok || !d.forward.gaveUp {
		t.Fatalf("not given up: %d", at)
	}
	if size := d.forward.size; size > maxCache+maxCache/10 {
		t.Errorf("%d bytes", size)
	}
	e.dfas.Put(d)
	compare(t, p, text, newNaive(explosive, p.options).answer(text))
}

// TestRenewal: a cache that is emptied now and then, but serves, is not given up.
func TestRenewal(t *testing.T) {
	var text []byte
	for _, line := range splitLines(randomLines(5000, "ab")) {
		text = append(text, bytes.Repeat(append(line, '\n'), 100)...) // new once in a hundred times
	}
	e := mustCompile(t, explosive, "rc").finder.(*expression)
	e.limit = 400_000
	d := e.take(never)
	if at, ok := d.forward.nextLine(text, 0); !ok || at != -1 {
		t.Fatalf("%d, given up: %v", at, !ok)
	}
	if d.forward.served == 0 || d.forward.size > e.limit+1000 {
		t.Errorf("served %d, %d bytes", d.forward.served, d.forward.size)
	}
}

// TestConcurrentUse: one pattern, many searches; the race detector looks on.
func TestConcurrentUse(t *testing.T) {
	text := []byte(strings.Join(texts, "\n"))
	for _, query := range []string{"error", `\berr\w*\b`, `(?:a|ab)(?:c|bcd)?`, "error|warn"} {
		p := mustCompile(t, query, "r")
		want := newNaive(query, p.options).answer(text)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { compare(t, p, text, want) })
		}
		wg.Wait()
	}
}

// TestTooLarge: what would take too long for each byte is refused, in words for
// the user.
func TestTooLarge(t *testing.T) {
	for _, query := range []string{`(?:x|yy){900}`, `(?:.?){1000}(?:.?){1000}`, `(?:(?:a{10}){10}){10}b{1000}c{1000}`} {
		_, err := Compile(query, Options{Regexp: true})
		if err == nil || !strings.Contains(err.Error(), tooLarge) {
			t.Errorf("%s: %v", query, err)
		}
	}
}
