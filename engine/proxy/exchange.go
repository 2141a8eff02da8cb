package proxy

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Exchange is one request and what was answered, while it is under way and
// after. What it is about never changes; what has come of it is guarded by mu
// and read as a [Row] or a [Detail]. It is kept small, and in one piece: each request pays
// for it, and thousands of them are held.
type Exchange struct {
	Number   uint64 // its id is "r" and this
	Proxy    string
	Process  string
	Method   string
	URL      string // path and query, as they were asked for
	Started  time.Time
	ReplayOf string // the id of the request that this one repeats

	request http.Header // the client's own; shared with nobody who writes
	values  [4]string   // of the headers that it puts on its way, see value
	history *History

	mu       sync.Mutex
	revision uint64 // the history's, when it last changed
	weight   int64  // of the head, in bytes, roughly
	evicted  bool   // it is in the history no more
	outcome  outcome
	sent     body // of the request
	got      body // of the answer
}

// The values of an exchange, which lie here so that a header can have them without
// an allocation for each.
const (
	valueTiming = iota // of Server-Timing, which tells the page the id
	valueID            // of requestHeader, which tells the server
	valueClient        // of X-Forwarded-For
	valueHost          // of X-Forwarded-Host: the host as it was asked for
)

// value is a header's value. Nobody writes to it, and what is appended to it is
// appended to a copy.
func (x *Exchange) value(i int) []string { return x.values[i : i+1 : i+1] }

// outcome is what has come of an exchange so far.
type outcome struct {
	timings  Timings
	header   http.Header // as the server sent it
	failure  *Failure    // nil for none
	proto    string
	upgrade  string // the protocol that the connection went over to; its bytes are counted as bodies
	skipped  string // why the script was not put in
	status   int32
	ended    bool
	injected bool
	heard    bool // the page has reported that it was loaded
}

// Timings are how long the parts of an exchange took, -1 where there was no such
// part or it has not ended. They are those of the connection to the target.
type Timings struct {
	DNS, Connect, TLS time.Duration
	TTFB              time.Duration // from the beginning to the head of the answer
	Total             time.Duration
	Reused            bool // the connection had served before
}

// Failure says where an exchange broke off, and why. The zero value is none.
type Failure struct {
	Stage string
	Text  string
}

// Stages at which an exchange can break off.
const (
	StageDial   = "dial"
	StageTLS    = "tls"
	StageHeader = "header" // the request was sent, and no answer came
	StageBody   = "body"   // the answer is not whole
	StageClient = "client" // the client has gone
)

// ID names the exchange to clients.
func (x *Exchange) ID() string { return x.values[valueID] }

// Host is what the request was for, with its port.
func (x *Exchange) Host() string { return x.values[valueHost] }

// name gives the exchange its number, and its id to both sides: they are one text.
func (x *Exchange) name(number uint64) {
	const before, behind = `brummer;desc="`, `"`
	text := append(make([]byte, 0, 48), before+"r"...)
	text = append(strconv.AppendUint(text, number, 10), behind...)
	x.Number, x.values[valueTiming] = number, string(text)
	x.values[valueID] = x.values[valueTiming][len(before) : len(text)-len(behind)]
}

// changed ends a change of what has come of x, which has become so many bytes
// heavier: it unlocks mu, and makes those who follow the history look at x again.
func (x *Exchange) changed(more int64) {
	h := x.history
	x.revision = h.revision.Add(1)
	if x.evicted {
		more = 0
	}
	x.weight += more
	x.mu.Unlock()
	h.weigh(more)
	h.bells.Ring()
}

// answered records the head of the answer, and why the script is not put into its
// body, if that is known. The header is kept as it is: who edits it for the client
// makes a copy first.
func (x *Exchange) answered(r *http.Response, skipped string) {
	took, size := time.Since(x.Started), headerBytes(r.Header)
	x.mu.Lock()
	x.outcome.status, x.outcome.proto, x.outcome.header = int32(r.StatusCode), r.Proto, r.Header
	x.outcome.timings.TTFB = took
	x.outcome.timings.Reused = x.outcome.timings.Connect < 0
	x.outcome.skipped = skipped
	if r.StatusCode == http.StatusSwitchingProtocols {
		x.outcome.upgrade = r.Header.Get("Upgrade")
	}
	x.changed(size)
}

// injection records what was done to the page.
func (x *Exchange) injection(injected bool, skipped string) {
	x.mu.Lock()
	x.outcome.injected, x.outcome.skipped = injected, skipped
	x.mu.Unlock()
}

// heard records that the page reports.
func (x *Exchange) heard() {
	x.mu.Lock()
	x.outcome.heard = true
	x.changed(0)
}

// refused records the status that was answered in the target's place.
func (x *Exchange) refused(status int) {
	x.mu.Lock()
	x.outcome.status = int32(status)
	x.mu.Unlock()
}

// fail records where the exchange broke off. The first failure is the cause.
func (x *Exchange) fail(stage, text string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.outcome.failure == nil {
		x.outcome.failure = &Failure{stage, text}
	}
}

// end closes the record, and returns what has come of it.
func (x *Exchange) end() (row Row) {
	took := time.Since(x.Started)
	x.mu.Lock()
	x.outcome.timings.Total, x.outcome.ended = took, true
	row = x.rowLocked()
	x.changed(0)
	return row
}
