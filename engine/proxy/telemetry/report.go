package telemetry

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of one report, which a browser's beacon keeps to by far.
const (
	MaxReport  = 256 << 10 // bytes
	maxEvents  = 100
	maxText    = 16 << 10 // bytes of one text of an event
	maxShort   = 2 << 10  // bytes of a name or an address
	maxSession = 64
)

// Report is what a page sends at once.
type Report struct {
	Session string
	URL     string // of the page
	Dropped int    // events that the page did not send
	Events  []Event
}

// Event is one thing that a page tells. Members that its kind does not have are
// zero.
type Event struct {
	Seq     uint64 // the store's, ascending
	Session string
	Proxy   string
	Kind    string // one of Kinds
	Time    int64  // milliseconds since the epoch, by the page's clock
	Page    string // address of the page

	Level   string // of console: debug, log, info, warn, error
	Message string
	Source  string  // address of the script
	Line    int     // from 1; 0 if it is not known
	Column  int     // from 1
	Stack   string  // as the browser writes it
	Frames  []Frame // of Stack, or of Source: filled in by who can look for files
	Tag     string  // of resource: the element
	URL     string  // of resource, request, navigation; of page: where it came from
	Name    string  // of vital: LCP, INP, CLS, FCP, TTFB
	Rating  string  // of vital: good, needs-improvement, poor
	Value   float64
	Status  int    // of request
	Request string // the proxy's id of the request that this is about
	Agent   string // of page: the browser
}

// Kinds are what a page reports.
var Kinds = []string{"page", "load", "console", "error", "rejection", "resource", "csp", "request", "navigation", "vital"}

// IsError reports whether the event is of something that went wrong in the page.
func (e *Event) IsError() bool {
	return e.Kind == "error" || e.Kind == "rejection" || e.Kind == "resource" || e.Kind == "csp"
}

// wireReport is a report as the script writes it.
type wireReport struct {
	Token   string      `json:"token"`
	Session string      `json:"session"`
	URL     string      `json:"url"`
	Dropped int         `json:"dropped"`
	Events  []wireEvent `json:"events"`
}

type wireEvent struct {
	Kind     string  `json:"kind"`
	T        int64   `json:"t"`
	Level    string  `json:"level"`
	Message  string  `json:"message"`
	Source   string  `json:"source"`
	Line     int     `json:"line"`
	Column   int     `json:"column"`
	Stack    string  `json:"stack"`
	Tag      string  `json:"tag"`
	URL      string  `json:"url"`
	Name     string  `json:"name"`
	Rating   string  `json:"rating"`
	Value    float64 `json:"value"`
	Status   int     `json:"status"`
	Request  string  `json:"request"`
	Agent    string  `json:"agent"`
	Referrer string  `json:"referrer"`
}

// ErrToken says that a report does not come from a page with our script.
var ErrToken = errors.New("the token is not that of this proxy")

// Parse reads a report. The errors are [ErrToken] and what is wrong with it.
func Parse(body []byte, token string) (Report, error) {
	var w wireReport
	if err := json.Unmarshal(body, &w); err != nil {
		return Report{}, fmt.Errorf("a report that is no JSON: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(w.Token), []byte(token)) != 1 {
		return Report{}, ErrToken
	}
	if w.Session == "" || len(w.Session) > maxSession || strings.ContainsFunc(w.Session, func(r rune) bool { return !isIDRune(r) }) {
		return Report{}, errors.New("a report without a session")
	}
	r := Report{Session: w.Session, URL: clean(w.URL, maxShort), Dropped: max(0, w.Dropped)}
	if over := len(w.Events) - maxEvents; over > 0 {
		r.Dropped += over
		w.Events = w.Events[:maxEvents]
	}
	for _, e := range w.Events {
		if !slices.Contains(Kinds, e.Kind) {
			r.Dropped++
			continue
		}
		r.Events = append(r.Events, eventOf(&e, &r))
	}
	return r, nil
}

func isIDRune(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

func eventOf(e *wireEvent, r *Report) Event {
	out := Event{
		Session: r.Session, Kind: e.Kind, Time: e.T, Page: r.URL,
		Level: clean(e.Level, 16), Message: clean(e.Message, maxText), Source: clean(e.Source, maxShort),
		Line: max(0, e.Line), Column: max(0, e.Column), Stack: clean(e.Stack, maxText), Tag: clean(e.Tag, 64),
		URL: clean(e.URL, maxShort), Name: clean(e.Name, 64), Rating: clean(e.Rating, 64), Value: e.Value,
		Status: e.Status, Request: clean(e.Request, 32), Agent: clean(e.Agent, maxShort),
	}
	if e.Kind == "page" {
		out.URL = clean(e.Referrer, maxShort)
	}
	return out
}

// clean makes a stranger's text fit to be shown: valid UTF-8, no control
// characters but newlines and tabs, no more than limit bytes.
func clean(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// weight is what an event costs, in bytes, roughly.
func (e *Event) weight() int {
	return 320 + len(e.Page) + len(e.Message) + len(e.Source) + len(e.Stack) + len(e.URL) + len(e.Agent) + 128*len(e.Frames)
}
