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

// TestAnswersAreBounded: only so many are remembered, and none that is large.
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
	large := Search{Pattern: Pattern{Text: "-"}, Limit: 1000, Bytes: 1 << 20, Context: 2}
	mustSearch(t, s, large)
	if a := s.answers.now.Load().of(&large); a != nil {
		t.Errorf("remembered: %d hits with %d bytes", len(a.found.Hits), a.bytes)
	}
	for i := range maxAnswers {
		mustSearch(t, s, Search{Pattern: Pattern{Text: " "}, Limit: 500 + i, Bytes: 1 << 20})
	}
	all := 0
	for _, a := range s.answers.now.Load().latest {
		all += a.bytes
	}
	if n := len(s.answers.now.Load().latest); all > maxAllBytes || all < maxAllBytes/2 {
		t.Errorf("%d answers with %d bytes are remembered, of at most %d", n, all, maxAllBytes)
	}
}

// TestPagesAreRemembered: lines around the hits are given again as long as no line
// comes; a page that lines to come can't change, also when some come.
func TestPagesAreRemembered(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	w := s.Writer("p", Stdout)
	w.Append(numbered(0, 1000))
	for _, test := range []struct {
		name  string
		q     Search
		final bool
	}{
		{"lines around the newest", Search{Context: 2}, false},
		{"a later page", Search{Cursor: 500}, true},
		{"a later page, lines around", Search{Cursor: 500, Context: 2}, true},
		{"a later page, all counted", Search{Cursor: 500, Count: true}, false},
		{"the oldest", Search{Oldest: true}, true},
		{"newer than the oldest", Search{Oldest: true, Cursor: 500, Context: 2}, true},
		{"beyond the newest", Search{Cursor: 1 << 40}, false},
	} {
		q := test.q
		q.Pattern, q.Limit, q.Bytes = Pattern{Text: "-"}, 20, 1<<20
		first := mustSearch(t, s, q)
		if again := mustSearch(t, s, q); again.Hits[0] != first.Hits[0] || again.Scanned != 0 {
			t.Errorf("%s: looked for again", test.name)
		}
		w.Append(numbered(0, 3))
		if final := s.answers.now.Load().of(&q).good(s.Head()); final != test.final {
			t.Errorf("%s: still the answer when lines have come: %v", test.name, final)
		}
	}
}

// TestFollowedSearchAllocates: who follows a search pays for the answer alone.
func TestFollowedSearchAllocates(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	w := s.Writer("p", Stdout)
	w.Append(numbered(0, 1000))
	b := numbered(0, 10)
	for _, test := range []struct {
		pattern Pattern
		most    float64
	}{
		{Pattern{Text: "nowhere"}, 3},                       // the answer, and the list of all
		{Pattern{Text: " "}, 6},                             // the hits, their ranges, the page
		{Pattern{Text: `\b[0-9a-f]{8}\b`, Regexp: true}, 5}, // the pattern that ends with the context
	} {
		q := Search{Pattern: test.pattern, Limit: 100, Bytes: 1 << 20}
		mustSearch(t, s, q)
		n := testing.AllocsPerRun(500, func() {
			w.Append(b)
			mustSearch(t, s, q)
		})
		if n > test.most && !raceEnabled {
			t.Errorf("%+v: %.1f allocations for ten new lines, want %.0f at the most", test.pattern, n, test.most)
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
