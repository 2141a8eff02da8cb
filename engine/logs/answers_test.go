package logs

import (
	"fmt"
	"sync"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

func mustSearch(t *testing.T, s *Store, q Search) Found {
	t.Helper()
	found, err := s.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func numbersOf(hits []*Hit) (out []uint64) {
	for i := range hits {
		out = append(out, hits[i].Seq)
	}
	return out
}

// TestAnswerAgain: with nothing new the same hits are given, with new lines only
// these are looked at, and what was cleared is not found, although it is where it was.
func TestAnswerAgain(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	w := s.Writer("p", Stdout)
	w.Append(batch(1, 0, "one", "two", "one more"))
	level := Level(0)
	q := Search{Pattern: Pattern{Text: "one"}, Filter: Filter{MinLevel: &level}, Limit: 10, Bytes: 1 << 20, Count: true}
	first := mustSearch(t, s, q)
	level = 0 // it may be anybody's variable
	again := mustSearch(t, s, q)
	if first.Hits[0] != again.Hits[0] || again.Total != 2 || again.Scanned != 0 || again.Cached != 1 {
		t.Errorf("again: %+v", again)
	}
	w.Append(batch(1, 0, "three", "one at last"))
	if found := mustSearch(t, s, q); found.Total != 3 || found.Scanned != 2 || fmt.Sprint(numbersOf(found.Hits)) != "[5 3 1]" {
		t.Errorf("after two lines: %+v", found)
	}
	s.Clear(Filter{})
	if found := mustSearch(t, s, q); len(found.Hits) > 0 || found.Total != 0 {
		t.Errorf("after they were cleared: %+v", found)
	}
}

// TestAnswersKeepNoMemory: an answer whose hits leave the store leaves with them,
// one with newer hits stays.
func TestAnswersKeepNoMemory(t *testing.T) {
	s := New(Options{Budget: 256 << 10})
	defer s.Close()
	w := s.Writer("p", lines.Stdout)
	w.Append(batch(1, 0, "the first"))
	old := Search{Pattern: Pattern{Text: "first"}, Limit: 10, Bytes: 1 << 20}
	mustSearch(t, s, old)
	if s.answers.now.Load().of(&old) == nil {
		t.Fatal("an answer is not remembered")
	}
	newest := Search{Pattern: Pattern{Text: "-"}, Limit: 10, Bytes: 1 << 20}
	for at := 0; s.metrics.evicted.Get() == 0; at += 100 {
		w.Append(numbered(at, 100))
		mustSearch(t, s, newest)
	}
	if now := s.answers.now.Load(); now.of(&old) != nil || now.of(&newest) == nil {
		t.Errorf("remembered when the first segment has left: %d answers", len(now.latest))
	}
}

// TestAnswersAreBounded: only so many are remembered, and none that is large or has
// lines around its hits.
func TestAnswersAreBounded(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	for at := 0; at < 1000; at += 100 {
		s.Writer("p", Stdout).Append(numbered(at, 100))
	}
	for i := range 2 * maxAnswers {
		mustSearch(t, s, Search{Pattern: Pattern{Text: fmt.Sprint(i)}, Limit: 5, Bytes: 1 << 20})
	}
	if n := len(s.answers.now.Load().latest); n != maxAnswers {
		t.Errorf("%d answers", n)
	}
	for _, q := range []Search{
		{Pattern: Pattern{Text: "-"}, Limit: 1000, Bytes: 1 << 20},
		{Pattern: Pattern{Text: "-"}, Limit: 5, Bytes: 1 << 20, Context: 1},
		{Pattern: Pattern{Text: "-"}, Limit: 5, Bytes: 1 << 20, Cursor: 7},
	} {
		mustSearch(t, s, q)
		if a := s.answers.now.Load().latest[0]; a.query.Pattern == q.Pattern {
			t.Errorf("remembered: %+v with %d hits", a.query, len(a.found.Hits))
		}
	}
}

// TestAnswersWhileLinesLeave repeats searches, oldest first, while a producer
// drives the lines out: what is found was held when the search began.
func TestAnswersWhileLinesLeave(t *testing.T) {
	s := New(Options{Budget: 64 << 10})
	defer s.Close()
	var producer sync.WaitGroup
	producer.Go(func() {
		w := s.Writer("p", lines.Stdout)
		for at := 0; at < 40_000; at += 20 {
			w.Append(numbered(at, 20))
		}
	})
	q := Search{Pattern: Pattern{Text: "9"}, Limit: 3, Bytes: 1 << 20, Oldest: true}
	for s.Head() < 40_000 {
		oldest := s.Oldest(Filter{})
		if found := mustSearch(t, s, q); len(found.Hits) > 0 && found.Hits[0].Seq <= oldest {
			t.Fatalf("found line %d, when the oldest held was %d", found.Hits[0].Seq, oldest+1)
		}
	}
	producer.Wait()
}
