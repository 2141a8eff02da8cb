package match

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestPair puts one pair of bytes at each place of buffers of all lengths around
// the vectors', which begin anywhere in a line of the cache, with bytes that are half
// a pair before it. Zeros are what a vector may hold behind the text.
func TestPair(t *testing.T) {
	for _, text := range []string{"q--z", "\x00--\x00"} {
		p, _ := newPair([]byte(text), false)
		for _, k := range kernels {
			for n := k.width; n < 200; n++ {
				none := bytes.Repeat([]byte(text[:1]+"-"+text[3:]+"-"), 75)[n%64:][:n+3] // the halves are two apart
				if got := k.pair(&none[0], n, p); got != -1 {
					t.Fatalf("%s, %q, %d places, none: %d", k.name, text, n, got)
				}
				for at := range n {
					b := bytes.Repeat([]byte("-"), 300)[(n+at)%64:][:n+3]
					b[at], b[at+3] = text[0], text[3]
					if at > 0 {
						b[at-1] = text[0]
					}
					if got := k.pair(&b[0], n, p); got != at {
						t.Fatalf("%s, %q, %d places, at %d: %d", k.name, text, n, at, got)
					}
				}
			}
		}
	}
}

// TestTeddy compares the kernels on random bytes, of which few pass.
func TestTeddy(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	finder, _ := newTeddy([]*needle{newNeedle("abc", true), newNeedle("xyz", false), newNeedle("q", false), newNeedle("über", true)})
	for _, k := range kernels {
		for n := k.width; n < 200; n++ {
			b := make([]byte, n+fingerprint-1)
			for i := range b {
				b[i] = "abxyXYA\xc3"[rng.IntN(8)]
			}
			if rng.IntN(2) == 0 {
				b[rng.IntN(len(b))] = 'q'
			}
			if got, want := k.teddy(&b[0], n, &finder.masks), teddyGeneric(b, n, &finder.masks); got != want {
				t.Fatalf("%s, %d places: %d, want %d in %q", k.name, n, got, want, b)
			}
		}
	}
}
