package proxy

import (
	"cmp"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Filter chooses exchanges; its zero value chooses all.
type Filter struct {
	Proxy, Process, Method string
	Status                 string        // 404, 5xx, or 400-499
	Path                   string        // a part of the URL's path and query, or a pattern with * for the whole path
	Type                   string        // a part of the answer's Content-Type
	Min                    time.Duration // that took at least so long
	Failed                 bool          // that broke off, or whose status is 400 or more
	Since, Until           time.Time     // that began within
}

// Row is an exchange as a list shows it. It is a copy.
type Row struct {
	ID, Proxy, Process, Method, URL, Host, ReplayOf string
	Revision                                        uint64
	Started                                         time.Time
	Status                                          int // 0 until it is answered
	Type                                            string
	Ended                                           bool
	Timings                                         Timings
	Sent, Received                                  int64 // bytes of the bodies; of an upgraded connection, of all
	Failure                                         Failure
	Upgrade                                         string
	Injected                                        bool
	Skipped                                         string // why not
	Heard                                           bool   // the page has reported since
}

// Silent reports whether a page has our script and does not report: its policy
// or an extension of the browser may be in the way.
func (r *Row) Silent(now time.Time) bool {
	return r.Injected && !r.Heard && r.Ended && now.Sub(r.Started.Add(r.Timings.Total)) > silence
}

// silence is how long a page may take from its last byte to its first report.
const silence = 5 * time.Second

// Row returns the exchange as it is.
func (x *Exchange) Row() Row {
	x.mu.Lock()
	r := x.rowLocked()
	x.mu.Unlock()
	r.URL = redactURL(r.URL)
	return r
}

// rowLocked is the exchange with the URL as it was asked for.
func (x *Exchange) rowLocked() Row {
	o := &x.outcome
	r := Row{
		ID: x.ID(), Proxy: x.Proxy, Process: x.Process, Method: x.Method, URL: x.URL, Host: x.Host(), ReplayOf: x.ReplayOf,
		Started: x.Started, Status: int(o.status), Ended: o.ended, Timings: o.timings,
		Sent: x.sent.size, Received: x.got.size, Upgrade: o.upgrade,
		Injected: o.injected, Skipped: o.skipped, Heard: o.heard,
	}
	if v := o.header["Content-Type"]; len(v) > 0 {
		r.Type = v[0]
	}
	if o.failure != nil {
		r.Failure = *o.failure
	}
	return r
}

// Page lists exchanges in the order in which they last changed, so that an
// exchange comes again when it has been answered and when it has ended. With
// after it goes on behind that revision, oldest first; without, the newest
// limit rows are given. There are fewer if their texts have over half a
// mebibyte. next is what to go on with, and more whether there is more already.
func (h *History) Page(f Filter, after *uint64, limit int) (rows []Row, next uint64, more bool) {
	next = h.revision.Load()
	list := h.dated(after, next)
	if after == nil {
		slices.Reverse(list) // the newest have to fit
	}
	size := 0
	for _, d := range list {
		row := d.x.Row()
		if !f.match(&row) {
			continue
		}
		size += len(row.URL) + len(row.Type) + len(row.Failure.Text)
		if len(rows) == limit || len(rows) > 0 && size > maxPage {
			more = true
			break
		}
		row.Revision = d.revision
		rows = append(rows, row)
	}
	switch {
	case after == nil:
		slices.Reverse(rows)
		return rows, next, false
	case more:
		next = rows[len(rows)-1].Revision
	}
	return rows, next, more
}

// dated is an exchange with when it last changed.
type dated struct {
	x        *Exchange
	revision uint64
}

// dated lists the exchanges in the order in which they last changed: all, or those
// that did behind after. What has changed beyond now meanwhile comes with the
// next page: no change that is older has been overlooked there. A revision is
// taken under the lock of its exchange, so each up to now is seen here.
func (h *History) dated(after *uint64, now uint64) (list []dated) {
	for x := range h.all() {
		x.mu.Lock()
		revision := x.revision
		x.mu.Unlock()
		if after == nil || revision > *after && revision <= now {
			list = append(list, dated{x, revision})
		}
	}
	slices.SortFunc(list, func(a, b dated) int { return cmp.Compare(a.revision, b.revision) })
	return list
}

// maxPage bounds the texts of one page of rows, in bytes.
const maxPage = 512 << 10

func (f *Filter) match(r *Row) bool {
	switch {
	case f.Proxy != "" && f.Proxy != r.Proxy,
		f.Process != "" && f.Process != r.Process,
		f.Method != "" && !strings.EqualFold(f.Method, r.Method),
		f.Type != "" && !strings.Contains(strings.ToLower(r.Type), strings.ToLower(f.Type)),
		f.Failed && r.Status < http.StatusBadRequest && r.Failure == (Failure{}),
		f.Min > 0 && (r.Ended && r.Timings.Total < f.Min || !r.Ended && time.Since(r.Started) < f.Min),
		!f.Since.IsZero() && r.Started.Before(f.Since),
		!f.Until.IsZero() && r.Started.After(f.Until):
		return false
	}
	return matchStatus(f.Status, r.Status) && matchPath(f.Path, r.URL)
}

// CheckStatus reports whether a filter's status makes sense.
func CheckStatus(want string) bool {
	_, _, ok := statusRange(want)
	return want == "" || ok
}

func matchStatus(want string, status int) bool {
	low, high, ok := statusRange(want)
	return want == "" || ok && low <= status && status <= high
}

// statusRange reads 404, 5xx or 400-499.
func statusRange(s string) (low, high int, ok bool) {
	if len(s) == 3 && strings.EqualFold(s[1:], "xx") && '1' <= s[0] && s[0] <= '5' {
		low = int(s[0]-'0') * 100
		return low, low + 99, true
	}
	from, to, ranged := strings.Cut(s, "-")
	if !ranged {
		to = from
	}
	low, err1 := strconv.Atoi(from)
	high, err2 := strconv.Atoi(to)
	return low, high, err1 == nil && err2 == nil && low <= high
}

func matchPath(want, url string) bool {
	if !strings.ContainsAny(want, "*?[") {
		return strings.Contains(url, want)
	}
	p, _, _ := strings.Cut(url, "?")
	ok, err := path.Match(want, p)
	return ok && err == nil
}
