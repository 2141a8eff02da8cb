package rpc

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// progress tells of the work of a call, to a client that wants to hear of it. A nil
// one is for who does not.
type progress struct {
	c     *call
	token jsontext.Value
	last  wire.WorkDone // what was told
}

// begin tells a client that gave a workDoneToken that the work has begun; the
// function that it returns tells that it has ended, before the answer does.
func (c *call) begin(title string, params any) (end func()) {
	tokens, ok := params.(interface{ WorkDone() jsontext.Value })
	if !ok || len(tokens.WorkDone()) == 0 {
		return func() {}
	}
	c.progress = &progress{c: c, token: tokens.WorkDone().Clone()}
	c.progress.tell(wire.WorkDone{Kind: "begin", Title: title})
	return func() { c.progress.tell(wire.WorkDone{Kind: "end"}) }
}

// report tells how far the work is, if that is news.
func (p *progress) report(message string) { p.tell(wire.WorkDone{Kind: "report", Message: message}) }

// reportPart tells that so many of all are done.
func (p *progress) reportPart(done, all int, message string) {
	percentage := 100 * done / max(1, all)
	p.tell(wire.WorkDone{Kind: "report", Message: fmt.Sprintf(message, done, all), Percentage: &percentage})
}

// tell sends one $/progress. A client that is gone is found out by others.
func (p *progress) tell(value wire.WorkDone) {
	if p == nil || value.Kind == p.last.Kind && value.Message == p.last.Message {
		return
	}
	p.last = value
	params, err := wire.Encode(wire.ProgressParams{Token: p.token, Value: value})
	if err == nil {
		p.c.conn.Notify(p.c.session.ctx, "$/progress", params)
	}
}
