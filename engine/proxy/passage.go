package proxy

import (
	"io"
	"net/http"
	"sync"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy/inject"
)

// passage is what a request needs while it is under way, and its record does not.
// It is used again: nothing refers to it once ReverseProxy has returned, as what
// goes on longer than a request has the exchange alone.
type passage struct {
	in      http.Request // the client's, with the exchange in its context
	client  prompt       // what answers the client
	reading recorded     // the body of the answer
}

// passages lends them.
type passages struct{ pool sync.Pool }

func (s *passages) take() *passage {
	if way, ok := s.pool.Get().(*passage); ok {
		return way
	}
	return new(passage)
}

// put takes a passage back, with all that it refers to let go of.
func (s *passages) put(way *passage) {
	way.client.end()
	way.in, way.reading = http.Request{}, recorded{}
	s.pool.Put(way)
}

// forward passes a request on, and records it.
func (p *Proxy) forward(w http.ResponseWriter, r *http.Request, replayOf string) *Exchange {
	x := &Exchange{
		Proxy: p.id, Process: p.options.Process, Method: r.Method, URL: r.RequestURI,
		ReplayOf: replayOf, request: r.Header,
	}
	x.values[valueHost] = r.Host
	p.owner.History.begin(x)
	way := p.owner.passages.take()
	defer p.finish(x, way, r.Context().Err)
	p.owner.metrics.requests.Inc()
	// WithContext makes the copy where it does not escape: it is copied once more,
	// rather than left to the garbage collector.
	way.in = *r.WithContext(x.bind(r.Context(), way, p.target.Scheme == "https"))
	if r.Body != nil && r.Body != http.NoBody {
		way.in.Body = &recorded{r.Body, x, &x.sent} // its own: it may be read on after the request
	}
	way.client.ResponseWriter, way.client.late = w, &p.owner.late
	p.reverse.ServeHTTP(&way.client, &way.in)
	return x
}

// finish ends the record, also when ReverseProxy panics because the answer
// breaks off.
func (p *Proxy) finish(x *Exchange, way *passage, gone func() error) {
	if gone() != nil {
		x.fail(StageClient, "the client has gone")
	}
	p.owner.passages.put(way)
	row := x.end()
	p.owner.metrics.observe(&row)
	if p.owner.o.Ended != nil {
		row.URL = redactURL(row.URL)
		p.owner.o.Ended(row)
	}
}

// answered sees the head of the target's answer.
func (p *Proxy) answered(r *http.Response) error {
	c := boundTo(r.Request.Context())
	c.way.tell(c.x)
	if r.StatusCode == http.StatusSwitchingProtocols {
		c.x.answered(r, "")
		if rw, ok := r.Body.(io.ReadWriteCloser); ok {
			r.Body = &tunnel{rw, c.x}
		}
		return nil
	}
	// ReverseProxy looks at it only to choose how to flush, which prompt does.
	defer func() { r.ContentLength = 0 }()
	skip := "switched off for this proxy"
	if p.options.Inject {
		skip = inject.Skip(r.Request, r)
	}
	c.x.answered(r, skip)
	c.way.reading = recorded{r.Body, c.x, &c.x.got}
	r.Body = &c.way.reading
	if p.options.Host == HostTarget {
		p.answer(r, "http://"+c.x.Host())
	}
	if skip != "" {
		return nil
	}
	return p.inject(c.x, r)
}

// tell puts the exchange's id into the head of the answer, for the page. It is done
// late: heads that go before, such as 103 (Early Hints), take it along, and away.
func (way *passage) tell(x *Exchange) {
	way.client.Header()["Server-Timing"] = x.value(valueTiming)
}
