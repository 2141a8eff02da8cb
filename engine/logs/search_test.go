package logs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

var words = []string{"error", "Error", "timeout", "GET /index", "ok", "über", "\x1b[31mred\x1b[0m", "panic: x", "42"}

// fill appends random lines of three processes and returns the texts by number.
func fill(s *Store, rng *rand.Rand, n int) map[uint64]Record {
	all := map[uint64]Record{}
	for range n {
		process := fmt.Sprintf("p%d", rng.IntN(3))
		var texts []string
		for range 1 + rng.IntN(4) {
			texts = append(texts, words[rng.IntN(len(words))]+" "+words[rng.IntN(len(words))])
		}
		last := s.Writer(process, Stream(rng.IntN(2))).Append(batch(1, 0, texts...))
		for i, text := range texts {
			all[last-uint64(len(texts)-1-i)] = Record{Process: process, Raw: []byte(text)}
		}
	}
	return all
}

// TestSearchAgainstModel pages through random searches in both directions and
// compares the hits with what a regular expression finds line by line.
func TestSearchAgainstModel(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	s := New(Options{})
	all := fill(s, rng, 600)
	for _, q := range []Search{
		{Pattern: Pattern{Text: "error"}},
		{Pattern: Pattern{Text: "Error"}},
		{Pattern: Pattern{Text: "ÜBER"}},
		{Pattern: Pattern{Text: "über"}},
		{Pattern: Pattern{Text: "red"}},
		{Pattern: Pattern{Text: `^\d+ `, Regexp: true}},
		{Pattern: Pattern{Text: "ok", WholeWord: true}, Filter: Filter{Processes: []string{"p1"}}},
		{Pattern: Pattern{Text: "nowhere"}},
	} {
		for _, oldest := range []bool{false, true} {
			q.Oldest = oldest
			want := modelHits(t, all, q)
			if got := pageThrough(t, s, q, 1+rng.IntN(50)); !slices.Equal(got, want) {
				t.Errorf("%+v: %d hits, want %d", q.Pattern, len(got), len(want))
			}
			q.Count, q.Limit = true, 1
			if found, err := s.Search(context.Background(), q); err != nil || found.Total != len(want) {
				t.Errorf("%+v: total %d, want %d, %v", q.Pattern, found.Total, len(want), err)
			}
			q.Count = false
		}
	}
}

func modelHits(t *testing.T, all map[uint64]Record, q Search) []uint64 {
	t.Helper()
	re := regexp.MustCompile(expression(q.Pattern))
	var want []uint64
	for seq, r := range all {
		text := strings.NewReplacer("\x1b[31m", "", "\x1b[0m", "").Replace(string(r.Raw))
		if re.MatchString(text) && (len(q.Filter.Processes) == 0 || q.Filter.Processes[0] == r.Process) {
			want = append(want, seq)
		}
	}
	slices.Sort(want)
	if !q.Oldest {
		slices.Reverse(want)
	}
	return want
}

// expression is a pattern as Go's regexp takes it.
func expression(p Pattern) string {
	text := p.Text
	if !p.Regexp {
		text = regexp.QuoteMeta(text)
	}
	if p.WholeWord {
		text = `\b(?:` + text + `)\b`
	}
	if p.Case != nil && !*p.Case || p.Case == nil && !strings.ContainsFunc(p.Text, unicode.IsUpper) {
		text = `(?i:` + text + `)`
	}
	return text
}

func pageThrough(t *testing.T, s *Store, q Search, limit int) []uint64 {
	t.Helper()
	var got []uint64
	q.Limit = limit
	for {
		found, err := s.Search(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range found.Hits {
			got = append(got, h.Seq)
			if len(h.Ranges) == 0 {
				t.Errorf("the hit %q has no ranges", h.Raw)
			}
		}
		if q.Cursor = found.Next; !found.More {
			return got
		}
	}
}

func TestSearchContext(t *testing.T) {
	s := New(Options{})
	a, b := s.Writer("a", Stdout), s.Writer("b", Stdout)
	for i := range 10 {
		a.Append(batch(1, 0, fmt.Sprint("a", i)))
		b.Append(batch(1, 0, fmt.Sprint("b", i)))
	}
	found, err := s.Search(context.Background(), Search{Pattern: Pattern{Text: "a5"}, Limit: 10, Context: 2, Bytes: 1 << 20})
	if err != nil || len(found.Hits) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	h := found.Hits[0]
	if diff := cmp.Diff([]string{"a3", "a4"}, texts(h.Before)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a6", "a7"}, texts(h.After)); diff != "" {
		t.Error(diff)
	}
}

func TestSearchEnds(t *testing.T) {
	s := New(Options{})
	w := s.Writer("p", Stdout)
	for range 2000 {
		w.Append(batch(1, 0, strings.Repeat("x", 100)))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Search(ctx, Search{Pattern: Pattern{Text: "nowhere"}, Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled search returns %v", err)
	}
	if _, err := s.Read(ctx, Query{Filter: Filter{Match: mustCompile(t, "nowhere")}, Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled read returns %v", err)
	}
}

// ending is a context that ends after it was asked so many times.
type ending struct {
	context.Context
	left atomic.Int64
}

func (e *ending) Err() error {
	if e.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestSearchEndsAnywhere ends a search at every place where it can, also within a
// line that takes long, and then searches again: what was found until then is not
// taken for all that there is.
func TestSearchEndsAnywhere(t *testing.T) {
	s := New(Options{})
	w := s.Writer("p", Stdout)
	rng := rand.New(rand.NewPCG(1, 1))
	line := make([]byte, 40<<10)
	for i := range line {
		line[i] = "ab"[rng.IntN(2)]
	}
	hit := "a" + strings.Repeat("b", 300) + "c"
	w.Append(batch(1, 0, string(line)+hit, "other", hit))
	q := Search{Pattern: Pattern{Text: "a[ab]{300}c", Regexp: true}, Limit: 10, Bytes: 1 << 20, Count: true}
	ended := 0
	for n := int64(0); ; n++ {
		ctx := &ending{Context: context.Background()}
		ctx.left.Store(n)
		found, err := s.Search(ctx, q)
		if err == nil {
			if found.Total != 2 || len(found.Hits) != 2 {
				t.Errorf("asked %d times: %d hits, %d in total; want 2", n, len(found.Hits), found.Total)
			}
			break
		}
		ended++
	}
	if ended < 10 {
		t.Errorf("the search could be ended at %d places only", ended)
	}
}

func mustCompile(t *testing.T, text string) *Matcher {
	t.Helper()
	m, err := Compile(Pattern{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFilters(t *testing.T) {
	s := New(Options{})
	early := batch(1, 1000, "one", "two")
	early.Cuts[1].Level = 2 // error
	s.Writer("p", Stdout).Append(early)
	s.Writer("p", Stderr).Append(batch(2, 2000, "three"))
	s.Writer("p", System).Append(batch(2, 2000, "remark"))
	warn := Level(1)
	for name, tt := range map[string]struct {
		f    Filter
		want []string
	}{
		"nothing asked":     {Filter{}, []string{"one", "two", "three"}},
		"system by name":    {Filter{Streams: []Stream{System}}, []string{"remark"}},
		"stream":            {Filter{Streams: []Stream{Stderr}}, []string{"three"}},
		"run":               {Filter{Run: 2}, []string{"three"}},
		"level":             {Filter{MinLevel: &warn}, []string{"two"}},
		"levels":            {Filter{Levels: []Level{0}}, []string{"one", "three"}},
		"since":             {Filter{Since: 1500}, []string{"three"}},
		"until":             {Filter{Until: 1500}, []string{"one", "two"}},
		"text":              {Filter{Match: mustCompile(t, "o")}, []string{"one", "two"}},
		"another process":   {Filter{Processes: []string{"q"}}, nil},
		"two that conflict": {Filter{Run: 1, Streams: []Stream{Stderr}}, nil},
	} {
		page, err := s.Read(context.Background(), Query{Filter: tt.f, Limit: 10, Bytes: 1 << 20})
		if diff := cmp.Diff(tt.want, texts(page.Records)); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func TestTail(t *testing.T) {
	s := New(Options{})
	w := s.Writer("p", Stdout)
	for i := range 10 {
		w.Append(batch(1, 0, fmt.Sprint(i)))
	}
	for n, want := range map[int]uint64{0: 10, 3: 7, 10: 0, 99: 0} {
		if got, err := s.BeforeTail(context.Background(), Filter{}, n); got != want || err != nil {
			t.Errorf("before the last %d: %d, want %d (%v)", n, got, want, err)
		}
	}
}

func TestClearAndRemoveAreTold(t *testing.T) {
	s := New(Options{})
	w := s.Writer("p", Stdout)
	w.Append(batch(1, 0, "one", "two"))
	if n, bytes := s.Clear(Filter{}); n != 2 || bytes != 8 {
		t.Errorf("cleared %d lines and %d bytes, want 2 and 8", n, bytes)
	}
	w.Append(batch(1, 0, "three"))
	page, _ := s.Read(context.Background(), Query{Limit: 10, Bytes: 1 << 20})
	if got := texts(page.Records); len(got) != 1 || page.Gap == nil || *page.Gap != (Gap{From: 1, To: 2, Count: 2, Cleared: true}) {
		t.Errorf("%q, gap %+v", got, page.Gap)
	}
	s.Remove("p")
	page, _ = s.Read(context.Background(), Query{After: 1, Limit: 10, Bytes: 1 << 20})
	if len(page.Records) != 0 || page.Gap == nil || page.Gap.Count != 2 {
		t.Errorf("after remove: %d records, gap %+v", len(page.Records), page.Gap)
	}
	if held := s.held.Load(); held != 0 {
		t.Errorf("%d bytes held after the only process was removed", held)
	}
}
