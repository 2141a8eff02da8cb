package logs

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
)

// batch makes a Batch of whole lines.
func batch(run uint32, t int64, texts ...string) lines.Batch {
	b := lines.Batch{Run: run, Time: t}
	for _, text := range texts {
		b.Data = append(append(b.Data, text...), '\n')
		b.Cuts = append(b.Cuts, lines.Cut{End: uint32(len(b.Data))})
	}
	return b
}

func texts(records []Record) []string {
	var out []string
	for _, r := range records {
		out = append(out, string(AppendText(nil, r.Raw, false)))
	}
	return out
}

// modelRecord is what the naive model knows of a record: everything, for ever.
type modelRecord struct {
	seq     uint64
	process string
	kind    Stream
	run     uint32
	text    string
}

// TestAgainstModel appends, clears and removes at random within a small budget
// and checks pages of random filters against a model that forgets nothing:
// every record of the range is in the page or counted in its gap, in order.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { runModel(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func runModel(t *testing.T, rng *rand.Rand) {
	s := New(Options{Budget: 256 << 10})
	var all []modelRecord
	names := []string{"web", "worker", "db"}
	runs := map[string]uint32{}
	for step := range 400 {
		name := names[min(rng.IntN(8), 2)]
		kind := Stream(rng.IntN(2))
		switch op := rng.IntN(100); {
		case op < 1:
			s.Clear(Filter{Processes: []string{name}})
		case op < 2:
			s.Remove(name)
		case op < 5:
			runs[name]++
		case op < 85:
			var batchTexts []string
			for range 1 + rng.IntN(20) {
				batchTexts = append(batchTexts, fmt.Sprintf("%s %d %s", name, step, bytes.Repeat([]byte("x"), rng.IntN(300))))
			}
			run := runs[name] + 1
			last := s.Writer(name, kind).Append(batch(run, int64(step/10), batchTexts...))
			for i, text := range batchTexts {
				all = append(all, modelRecord{last - uint64(len(batchTexts)-1-i), name, kind, run, text})
			}
		default:
			checkPage(t, s, all, rng, names)
		}
		if t.Failed() {
			return
		}
	}
}

func checkPage(t *testing.T, s *Store, all []modelRecord, rng *rand.Rand, names []string) {
	t.Helper()
	var f Filter
	if rng.IntN(2) == 0 {
		f.Processes = []string{names[rng.IntN(3)]}
	}
	if rng.IntN(3) == 0 {
		f.Streams = []Stream{Stream(rng.IntN(2))}
	}
	if rng.IntN(4) == 0 {
		f.Run = 1 + rng.Uint32N(3)
	}
	after := rng.Uint64N(s.Head() + 1)
	page, err := s.Read(context.Background(), Query{Filter: f, After: after, Limit: 1 + rng.IntN(200), Bytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	produced := 0
	byseq := map[uint64]modelRecord{}
	for _, r := range all {
		if r.seq <= after || r.seq > page.Next ||
			len(f.Processes) > 0 && r.process != f.Processes[0] ||
			len(f.Streams) > 0 && r.kind != f.Streams[0] || f.Run != 0 && r.run != f.Run {
			continue
		}
		produced++
		byseq[r.seq] = r
	}
	lost := 0
	if page.Gap != nil {
		lost = int(page.Gap.Count)
		if page.Gap.Filtered {
			t.Errorf("filtered gap without a narrow filter: %+v", page.Gap)
		}
	}
	if len(page.Records)+lost != produced {
		t.Errorf("after %d to %d: %d delivered + %d lost, but %d were produced", after, page.Next, len(page.Records), lost, produced)
	}
	last := after
	for _, r := range page.Records {
		if r.Seq <= last {
			t.Fatalf("record %d after %d: order", r.Seq, last)
		}
		last = r.Seq
		want := byseq[r.Seq]
		got := modelRecord{r.Seq, r.Process, r.Stream, r.Run, string(AppendText(nil, r.Raw, false))}
		if got != want {
			t.Fatalf("record %+v, want %+v", got, want)
		}
	}
	checkBack(t, s, f, page)
}

// checkBack reads the same records from behind.
func checkBack(t *testing.T, s *Store, f Filter, page Page) {
	t.Helper()
	n := len(page.Records)
	if n == 0 {
		return
	}
	back, err := s.ReadBack(context.Background(), Query{Filter: f, Limit: n, Bytes: 1 << 20}, page.Records[n-1].Seq+1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(texts(page.Records), texts(back.Records)); diff != "" {
		t.Errorf("backwards differs: %s", diff)
	}
}

// TestStress runs producers that overflow the budget, followers that read at
// their own pace, and somebody who clears: for every follower, what was
// delivered and what was counted as lost make up what was produced.
func TestStress(t *testing.T) {
	const producers, perProducer = 6, 20_000
	s := New(Options{Budget: 512 << 10})
	var done atomic.Bool
	var writers, readers sync.WaitGroup
	for p := range producers {
		writers.Go(func() {
			w := s.Writer(fmt.Sprintf("p%d", p/2), Stream(p%2))
			for i := 0; i < perProducer; {
				var texts []string
				for range min(1+i%37, perProducer-i) {
					texts = append(texts, fmt.Sprintf("%d %d", p, i))
					i++
				}
				w.Append(batch(1, int64(i/64), texts...))
			}
		})
	}
	for r := range 4 {
		readers.Go(func() { follow(t, s, r, producers, perProducer, &done) })
	}
	stopClearing := make(chan struct{})
	readers.Go(func() {
		for {
			select {
			case <-stopClearing:
				return
			default:
				s.Clear(Filter{Processes: []string{"p1"}})
			}
		}
	})
	writers.Wait()
	close(stopClearing)
	done.Store(true)
	s.bells.Ring()
	readers.Wait()
}

func follow(t *testing.T, s *Store, reader, producers, perProducer int, done *atomic.Bool) {
	w := wake.NewBell()
	defer s.Watch(w)()
	next := make([]int, producers) // what each producer is to send at least
	delivered, lost := 0, 0
	var cursor, last uint64
	for {
		w.Arm()
		finished := done.Load()
		page, err := s.Read(context.Background(), Query{After: cursor, Limit: 1 + 500*reader, Bytes: 1 << 20})
		if err != nil {
			t.Error(err)
			return
		}
		for _, r := range page.Records {
			var p, i int
			if _, err := fmt.Sscanf(string(r.Raw), "%d %d\n", &p, &i); err != nil || r.Seq <= last || i < next[p] {
				t.Errorf("damaged or out of order: %d %q", r.Seq, r.Raw)
				return
			}
			last, next[p] = r.Seq, i+1
		}
		delivered += len(page.Records)
		if page.Gap != nil {
			lost += int(page.Gap.Count)
		}
		caughtUp := page.Next == cursor
		cursor = page.Next
		if finished && caughtUp {
			break
		}
		if caughtUp {
			select {
			case <-w.C:
			default:
				if !done.Load() {
					<-w.C
				}
			}
		}
	}
	if delivered+lost != producers*perProducer {
		t.Errorf("reader %d: %d delivered + %d lost != %d", reader, delivered, lost, producers*perProducer)
	}
}

// TestChattyNeverEvictsQuiet: a hundred lines stay, whatever goes past them: a
// gibibyte in a store of 64 MiB, or in the short run the same sixteenfold of 4.
func TestChattyNeverEvictsQuiet(t *testing.T) {
	budget := int64(DefaultBudget)
	if testing.Short() {
		budget = 4 << 20
	}
	s := New(Options{Budget: budget})
	quiet, chatty := s.Writer("quiet", Stderr), s.Writer("chatty", Stdout)
	noise := make([]string, 640)
	for i := range noise {
		noise[i] = strings.Repeat("n", 99)
	}
	b := batch(1, 0, noise...)
	for i := range 100 {
		quiet.Append(batch(1, 0, fmt.Sprintf("error %d", i)))
		for sent := int64(0); sent < 16*budget/100; sent += int64(len(b.Data)) {
			chatty.Append(b)
		}
	}
	page, err := s.Read(context.Background(), Query{Filter: Filter{Processes: []string{"quiet"}}, Limit: 1000, Bytes: 1 << 20})
	if err != nil || len(page.Records) != 100 || page.Gap != nil {
		t.Errorf("%d of the quiet process's 100 lines are left, gap %+v, err %v", len(page.Records), page.Gap, err)
	}
	found, err := s.Search(context.Background(), Search{Pattern: Pattern{Text: "error"}, Limit: 1000, Bytes: 1 << 20})
	if err != nil || len(found.Hits) != 100 {
		t.Errorf("a search finds %d of the 100, err %v", len(found.Hits), err)
	}
	if held := s.held.Load(); held > s.budget+maxSegment {
		t.Errorf("%d bytes held, over the budget of %d and one segment", held, s.budget)
	}
}

// stopping is a context that holds up who looks at it.
type stopping struct {
	context.Context
	reached, resume chan struct{}
	once            sync.Once
}

func (s *stopping) Err() error {
	s.once.Do(func() { close(s.reached) })
	<-s.resume
	return nil
}

// TestReaderStandsStill stops a search in the middle of a segment until
// producers have overwritten the whole store three times, which they could not
// if they waited for it. The search then finds what was there when it began.
func TestReaderStandsStill(t *testing.T) {
	s := New(Options{Budget: 2 << 20})
	defer s.Close()
	noise := make([]string, 500)
	for i := range noise {
		noise[i] = strings.Repeat("n", 99)
	}
	noise[250] = "needle"
	b := batch(1, 0, noise...)
	w := s.Writer("p", Stdout)
	for range 80 { // beyond the budget
		w.Append(b)
	}
	there, err := s.Search(context.Background(), Search{Pattern: Pattern{Text: "needle"}, Limit: 1000, Bytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	ctx := &stopping{Context: context.Background(), reached: make(chan struct{}), resume: make(chan struct{})}
	hits := make(chan []*Hit)
	go func() {
		// Another case of the same text, so that nothing of it is remembered.
		found, err := s.Search(ctx, Search{Pattern: Pattern{Text: "needle", Case: new(true)}, Limit: 1000, Bytes: 1 << 20})
		if err != nil {
			t.Error(err)
		}
		hits <- found.Hits
	}()
	<-ctx.reached
	var producers sync.WaitGroup
	for p := range 2 {
		producers.Go(func() {
			other := s.Writer([]string{"p", "q"}[p], Stdout)
			for range 120 {
				other.Append(b)
			}
		})
	}
	producers.Wait() // while the search stands still
	if page, err := s.Read(context.Background(), Query{Limit: 10, Bytes: 1 << 20}); err != nil || len(page.Records) != 10 || page.Records[0].Seq <= there.Hits[0].Seq {
		t.Errorf("meanwhile another reader gets %d records, %v", len(page.Records), err)
	}
	close(ctx.resume)
	got := <-hits
	if len(got) != len(there.Hits) {
		t.Fatalf("%d hits, want the %d that were there", len(got), len(there.Hits))
	}
	for i := range got {
		if got[i].Seq != there.Hits[i].Seq || string(got[i].Raw) != "needle\n" {
			t.Errorf("hit %d is %d %q, want %d", i, got[i].Seq, got[i].Raw, there.Hits[i].Seq)
		}
	}
}

// TestHeadNeverGoesBack: a producer may look at the sequence, be held up, and
// announce its claim after others have gone on; what could be read by then stays
// readable.
func TestHeadNeverGoesBack(t *testing.T) {
	s := New(Options{})
	late := s.Writer("late", Stdout)
	s.Writer("p", Stdout).Append(batch(1, 0, "1", "2", "3"))
	if head := s.Head(); head != 3 {
		t.Fatalf("head %d, want 3", head)
	}
	late.s.claim.Store(2)
	if head := s.Head(); head != 3 {
		t.Errorf("head went back to %d", head)
	}
	s.Writer("p", Stdout).Append(batch(1, 0, "4"))
	if head := s.Head(); head != 3 {
		t.Errorf("head %d is above a claim", head)
	}
	late.s.claim.Store(0)
	if head := s.Head(); head != 4 {
		t.Errorf("head %d, want 4", head)
	}
}

func TestAppendAllocates(t *testing.T) {
	s := New(Options{})
	w := s.Writer("p", Stdout)
	var texts []string
	for range 64 {
		texts = append(texts, string(bytes.Repeat([]byte("x"), 99)))
	}
	b := batch(1, 1, texts...)
	w.Append(b)
	// Segments and their tables are the only allocations: far less than one a batch.
	if n := testing.AllocsPerRun(2000, func() { w.Append(b) }); n > 0.5 {
		t.Errorf("%.2f allocations a batch of 64 lines", n)
	}
}

func TestLossLogForgetsInOrder(t *testing.T) {
	var l lossLog
	total := uint64(0)
	for i := range uint64(5 * maxLostRuns) {
		l = l.add(lostRun{seq: 1 + 3*i, n: 2, run: 1})
		total += 2
	}
	var g Gap
	l.count(&g, 0, 1<<40, 0)
	if g.Count != total || !g.Filtered {
		t.Errorf("from the start: %+v, want %d as an upper bound", g, total)
	}
	g = Gap{}
	recent := uint64(3 * (5*maxLostRuns - 100))
	l.count(&g, recent, 1<<40, 0)
	if g.Count != 200 || g.Filtered {
		t.Errorf("the last 100 runs: %+v, want exactly 200", g)
	}
	if !slices.IsSortedFunc(l.runs, func(a, b lostRun) int { return int(a.seq) - int(b.seq) }) {
		t.Error("runs out of order")
	}
}
