package logs

import (
	"context"
	"fmt"
	"testing"
)

// TestRemovedStreamsAreBounded removes far more processes than are remembered: a
// reader that was behind is told of all that it has missed, exactly as long as
// each stream knows, and never of less.
func TestRemovedStreamsAreBounded(t *testing.T) {
	s := New(Options{})
	s.Writer("live", Stdout).Append(batch(1, 0, "first"))
	const total = 3 * maxRemoved
	for i := range total {
		name := fmt.Sprint("p", i)
		s.Writer(name, Stdout).Append(batch(1, 0, "a", "b"))
		s.Remove(name)
	}
	d := s.streams.Load()
	if len(d.all) != 1+maxRemoved || d.live != 1 {
		t.Fatalf("%d streams, %d live; want %d and 1", len(d.all), d.live, 1+maxRemoved)
	}
	gap := func(after uint64) *Gap {
		page, err := s.Read(context.Background(), Query{After: after, Limit: 10, Bytes: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		return page.Gap
	}
	if g := gap(1); g == nil || g.Count != 2*total || !g.Filtered || g.From != 2 || g.To != s.Head() {
		t.Errorf("from the beginning: %+v", g)
	}
	known := s.Head() - 2*maxRemoved
	if g := gap(known); g == nil || g.Count != 2*maxRemoved || g.Filtered {
		t.Errorf("of streams that are remembered: %+v", g)
	}
	if g := gap(known - 3); g == nil || !g.Filtered || g.Count < 2*maxRemoved+3 {
		t.Errorf("of a stream that is not: %+v, which is less than was lost", g)
	}
}

// TestRemovedStreamComesBack: a process with the name of a removed one goes on with
// its stream, and counts for the size of segments again.
func TestRemovedStreamComesBack(t *testing.T) {
	s := New(Options{})
	s.Writer("p", Stdout).Append(batch(1, 0, "one"))
	s.Remove("p")
	if live := s.streams.Load().live; live != 0 {
		t.Errorf("%d live streams after the only one was removed", live)
	}
	s.Writer("p", Stdout).Append(batch(1, 0, "two"))
	if live := s.streams.Load().live; live != 1 {
		t.Errorf("%d live streams", live)
	}
	page, err := s.Read(context.Background(), Query{Limit: 10, Bytes: 1 << 20})
	if err != nil || fmt.Sprint(texts(page.Records)) != "[two]" || page.Gap == nil || page.Gap.Count != 1 {
		t.Errorf("%q, gap %+v, %v", texts(page.Records), page.Gap, err)
	}
}
