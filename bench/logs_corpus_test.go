package bench

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"

	"github.com/brummer-rpc/brummer-rpc/engine/logs"
)

// corpus is text like the output of a web server: 106 bytes per line on average.
// One line of a hundred has a timeout, one of fifty thousand is refused with
// ECONNREFUSED, one of three is a GET, and one of fifty is an error by its level.
type corpus struct {
	text  []byte
	ends  []uint32 // of the lines, within a batch
	batch []int    // where batches of about 64 KiB end, in lines
}

var (
	corporaMu sync.Mutex
	corpora   = map[int]*corpus{}
)

// corpusOf returns the corpus of so many lines, the same each time.
func corpusOf(n int) *corpus {
	corporaMu.Lock()
	defer corporaMu.Unlock()
	c := corpora[n]
	if c == nil {
		c = newCorpus(n)
		clear(corpora) // the largest has a gigabyte: one at a time
		corpora[n] = c
	}
	return c
}

func newCorpus(n int) *corpus {
	rng := rand.New(rand.NewPCG(1, 2))
	c := &corpus{text: make([]byte, 0, n*108)}
	begin := 0
	for i := range n {
		c.text = appendLine(c.text, rng, i)
		c.ends = append(c.ends, uint32(len(c.text)-begin))
		if len(c.text)-begin > 63<<10 || i == n-1 {
			c.batch = append(c.batch, i+1)
			begin = len(c.text)
		}
	}
	return c
}

func appendLine(dst []byte, rng *rand.Rand, i int) []byte {
	begin := len(dst)
	dst = append(dst, "2026-03-14T15:09:26."...)
	dst = strconv.AppendInt(dst, int64(100+i%900), 10)
	switch r := rng.IntN(50_000); {
	case r == 0:
		dst = fmt.Appendf(dst, "Z ERROR connect ECONNREFUSED 127.0.0.1:%d", 5000+rng.IntN(1000))
	case r < 500:
		dst = fmt.Appendf(dst, "Z WARN upstream timeout after %d ms, request id %08x", rng.IntN(30_000), rng.Uint32())
	case r < 17_000:
		dst = fmt.Appendf(dst, "Z INFO GET /api/users/%d/orders?page=%d 200 in %d ms", rng.IntN(10_000), rng.IntN(50), rng.IntN(400))
	default:
		dst = fmt.Appendf(dst, "Z INFO worker %d took job %016x from the queue", rng.IntN(16), rng.Uint64())
	}
	const filler = " region=eu-west-1 pod=web-6f7d9c tenant=acme trace=sampled"
	dst = append(dst, filler[:max(0, min(len(filler), 105-(len(dst)-begin)))]...)
	return append(dst, '\n')
}

// batches calls f with the corpus as a reader of a process would hand it on.
func (c *corpus) batches(f func(logs.Batch)) {
	text, from := c.text, 0
	var cuts []logs.Cut
	for i, to := range c.batch {
		cuts = cuts[:0]
		for j := from; j < to; j++ {
			cut := logs.Cut{End: c.ends[j]}
			if j%50 == 0 {
				cut.Level = 2 // error
			}
			cuts = append(cuts, cut)
		}
		size := c.ends[to-1]
		f(logs.Batch{Data: text[:size], Cuts: cuts, Time: int64(i), Run: 1})
		text, from = text[size:], to
	}
}

// store returns a store that holds the whole corpus, from one process.
func (c *corpus) store(cache int64) *logs.Store {
	return c.fill(logs.Options{Cache: cache})
}

// fill returns a new store that has room for the corpus and holds it.
func (c *corpus) fill(o logs.Options) *logs.Store {
	o.Budget = int64(len(c.text))*2 + 64<<20
	s := logs.New(o)
	w := s.Writer("web", logs.Stdout)
	c.batches(func(b logs.Batch) { w.Append(b) })
	return s
}

func (c *corpus) strings() []string {
	return strings.Split(string(bytes.TrimSuffix(c.text, []byte("\n"))), "\n")
}
