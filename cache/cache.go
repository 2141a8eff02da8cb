// Package cache remembers results by a pair of numbers, within a budget of
// bytes. It is the only user of ristretto and knows nothing of what it keeps:
// not of logs, not of queries, and never whether an entry is still wanted.
//
// An entry is put once and never changed. Putting may be refused, and an entry
// may be gone at any later time: whoever asks must be able to work it out again.
package cache

import (
	"fmt"
	"sync/atomic"

	"github.com/dgraph-io/ristretto/v2"
)

// Key names an entry. Two keys never share an entry.
type Key struct{ A, B uint32 }

// Stats is what a cache has done since it was opened.
type Stats struct {
	Hits, Misses uint64
	Evicted      uint64 // entries that had to make room
	Refused      uint64 // entries that were not taken
	Bytes        int64  // held now, as they were declared, with what an entry costs besides
}

// Cache holds values of one type. Its methods may be called at any time from
// anywhere; [Cache.Close] waits for nobody and must come last.
type Cache[V any] struct {
	r *ristretto.Cache[uint64, V]

	hits, misses, evicted, refused atomic.Uint64
}

// overhead is what an entry costs beside its value: ristretto's own item, the
// map's slot, the key in the admission policy.
const overhead = 160

// Open makes a cache of at most budget bytes. It starts ristretto's goroutines,
// which end with [Cache.Close].
func Open[V any](budget int64) (*Cache[V], error) {
	c := &Cache[V]{}
	r, err := ristretto.NewCache(&ristretto.Config[uint64, V]{
		// Ten counters for each entry that can be held, as ristretto's manual
		// says, if an entry has 1 KiB; a counter takes three bytes.
		NumCounters: max(1024, 10*budget/1024),
		MaxCost:     budget,
		BufferItems: 64,
		// The identity: mix has made the key, and is a bijection, so different
		// keys have different hashes and nothing needs to be compared.
		KeyToHash:          func(k uint64) (uint64, uint64) { return k, 0 },
		IgnoreInternalCost: true, // overhead is ours, and has the map in it too
		OnEvict:            func(*ristretto.Item[V]) { c.evicted.Add(1) },
		OnReject:           func(*ristretto.Item[V]) { c.refused.Add(1) },
	})
	if err != nil {
		return nil, fmt.Errorf("cache of %d bytes: %w", budget, err)
	}
	c.r = r
	return c, nil
}

// Lookup returns what was put under k, if it is still here.
func (c *Cache[V]) Lookup(k Key) (V, bool) {
	v, ok := c.r.Get(k.mix())
	if ok {
		c.hits.Add(1)
	} else {
		c.misses.Add(1)
	}
	return v, ok
}

// Put offers v, which has so many bytes. It takes effect a little later, or not
// at all.
func (c *Cache[V]) Put(k Key, v V, bytes int) {
	if !c.r.Set(k.mix(), v, int64(bytes)+overhead) {
		c.refused.Add(1)
	}
}

// Settle returns when what was put before is either here or refused.
func (c *Cache[V]) Settle() { c.r.Wait() }

// Close ends the cache. No other method may run meanwhile or afterwards.
func (c *Cache[V]) Close() { c.r.Close() }

// Stats returns the counters; they are read one after the other.
func (c *Cache[V]) Stats() Stats {
	return Stats{
		Hits: c.hits.Load(), Misses: c.misses.Load(),
		Evicted: c.evicted.Load(), Refused: c.refused.Load(),
		Bytes: c.r.MaxCost() - c.r.RemainingCost(),
	}
}

// mix spreads a key over all 64 bits, as ristretto takes its shard, its counter
// and its bloom filter's bits from them. It is the finalizer of SplitMix64
// (Steele, Lea, Flood 2014), a bijection.
func (k Key) mix() uint64 {
	x := uint64(k.A)<<32 | uint64(k.B)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
