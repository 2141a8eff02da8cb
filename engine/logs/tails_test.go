package logs

import (
	"slices"
	"testing"
)

// TestFollowedAcrossSegments repeats a search after each few lines, while segments are
// filled and new ones begun: no hit is missed where one ends.
func TestFollowedAcrossSegments(t *testing.T) {
	s := New(Options{Budget: 256 << 10})
	defer s.Close()
	q := Search{Pattern: Pattern{Text: "-"}, Limit: 60, Bytes: 1 << 20, Count: true}
	for at := range 300 {
		n := 1 + at%17
		for _, name := range []string{"p", "q"}[:1+at%2] {
			s.Writer(name, Stdout).Append(numbered(at, n))
		}
		found := mustSearch(t, s, q)
		before := s.answers.now.Swap(&remembered{})
		anew := mustSearch(t, s, q)
		s.answers.now.Store(before)
		if !slices.Equal(numbersOf(found.Hits), numbersOf(anew.Hits)) || found.Total != anew.Total {
			t.Fatalf("after %d: %d of %v, found anew %d of %v", at, found.Total, numbersOf(found.Hits), anew.Total, numbersOf(anew.Hits))
		}
	}
}

// TestLinesAroundLeave: an answer leaves with the first of the lines around its hits.
func TestLinesAroundLeave(t *testing.T) {
	s := New(Options{Budget: 8 * minSegment}) // so that all segments have one size
	defer s.Close()
	w := s.Writer("p", Stdout)
	for len(w.s.state.Load().segs) < 3 {
		w.Append(numbered(0, 1))
	}
	w.Append(batch(1, 0, "needle"))
	hit := s.Head()
	q := Search{Pattern: Pattern{Text: "needle"}, Limit: 5, Bytes: 1 << 20, Context: int(hit - 1)}
	if found := mustSearch(t, s, q); len(found.Hits) != 1 || len(found.Hits[0].Before) != q.Context {
		t.Fatalf("%d hits", len(found.Hits))
	}
	if a := s.answers.now.Load().of(&q); a == nil || a.lowest != 1 {
		t.Errorf("the answer is not remembered, or not as one that speaks of line 1: %+v", a)
	}
	for w.s.state.Load().first == 0 {
		w.Append(numbered(0, 1))
	}
	if a := s.answers.now.Load().of(&q); a != nil {
		t.Errorf("the answer is still there: it speaks of lines from %d on", a.lowest)
	}
	if found := mustSearch(t, s, q); len(found.Hits) != 1 || len(found.Hits[0].Before) >= q.Context {
		t.Errorf("%d hits, with lines before them that have left the store", len(found.Hits))
	}
}
