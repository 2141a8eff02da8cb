package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/brummer-rpc/brummer-rpc/engine/logs"
)

// searchCases are kinds of queries that differ in what they cost.
var searchCases = []struct {
	name    string
	pattern logs.Pattern
	level   bool // errors only
}{
	{name: "rare", pattern: logs.Pattern{Text: "ECONNREFUSED"}},
	{name: "absent", pattern: logs.Pattern{Text: "NullPointerException"}},
	{name: "percent", pattern: logs.Pattern{Text: "timeout", Case: new(true)}},
	{name: "common", pattern: logs.Pattern{Text: "GET"}},
	{name: "folded", pattern: logs.Pattern{Text: "econnrefused"}},
	{name: "regexp-literal", pattern: logs.Pattern{Text: `ECONNREFUSED 127\.0\.0\.1:5[0-9]{3}`, Regexp: true}},
	{name: "regexp-hard", pattern: logs.Pattern{Text: `\b[0-9a-f]{8}\b`, Regexp: true}},
	{name: "level", pattern: logs.Pattern{Text: "ECONNREFUSED"}, level: true},
}

func (c *corpus) search(i int, count bool) logs.Search {
	q := logs.Search{Pattern: searchCases[i].pattern, Limit: 100, Bytes: 1 << 20, Count: count}
	if searchCases[i].level {
		q.Filter.MinLevel = new(logs.Level(2))
	}
	return q
}

func expressionOf(p logs.Pattern) string {
	text := p.Text
	if !p.Regexp {
		text = regexp.QuoteMeta(text)
	}
	if p.Case == nil && strings.ToLower(p.Text) == p.Text {
		text = "(?i:" + text + ")"
	}
	return text
}

func linesName(n int) string {
	if n >= 1e6 {
		return fmt.Sprintf("lines=%dM", n/1e6)
	}
	return fmt.Sprintf("lines=%dk", n/1e3)
}

// BenchmarkSearch counts all hits of a query and gives the newest hundred: cold,
// with nothing remembered. If it grew, a search in an editor would no longer
// keep up with typing. indexbyte is how long the memory takes to be read.
func BenchmarkSearch(b *testing.B) {
	for _, n := range sizes() {
		c := corpusOf(n)
		s := c.store(-1)
		file := sync.OnceValue(func() string { return writeFile(b, c.text) })
		for i, test := range searchCases {
			name := linesName(n) + "/" + test.name
			b.Run(name+"/brummer", func(b *testing.B) { searching(b, s, c.search(i, true)) })
			b.Run(name+"/indexbyte", func(b *testing.B) {
				for b.Loop() {
					bytes.IndexByte(c.text, 1)
				}
			})
			b.Run(name+"/indexbyte-cores", func(b *testing.B) {
				for b.Loop() {
					c.indexByteOnCores()
				}
			})
			c.yardsticks(b, name, i, file)
		}
	}
	if rg, err := exec.LookPath("rg"); err == nil {
		b.Run("start/rg", func(b *testing.B) { grepping(b, rg, "ECONNREFUSED", writeFile(b, []byte("a line\n"))) })
	}
}

// writeFile returns the path of a file that is gone when b has ended.
func writeFile(b *testing.B, text []byte) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "log")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

// indexByteOnCores is how fast all cores together read the memory, a mebibyte at
// a time as segments are.
func (c *corpus) indexByteOnCores() {
	const size = 1 << 20
	var all sync.WaitGroup
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for at := int(next.Add(size)) - size; at < len(c.text); at = int(next.Add(size)) - size {
				bytes.IndexByte(c.text[at:min(at+size, len(c.text))], 1)
			}
		})
	}
	all.Wait()
}

// grepping lets ripgrep count the lines of a file that match.
func grepping(b *testing.B, rg, expression, file string) {
	b.Helper()
	for b.Loop() {
		var exit *exec.ExitError // 1: no line matches
		if _, err := exec.Command(rg, "--count", "--", expression, file).Output(); err != nil && !errors.As(err, &exit) {
			b.Fatal(err)
		}
	}
}

// sizes are the numbers of lines: ten million have a gigabyte, twice.
func sizes() []int {
	out := []int{10_000, 100_000, 1_000_000}
	if os.Getenv("BENCH_LARGE") != "" {
		out = append(out, 10_000_000)
	}
	return out
}

func searching(b *testing.B, s *logs.Store, q logs.Search) {
	b.Helper()
	found := logs.Found{}
	for b.Loop() {
		var err error
		if found, err = s.Search(context.Background(), q); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(found.Total), "hits")
}

// yardsticks are those that look through everything: Go's regexp and the seed's
// way up to what they do in a second, ripgrep on a file with the same bytes.
func (c *corpus) yardsticks(b *testing.B, name string, i int, file func() string) {
	p := searchCases[i].pattern
	if len(c.ends) <= 100_000 {
		re := regexp.MustCompile(expressionOf(p))
		b.Run(name+"/regexp", func(b *testing.B) {
			for b.Loop() {
				for line := range bytes.Lines(c.text) {
					re.Match(line)
				}
			}
		})
	}
	if !p.Regexp && len(c.ends) <= 1_000_000 {
		b.Run(name+"/tolower", func(b *testing.B) {
			all := c.strings()
			needle := strings.ToLower(p.Text)
			for b.Loop() {
				for _, line := range all {
					if strings.Contains(strings.ToLower(line), needle) {
						ended++
					}
				}
			}
		})
	}
	if rg, err := exec.LookPath("rg"); err == nil {
		b.Run(name+"/rg", func(b *testing.B) { grepping(b, rg, expressionOf(p), file()) })
	}
}

// ended keeps the compiler from leaving out what a yardstick does.
var ended int

// BenchmarkSearchAgain repeats a search: with the same lines, and while ten
// lines come between two searches, as if 10,000 lines a second came and somebody
// looked a thousand times a second; then p50-ns is the median of the searches
// alone. If it grew, a view that follows a search would cost more with every
// line held.
func BenchmarkSearchAgain(b *testing.B) {
	for _, n := range sizes() {
		c := corpusOf(n)
		set := metrics.NewSet()
		s := c.fill(logs.Options{Metrics: set})
		remembered := set.GetOrCreateGauge("brummer_logs_cache_bytes", nil)
		for i, test := range searchCases {
			name := linesName(n) + "/" + test.name
			before := remembered.Get()
			b.Run(name+"/same/brummer", func(b *testing.B) {
				warm(b, s, c.search(i, false))
				searching(b, s, c.search(i, false))
			})
			b.Run(name+"/count/brummer", func(b *testing.B) {
				warm(b, s, c.search(i, true))
				searching(b, s, c.search(i, true))
				b.ReportMetric((remembered.Get()-before)/1024, "cache-KiB")
			})
		}
		for i, test := range searchCases { // last, as the store holds more afterwards
			name := linesName(n) + "/" + test.name + "/arriving"
			b.Run(name+"/brummer", func(b *testing.B) { c.arriving(b, s, c.search(i, false)) })
			b.Run(name+"/indexbyte", func(b *testing.B) {
				median(b, func() {}, func() { bytes.IndexByte(c.text, 1) })
			})
		}
		s.Close()
	}
}

// BenchmarkSearchPageAgain repeats a search with lines around its hits, and a page that
// is not the first. If it grew, who goes back and forth in what was found would wait for
// it each time.
func BenchmarkSearchPageAgain(b *testing.B) {
	c := corpusOf(1_000_000)
	s := c.fill(logs.Options{})
	defer s.Close()
	around, later := c.search(2, false), c.search(2, false)
	around.Context = 3
	first, err := s.Search(context.Background(), later)
	if err != nil {
		b.Fatal(err)
	}
	later.Cursor = first.Next
	for _, page := range []struct {
		name string
		q    logs.Search
	}{{"around", around}, {"later", later}} {
		b.Run("lines=1M/"+page.name+"/brummer", func(b *testing.B) { searching(b, s, page.q) })
		b.Run("lines=1M/"+page.name+"/indexbyte", func(b *testing.B) {
			for b.Loop() {
				bytes.IndexByte(c.text, 1)
			}
		})
	}
}

// BenchmarkSearchFirst searches each time for a text that is new: with a memory, in
// which what is found is kept, and without. If they differed, who searches once
// would pay for those who repeat.
func BenchmarkSearchFirst(b *testing.B) {
	c := corpusOf(1_000_000)
	for _, kind := range []struct {
		name  string
		cache int64
	}{{"brummer", 0}, {"forgetful", -1}} {
		s := c.store(kind.cache)
		b.Run("lines=1M/"+kind.name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				q := logs.Search{Pattern: logs.Pattern{Text: fmt.Sprintf("ECONNREFUSED 127.0.0.1:5%03d", i%1000)}, Limit: 100, Bytes: 1 << 20, Count: true}
				if _, err := s.Search(context.Background(), q); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
		s.Close()
	}
}

// arriving searches while lines like those that are there arrive.
func (c *corpus) arriving(b *testing.B, s *logs.Store, q logs.Search) {
	b.Helper()
	warm(b, s, q)
	w := s.Writer("web", logs.Stdout)
	next := tens()
	median(b, func() { w.Append(next()) }, func() {
		if _, err := s.Search(context.Background(), q); err != nil {
			b.Fatal(err)
		}
	})
}

// tens returns ten lines at each call, by and by ten thousand different ones.
func tens() func() logs.Batch {
	c := newCorpus(10_000)
	var all []logs.Batch
	c.batches(func(whole logs.Batch) {
		from := uint32(0)
		for cuts := whole.Cuts; len(cuts) >= 10; cuts = cuts[10:] {
			ten := logs.Batch{Data: whole.Data[from:cuts[9].End], Time: whole.Time, Run: whole.Run}
			for _, cut := range cuts[:10] {
				cut.End -= from
				ten.Cuts = append(ten.Cuts, cut)
			}
			all = append(all, ten)
			from = cuts[9].End
		}
	})
	at := 0
	return func() logs.Batch {
		at++
		return all[at%len(all)]
	}
}

// warm searches until what can be remembered is.
func warm(b *testing.B, s *logs.Store, q logs.Search) {
	b.Helper()
	for range 3 {
		if _, err := s.Search(context.Background(), q); err != nil {
			b.Fatal(err)
		}
		time.Sleep(time.Millisecond) // the cache takes in what it was given
	}
}

// median reports the median time of what, with before before each.
func median(b *testing.B, before, what func()) {
	b.Helper()
	var times []time.Duration
	for b.Loop() {
		before()
		begun := time.Now()
		what()
		times = append(times, time.Since(begun))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds()), "p50-ns")
}

// BenchmarkNewest gives the newest hundred hits of a query that nobody has asked
// before. If it grew with what is held, an editor's first page would be late in
// a long session.
func BenchmarkNewest(b *testing.B) {
	for _, n := range sizes() {
		c := corpusOf(n)
		s := c.store(-1)
		for i, test := range searchCases[2:5] {
			b.Run(linesName(n)+"/"+test.name+"/brummer", func(b *testing.B) { searching(b, s, c.search(i+2, false)) })
		}
	}
}

// BenchmarkSearchColours searches output as a terminal gets it: every third line
// has colours, or all end with CR LF. Their text has to be made first; stripped is
// what the usual expression for that takes. If it grew, dev servers, which write
// colours, would be slow to search.
func BenchmarkSearchColours(b *testing.B) {
	c := corpusOf(100_000)
	for _, kind := range []struct {
		name string
		line func(dst, line []byte, i int) []byte
	}{
		{"plain", func(dst, line []byte, _ int) []byte { return append(dst, line...) }},
		{"colours", func(dst, line []byte, i int) []byte {
			if i%3 != 0 {
				return append(dst, line...)
			}
			return append(append(append(dst, "\x1b[2m"...), line[:len(line)-1]...), "\x1b[0m\n"...)
		}},
		{"crlf", func(dst, line []byte, _ int) []byte { return append(append(dst, line[:len(line)-1]...), '\r', '\n') }},
	} {
		s := logs.New(logs.Options{Cache: -1})
		w := s.Writer("web", logs.Stdout)
		i := 0
		c.batches(func(in logs.Batch) {
			out := logs.Batch{Time: in.Time, Run: in.Run}
			from := uint32(0)
			for _, cut := range in.Cuts {
				out.Data = kind.line(out.Data, in.Data[from:cut.End], i)
				out.Cuts = append(out.Cuts, logs.Cut{End: uint32(len(out.Data)), Level: cut.Level})
				from = cut.End
				i++
			}
			w.Append(out)
		})
		b.Run(kind.name+"/brummer", func(b *testing.B) { searching(b, s, c.search(0, true)) })
	}
	b.Run("colours/stripped", func(b *testing.B) {
		sequences := regexp.MustCompile("\x1b\\[[0-9;]*m")
		for b.Loop() {
			bytes.Contains(sequences.ReplaceAll(c.text, nil), []byte("ECONNREFUSED"))
		}
	})
}
