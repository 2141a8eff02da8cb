package match

import (
	"bytes"
	"math/rand/v2"
	"slices"
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
	d := e.take()
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
	d := e.take()
	if at, ok := d.forward.nextLine(text, 0); !ok || at != -1 {
		t.Fatalf("%d, given up: %v", at, !ok)
	}
	if d.forward.served == 0 || d.forward.size > e.limit+1000 {
		t.Errorf("served %d, %d bytes", d.forward.served, d.forward.size)
	}
}

// TestLanes puts a match into all parts of a long text, with what else ends the
// run through lanes: long lines, other bytes, half a match, the end.
func TestLanes(t *testing.T) {
	p := mustCompile(t, `\b[g-z][0-9]{60}\b`, "rc")
	plain := append(randomLines(12*maxLane, "abc "), '\n')
	p.Next(plain, 0) // makes the states
	hit := "x" + strings.Repeat("0123456789", 6)
	for _, other := range []string{"", "über \xff\xfe\xe2\x82\n", strings.Repeat("日本語\xff", 2*maxLane) + "\n", strings.Repeat("long ", maxLane) + "\n", hit[:60] + "\n\n"} {
		for at := 0; at <= len(plain); at += 900 {
			at := lineEnd(plain, at)
			middle := lineEnd(plain, at/2)
			before := slices.Concat(plain[:middle], []byte(other), plain[middle:at])
			want := len(before) + len(hit)
			text := slices.Concat(before, []byte(hit+" here\n"), plain[at:])
			if got := p.Next(text, 0); got != want {
				t.Errorf("%.5q, at %d: %d, want %d", other, at, got, want)
			}
			if got := p.Next(text, want+len(" here\n")); got != -1 {
				t.Errorf("%.5q, behind %d: %d", other, at, got)
			}
			if got := p.Next(append(before, hit...), 0); got != want-1 {
				t.Errorf("%.5q, at the end, %d: %d, want %d", other, at, got, want-1)
			}
		}
	}
}

// TestLaneEnds has the match in the rest of a lane that is longer than another,
// across the place where the shorter one has ended.
func TestLaneEnds(t *testing.T) {
	p := mustCompile(t, `\b[g-z][0-9]{60}\b`, "rc")
	even := bytes.Repeat([]byte(strings.Repeat("a", 31)+"\n"), 12*maxLane/32) // all lanes have maxLane bytes
	p.Next(append([]byte("\n000\n--0\n"), even...), 0)                        // makes the states that a mistake would lead to
	hit := "x" + strings.Repeat("0123456789", 6)
	for lane := 1; lane <= 8; lane++ {
		for pad := range 32 {
			line := strings.Repeat("-", pad) + hit
			at := 2*minLane + lane*maxLane
			text := slices.Concat(even[:at], []byte(line), even[at+31:])
			if got := p.Next(text, 0); got != at+len(line) {
				t.Errorf("lane %d, %d before: %d, want %d", lane, pad, got, at+len(line))
			}
		}
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
