package logs

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// TestSearchesAgainstModel appends, evicts, clears and removes at random, and
// searches all the while, the same few patterns again and again and with all
// kinds of filters: what the caches have must never show in an answer. The
// model looks at every record that the store holds, line by line with Go's
// regexp.
func TestSearchesAgainstModel(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			m := &searchModel{t: t, rng: rand.New(rand.NewPCG(seed, 11))}
			// A small cache evicts and refuses, a large one keeps. In the small store a
			// line is soon gone, in the large one hardly.
			m.store = New(Options{Budget: []int64{48 << 10, 256 << 10}[seed/2%2], Cache: []int64{4 << 10, 1 << 20}[seed%2]})
			defer m.store.Close()
			m.run()
			if m.known == 0 || m.gone == 0 {
				t.Errorf("%d searches went on from an answer that was remembered, %d answers were lost", m.known, m.gone)
			}
		})
	}
}

type searchModel struct {
	t     *testing.T
	rng   *rand.Rand
	store *Store
	time  int64
	runs  uint32
	odd   int // one line of so many has escapes and the like; 0: none
	asked []Search

	known, gone int // repeated searches whose answer was remembered, and was not
}

var modelPatterns = []Pattern{
	{Text: "err"},
	{Text: "error"},
	{Text: "error 7"},
	{Text: "Error"},
	{Text: "zebra"},
	{Text: "r", WholeWord: true},
	{Text: "x"},
	{Text: "über"},
	{Text: "\ufffd"},
	{Text: "red green"},
	{Text: "end\nabc"},
	{Text: "end|"},
	{Text: `error \d+$`, Regexp: true},
	{Text: `^(GET|abc)`, Regexp: true},
	{Text: `7.$`, Regexp: true},
	{Text: `\bred\b.*n`, Regexp: true},
	{Text: `^$`, Regexp: true},
}

func (m *searchModel) run() {
	m.runs = 1
	m.odd = []int{0, 50, 3}[m.rng.IntN(3)]
	for range 150 {
		switch op := m.rng.IntN(100); {
		case op < 1:
			m.store.Remove(m.process())
		case op < 3:
			m.store.Clear(Filter{Processes: []string{m.process()}})
		case op < 5:
			m.runs++
		case op < 60:
			m.append()
		default:
			m.search()
		}
		if m.t.Failed() {
			return
		}
	}
}

func (m *searchModel) process() string { return fmt.Sprintf("p%d", m.rng.IntN(3)) }

func (m *searchModel) append() {
	b := lines.Batch{Run: m.runs, Time: m.time}
	m.time += m.rng.Int64N(20) - 5
	for range 1 + m.rng.IntN(150) {
		b.Data = append(b.Data, m.line()...)
		c := lines.Cut{Level: lines.Info}
		if m.rng.IntN(20) == 0 {
			c.Level = lines.Level(m.rng.IntN(numLevels)) - lowestLevel
		}
		switch m.rng.IntN(100) {
		case 0:
			c.Partial = true
		case 1: // a stream's last line has no newline
		default:
			b.Data = append(b.Data, '\n')
		}
		c.End = uint32(len(b.Data))
		b.Cuts = append(b.Cuts, c)
	}
	m.store.Writer(m.process(), Stream(m.rng.IntN(2))).Append(b)
}

func (m *searchModel) line() string {
	plain := []string{
		"abc", "GET /index 200", "some noise that matches nothing", "x r x", "end", "über", "", "err", "or",
		fmt.Sprintf("error %d", m.rng.IntN(1000)), "red green " + strings.Repeat("-", m.rng.IntN(100)), "\xff\xfe broken",
	}
	if m.rng.IntN(3000) == 0 {
		return "zebra"
	}
	line := plain[m.rng.IntN(len(plain))]
	if m.odd > 0 && m.rng.IntN(m.odd) == 0 {
		return []string{"\x1b[31mred\x1b[0m green", line + "\r", "10%\rerr\x1b[1mor 7", "err\x1b", "GET \rabc"}[m.rng.IntN(5)]
	}
	return line
}

func (m *searchModel) filter() Filter {
	var f Filter
	if m.rng.IntN(3) == 0 {
		f.Processes = []string{m.process()}
	}
	if m.rng.IntN(4) == 0 {
		f.Streams = []Stream{Stream(m.rng.IntN(2))}
	}
	if m.rng.IntN(4) == 0 {
		f.MinLevel = new(Level(m.rng.IntN(numLevels)) - lowestLevel)
	}
	if m.rng.IntN(6) == 0 {
		f.Levels = []Level{lines.Info, lines.Fatal}
	}
	if m.rng.IntN(5) == 0 {
		f.Run = 1 + m.rng.Uint32N(m.runs)
	}
	if m.rng.IntN(5) == 0 {
		f.Since = 1 + m.rng.Int64N(max(1, m.time))
	}
	if m.rng.IntN(5) == 0 {
		f.Until = 1 + m.rng.Int64N(max(1, m.time))
	}
	if m.rng.IntN(6) == 0 {
		f.Match = mustCompile(m.t, "e")
	}
	return f
}

// held is every record that f selects by everything but its text.
func (m *searchModel) held(f Filter) []Record {
	page, err := m.store.Read(context.Background(), Query{Filter: Filter{Processes: f.Processes, Streams: f.Streams}, Limit: 1 << 30, Bytes: 1 << 30})
	if err != nil {
		m.t.Fatal(err)
	}
	return slices.DeleteFunc(page.Records, func(r Record) bool {
		return f.Run != 0 && r.Run != f.Run || f.Since != 0 && r.Time < f.Since || f.Until != 0 && r.Time > f.Until ||
			f.MinLevel != nil && r.Level < *f.MinLevel || len(f.Levels) > 0 && !slices.Contains(f.Levels, r.Level) ||
			f.Match != nil && !f.Match.Match(AppendText(nil, r.Raw, false))
	})
}

func (m *searchModel) search() {
	q := m.question()
	re := regexp.MustCompile(expression(q.Pattern))
	var want []uint64
	for _, r := range m.held(q.Filter) {
		if re.Match(AppendText(nil, r.Raw, false)) {
			want = append(want, r.Seq)
		}
	}
	if !q.Oldest {
		slices.Reverse(want)
	}
	for page := 0; ; page++ {
		found, err := m.store.Search(context.Background(), q)
		if err != nil {
			m.t.Fatal(err)
		}
		if q.Count && page == 0 && found.Total != len(want) {
			m.t.Fatalf("%+v: total %d, want %d", q, found.Total, len(want))
		}
		var got []uint64
		for _, h := range found.Hits {
			got = append(got, h.Seq)
		}
		m.compareAnew(q, found)
		some := want[:min(len(want), q.Limit)]
		if q.Bytes < 1<<30 { // what fits depends on the ranges, too: compareAnew has looked at it
			some = want[:min(max(1, len(got)), len(some))]
		}
		if diff := cmp.Diff(some, got); diff != "" && len(some)+len(got) > 0 {
			m.t.Fatalf("page %d of %+v:\n%s", page, q, diff)
		}
		if want = want[len(some):]; found.More != (len(want) > 0) {
			m.t.Fatalf("more is %v with %d to come", found.More, len(want))
		}
		if !found.More {
			break
		}
		q.Cursor = found.Next
	}
	m.query(q.Filter)
}

// compareAnew compares an answer with the one that is found without those before.
func (m *searchModel) compareAnew(q Search, found Found) {
	before := m.store.answers.now.Swap(&remembered{})
	anew, err := m.store.Search(context.Background(), q)
	m.store.answers.now.Store(before)
	if err != nil {
		m.t.Fatal(err)
	}
	anew.Scanned, anew.Cached = found.Scanned, found.Cached // what it took to find it
	if diff := cmp.Diff(anew, found, cmp.AllowUnexported(Record{}), cmpopts.EquateEmpty()); diff != "" {
		m.t.Fatalf("%+v: found anew - remembered +\n%s", q, diff)
	}
}

// question is a new one, or one that was asked before.
func (m *searchModel) question() Search {
	if n := len(m.asked); n > 0 && m.rng.IntN(2) == 0 {
		q := m.asked[m.rng.IntN(min(n, 5))]
		if m.store.answers.now.Load().of(&q) != nil {
			m.known++
		} else {
			m.gone++
		}
		return q
	}
	q := Search{
		Pattern: modelPatterns[m.rng.IntN(len(modelPatterns))], Filter: m.filter(),
		Oldest: m.rng.IntN(2) == 0, Limit: 1 + m.rng.IntN(300), Count: m.rng.IntN(3) == 0,
		Bytes: []int{1 << 30, 500}[m.rng.IntN(2)], Context: []int{0, 0, 1, 3}[m.rng.IntN(4)],
	}
	m.asked = slices.Insert(m.asked, 0, q)
	return q
}

// query reads a page of the same filter with a text in it, as logs/query does.
func (m *searchModel) query(f Filter) {
	p := modelPatterns[m.rng.IntN(len(modelPatterns))]
	f.Match = nil
	records := m.held(f)
	re := regexp.MustCompile(expression(p))
	records = slices.DeleteFunc(records, func(r Record) bool { return !re.Match(AppendText(nil, r.Raw, false)) })
	matcher, err := Compile(p)
	if err != nil {
		m.t.Fatal(err)
	}
	f.Match = matcher
	limit := 1 + m.rng.IntN(50)
	page, err := m.store.Read(context.Background(), Query{Filter: f, Limit: limit, Bytes: 1 << 30})
	if err != nil {
		m.t.Fatal(err)
	}
	back, err := m.store.ReadBack(context.Background(), Query{Filter: f, Limit: limit, Bytes: 1 << 30}, 0)
	if err != nil {
		m.t.Fatal(err)
	}
	n := min(limit, len(records))
	if got, want := numbers(page.Records), numbers(records[:n]); !slices.Equal(got, want) {
		m.t.Errorf("%+v %+v: read %v, want %v", p, f, got, want)
	}
	if got, want := numbers(back.Records), numbers(records[len(records)-n:]); !slices.Equal(got, want) {
		m.t.Errorf("%+v %+v: read back %v, want %v", p, f, got, want)
	}
}

func numbers(records []Record) []uint64 {
	var out []uint64
	for _, r := range records {
		out = append(out, r.Seq)
	}
	return out
}

// TestSearchParallel has text enough for every core, and the outcome of a cold
// search, a repeated one and a narrower one.
func TestSearchParallel(t *testing.T) {
	s := New(Options{Budget: 64 << 20})
	defer s.Close()
	noise := strings.Repeat("all is well and nothing happens ", 3)
	want := map[string]int{}
	for i := range 300 {
		var texts []string
		for j := range 300 {
			text := noise
			if n := i*300 + j; n%977 == 0 {
				text, want["time"] = "a timer"+noise, want["time"]+1
			} else if n%3001 == 0 {
				text, want["time"], want["timeout"] = noise+"timeout", want["time"]+1, want["timeout"]+1
			}
			texts = append(texts, text)
		}
		s.Writer(fmt.Sprint(i%3), Stdout).Append(batch(1, int64(i), texts...))
	}
	for range 2 {
		for _, text := range []string{"time", "timeout"} {
			found, err := s.Search(context.Background(), Search{Pattern: Pattern{Text: text}, Limit: 10, Bytes: 1 << 20, Count: true})
			if err != nil || found.Total != want[text] {
				t.Errorf("%s: %d hits, want %d, %v", text, found.Total, want[text], err)
			}
		}
		s.recall.sets.Settle()
	}
	found, err := s.Search(context.Background(), Search{Pattern: Pattern{Text: "time"}, Limit: 1 << 20, Bytes: 1 << 30})
	if err != nil || found.Scanned != 0 || found.Cached == 0 {
		t.Errorf("a repeated search looked at %d lines and remembered %d segments, %v", found.Scanned, found.Cached, err)
	}
	s.Writer("0", Stdout).Append(batch(1, 0, "the last time"))
	found, err = s.Search(context.Background(), Search{Pattern: Pattern{Text: "time"}, Limit: 1 << 20, Bytes: 1 << 30})
	if err != nil || found.Scanned != 1 || len(found.Hits) != want["time"]+1 {
		t.Errorf("after one more line: %d looked at, %d hits, want %d, %v", found.Scanned, len(found.Hits), want["time"]+1, err)
	}
	refined, err := s.Search(context.Background(), Search{Pattern: Pattern{Text: "timer"}, Limit: 1 << 20, Bytes: 1 << 30})
	if err != nil || refined.Scanned > s.totalLines()/4 {
		t.Errorf("a longer text looked at %d of %d lines, %v", refined.Scanned, s.totalLines(), err)
	}
}

// TestCacheOpensWithTheFirstSearch: an engine in which nobody searches has no
// cache and none of its goroutines, and Close ends them.
func TestCacheOpensWithTheFirstSearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails if a goroutine is left
		s := New(Options{})
		s.Writer("p", Stdout).Append(batch(1, 0, "one", "two"))
		if _, err := s.Read(t.Context(), Query{Filter: Filter{Match: mustCompile(t, "one")}, Limit: 1, Bytes: 1}); err != nil {
			t.Fatal(err)
		}
		if s.recall.sets != nil {
			t.Error("the cache is open before anybody has searched")
		}
		for _, closed := range []bool{false, true} {
			if closed {
				s.Close() // searches go on without a memory
			}
			found, err := s.Search(t.Context(), Search{Pattern: Pattern{Text: "one"}, Limit: 1, Bytes: 1})
			if err != nil || len(found.Hits) != 1 {
				t.Errorf("%+v, %v", found, err)
			}
			if open := s.recall.sets != nil; open == closed {
				t.Errorf("closed %v, but the cache is open: %v", closed, open)
			}
		}
	})
}

// TestPanicOfAScan: a defect in a goroutine of a search is a panic of who called,
// where one call is lost and not the engine.
func TestPanicOfAScan(t *testing.T) {
	defer func() {
		if p := fmt.Sprint(recover()); !strings.Contains(p, "out of range") || !strings.Contains(p, "scan.go") {
			t.Errorf("recovered %s", p)
		}
	}()
	w := &walk{pattern: mustCompile(t, "x"), scanner: scanner{ctx: t.Context()}}
	broken := func() *piece { return &piece{whole: span{0, 1}} } // a line that its view does not have
	w.scanParallel([]*piece{broken(), broken()})
	t.Error("it came back")
}

func (s *Store) totalLines() int { return int(s.Head()) }

func TestBitRun(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		var b bitRun
		in := map[uint64]bool{}
		base := rng.Uint64N(10_000)
		for range rng.IntN(400) {
			n := base + rng.Uint64N(500)
			b.set(n)
			in[n] = true
		}
		for n := max(base, 70) - 70; n < base+600; n++ {
			run, back := 0, 0
			for in[n+uint64(run)] {
				run++
			}
			for back <= int(n) && in[n-uint64(back)] {
				back++
			}
			if got := b.run(n); got != run {
				t.Fatalf("run(%d) = %d, want %d", n, got, run)
			}
			if got := b.runBack(n); got != back {
				t.Fatalf("runBack(%d) = %d, want %d", n, got, back)
			}
		}
	}
	var b bitRun
	for n := range uint64(64 * (maxBitRun + 100)) {
		b.set(n)
	}
	if len(b.words) != maxBitRun || b.run(0) != 0 || b.runBack(64*(maxBitRun+100)-1) != 64*maxBitRun {
		t.Errorf("%d words, run %d, back %d", len(b.words), b.run(0), b.runBack(64*(maxBitRun+100)-1))
	}
}

// TestLineSet compares the three forms of a set with a plain list of lines.
func TestLineSet(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	for range 300 {
		of := 1 + rng.IntN(300)
		density := []int{1, 2, 10, 100}[rng.IntN(4)]
		sets, in := [2]lineSet{}, [2][]bool{}
		for k := range sets {
			s := lineSet{of: of}
			in[k] = make([]bool, of)
			half := rng.IntN(of)
			for i := range of {
				if i == half {
					s = s.sealed()
					s.of = i // as of a segment that grows
					if s.n == i {
						s = full(i)
					}
					s = s.grown(of)
				}
				if rng.IntN(density) == 0 {
					s.add(i)
					in[k][i] = true
				}
			}
			sets[k] = s.sealed()
		}
		both := sets[0].and(&sets[1])
		for i := range of {
			if sets[0].has(i) != in[0][i] || both.has(i) != (in[0][i] && in[1][i]) {
				t.Fatalf("line %d of %d: %v %v, want %v %v", i, of, sets[0].has(i), both.has(i), in[0][i], in[0][i] && in[1][i])
			}
		}
		checkLineSet(t, &sets[0], in[0])
	}
}

func checkLineSet(t *testing.T, s *lineSet, in []bool) {
	t.Helper()
	count := func(lo, hi int) int {
		n := 0
		for i := lo; i < hi; i++ {
			if in[i] {
				n++
			}
		}
		return n
	}
	for i := range in {
		next, prev := i, i-1
		for next < len(in) && !in[next] {
			next++
		}
		for prev >= 0 && !in[prev] {
			prev--
		}
		if s.next(i) != next || s.prev(i) != prev {
			t.Fatalf("next(%d) = %d, want %d; prev = %d, want %d", i, s.next(i), next, s.prev(i), prev)
		}
		if got, want := s.count(i/2, i), count(i/2, i); got != want {
			t.Fatalf("count(%d, %d) = %d, want %d", i/2, i, got, want)
		}
	}
}
