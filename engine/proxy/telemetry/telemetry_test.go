package telemetry

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestScript: the script is small, whatever is added to it, and has the token
// of its proxy.
func TestScript(t *testing.T) {
	s := Script("TOKEN42")
	if !bytes.Contains(s, []byte(`"TOKEN42"`)) || bytes.Contains(s, []byte(placeholder)) {
		t.Error("the token is not in its place")
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	z.Write(s)
	z.Close()
	if b.Len() > 5<<10 {
		t.Errorf("%d bytes, compressed", b.Len())
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ body, reason string }{
		{`{"token":"t","session":"s1","events":[{"kind":"error","message":"m"}]}`, ""},
		{`{"token":"x","session":"s1","events":[]}`, ErrToken.Error()},
		{`{"session":"s1","events":[]}`, ErrToken.Error()},
		{`{"token":"t","events":[]}`, "without a session"},
		{`{"token":"t","session":"a b","events":[]}`, "without a session"},
		{`{"token":"t","session":"` + strings.Repeat("s", 65) + `"}`, "without a session"},
		{`{"token":"t","session":"s","events":[{"line":"7"}]}`, "no JSON"},
		{`hello`, "no JSON"},
		{``, "no JSON"},
	} {
		r, err := Parse([]byte(c.body), "t")
		if c.reason == "" && (err != nil || len(r.Events) != 1 || r.Events[0].Message != "m" || r.Events[0].Session != "s1") ||
			c.reason != "" && (err == nil || !strings.Contains(err.Error(), c.reason)) {
			t.Errorf("%s: %+v, %v", c.body, r, err)
		}
	}
}

// TestParseStranger: what a page says can't do harm where it is shown, and is
// bounded.
func TestParseStranger(t *testing.T) {
	body := `{"token":"t","session":"s","dropped":-5,"url":"` + strings.Repeat("u", 1<<16) + `","events":[
		{"kind":"console","message":"a\u001b[31mb\u0000\nc\u202ed` + "\xff" + `","line":-1},
		{"kind":"unheard of"},` + strings.Repeat(`{"kind":"vital"},`, 150) + `{"kind":"error","stack":"` + strings.Repeat("é", 1<<15) + `"}]}`
	r, err := Parse([]byte(body), "t")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Events[0].Message; got != "a[31mb\ncd\ufffd" || r.Events[0].Line != 0 {
		t.Errorf("%q", got)
	}
	if len(r.URL) > maxShort || len(r.Events) != maxEvents-1 || r.Dropped != 153-maxEvents+1 {
		t.Errorf("%d bytes of URL, %d events, %d dropped", len(r.URL), len(r.Events), r.Dropped)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"token":"t","session":"s1","url":"http://h/","events":[{"kind":"error","message":"m","line":1,"column":2,"stack":"x\ny"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := Parse(body, "t")
		if err != nil {
			return
		}
		if len(r.Events) > maxEvents || r.Session == "" {
			t.Errorf("%+v", r)
		}
		for _, e := range r.Events {
			if e.weight() > 320+2*maxText+4*maxShort {
				t.Errorf("an event of %d bytes", e.weight())
			}
		}
	})
}

func events(n int, kind string) Report {
	r := Report{Session: "s", URL: "http://h/"}
	for range n {
		r.Events = append(r.Events, Event{Kind: kind, Session: "s"})
	}
	return r
}

// TestRate: a page that fails in a loop is heard 200 times a second, and told of
// the rest.
func TestRate(t *testing.T) {
	var s Store
	now := time.UnixMilli(1e12)
	kept := 0
	for range 10 {
		kept += len(s.Add("p", events(100, "error"), now))
	}
	if kept != 2*perSecond || s.Dropped() != 1000-2*perSecond {
		t.Errorf("%d kept, %d dropped", kept, s.Dropped())
	}
	if kept := len(s.Add("p", events(300, "error"), now.Add(time.Second))); kept != perSecond {
		t.Errorf("%d kept, a second later", kept)
	}
	if kept := len(s.Add("q", events(1, "error"), now)); kept != 1 {
		t.Error("another page is not heard")
	}
	page := s.Sessions("p")[0]
	if page.Counts["error"]+page.Dropped != 1300 {
		t.Errorf("%+v", page)
	}
}

// TestBounded: events and sessions are within their bounds, and those that are
// there are the newest.
func TestBounded(t *testing.T) {
	var s Store
	now := time.UnixMilli(1e12)
	total := 0
	for i := range 200 {
		now = now.Add(time.Second)
		r := events(10, "console")
		r.Session = fmt.Sprint("s", i)
		for j := range r.Events {
			r.Events[j].Message = strings.Repeat("x", maxText)
		}
		total += len(s.Add("p", r, now))
	}
	var held []Event
	var next uint64
	for more := true; more; {
		var page []Event
		after := next
		page, next, more = s.Page(Filter{}, &after, 1<<20)
		if held = append(held, page...); len(page) > maxPage/maxText {
			t.Errorf("%d events of %d bytes at once", len(page), maxText)
		}
	}
	if s.Bytes() > maxBytes || uint64(len(held))+s.Dropped() != uint64(total) || next != uint64(total) || held[len(held)-1].Seq != next {
		t.Errorf("%d bytes, %d held, %d dropped of %d", s.Bytes(), len(held), s.Dropped(), total)
	}
	if lost := s.Lost(0); lost != held[0].Seq-1 || s.Lost(next) != 0 || s.Lost(held[0].Seq) != 0 {
		t.Errorf("%d are lost, and %d of what is behind the oldest", lost, s.Lost(held[0].Seq))
	}
	if pages := s.Sessions(""); len(pages) != maxSessions || pages[0].ID != "s199" {
		t.Errorf("%d sessions, first %s", len(pages), pages[0].ID)
	}
}

func TestPage(t *testing.T) {
	var s Store
	now := time.UnixMilli(1e12)
	for i := range 20 {
		s.Add("p", events(1, []string{"error", "console"}[i%2]), now)
	}
	var after uint64
	var seen []uint64
	for {
		list, next, more := s.Page(Filter{Kinds: []string{"error"}}, &after, 3)
		for _, e := range list {
			seen = append(seen, e.Seq)
		}
		after = next
		if !more {
			break
		}
	}
	if fmt.Sprint(seen) != "[1 3 5 7 9 11 13 15 17 19]" || after != 20 {
		t.Errorf("%v, then %d", seen, after)
	}
	if list, _, _ := s.Page(Filter{}, nil, 2); len(list) != 2 || list[1].Seq != 20 {
		t.Errorf("%+v", list)
	}
	if list, _, _ := s.Page(Filter{Proxy: "q"}, nil, 2); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}
