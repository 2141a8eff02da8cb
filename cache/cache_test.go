package cache

import (
	"math/rand/v2"
	"sync"
	"testing"
)

func open(t *testing.T, budget int64) *Cache[string] {
	t.Helper()
	c, err := Open[string](budget)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestLookup(t *testing.T) {
	c := open(t, 1<<20)
	c.Put(Key{1, 2}, "a", 1)
	c.Put(Key{2, 1}, "b", 1)
	c.Settle()
	for k, want := range map[Key]string{{1, 2}: "a", {2, 1}: "b"} {
		if got, ok := c.Lookup(k); !ok || got != want {
			t.Errorf("%v: %q, %v; want %q", k, got, ok, want)
		}
	}
	if got, ok := c.Lookup(Key{1, 1}); ok {
		t.Errorf("a key that was never put has %q", got)
	}
	if s := c.Stats(); s.Hits != 2 || s.Misses != 1 || s.Bytes != 2*(1+overhead) {
		t.Errorf("%+v", s)
	}
}

// TestNeverAnother puts far more than fits, from several sides: what is found is
// always what was put under that key, and the budget holds.
func TestNeverAnother(t *testing.T) {
	const budget = 64 << 10
	c := open(t, budget)
	var all sync.WaitGroup
	for worker := range uint64(4) {
		all.Go(func() {
			rng := rand.New(rand.NewPCG(worker, 1))
			for range 20_000 {
				k := Key{rng.Uint32N(64), rng.Uint32N(64)}
				want := string([]byte{byte(k.A), byte(k.B)})
				if got, ok := c.Lookup(k); ok && got != want {
					t.Errorf("%v holds %q", k, got)
					return
				}
				c.Put(k, want, 100)
			}
		})
	}
	all.Wait()
	c.Settle()
	if s := c.Stats(); s.Bytes > budget || s.Evicted+s.Refused == 0 {
		t.Errorf("%+v in a budget of %d", s, budget)
	}
}

func TestMixIsABijection(t *testing.T) {
	seen := map[uint64]Key{}
	for a := range uint32(256) {
		for b := range uint32(256) {
			k := Key{a << 8, b}
			if other, double := seen[k.mix()]; double {
				t.Fatalf("%v and %v are one", k, other)
			}
			seen[k.mix()] = k
		}
	}
}
