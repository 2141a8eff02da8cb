package match

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestPair puts one pair of bytes at each place of buffers of all lengths
// around the vectors', with bytes that are half a pair everywhere.
func TestPair(t *testing.T) {
	p, _ := newPair([]byte("q--z"), false)
	for _, k := range kernels {
		for n := k.width; n < 200; n++ {
			b := bytes.Repeat([]byte("q-z"), 100)[:n+3] // q is three before q, z before z
			if got := k.pair(&b[0], n, p); got != -1 {
				t.Fatalf("%s, %d places, none: %d", k.name, n, got)
			}
			for at := range n {
				b := make([]byte, n+3)
				b[at], b[at+3] = 'q', 'z'
				if at > 0 {
					b[at-1] = 'q'
				}
				if got := k.pair(&b[0], n, p); got != at {
					t.Fatalf("%s, %d places, at %d: %d", k.name, n, at, got)
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
