package match

import (
	"math/rand/v2"
	"regexp/syntax"
	"testing"
	"unicode/utf8"
)

// TestClassesDecode compares what is decoded by hand with utf8, for every rune and
// for bytes that are no UTF-8.
func TestClassesDecode(t *testing.T) {
	re, err := syntax.Parse(`[а-яё]+|\p{Han}{2}|[\x{10000}-\x{10fff}]|é|\x{fffd}|\b`, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	p, err := compileForward(re)
	if err != nil {
		t.Fatal(err)
	}
	c := p.classes
	check := func(b []byte) {
		r, want := utf8.DecodeRune(b)
		if class, size := c.next(b); class != c.find(r) || size != want {
			t.Fatalf("% x: class %d of %d bytes; %q has class %d and %d bytes", b, class, size, r, c.find(r), want)
		}
	}
	for r := rune(0); r <= utf8.MaxRune; r++ {
		check(utf8.AppendRune(nil, r))
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200_000 {
		b := make([]byte, 1+rng.IntN(4))
		for i := range b {
			b[i] = byte(0x70 + rng.IntN(0x90)) // few are ASCII
		}
		check(b)
	}
	if len(c.pages) > 200 {
		t.Errorf("%d pages: those of one class are not shared", len(c.pages))
	}
}
