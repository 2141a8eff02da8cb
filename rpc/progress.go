package rpc

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// begin tells a client that gave a workDoneToken that the work has begun; the
// function that it returns tells that it has ended, before the answer does.
func (c *call) begin(title string, params any) (end func()) {
	tokens, ok := params.(interface{ WorkDone() jsontext.Value })
	if title == "" || !ok || len(tokens.WorkDone()) == 0 {
		return func() {}
	}
	token := tokens.WorkDone().Clone()
	c.progress(token, wire.WorkDone{Kind: "begin", Title: title})
	return func() { c.progress(token, wire.WorkDone{Kind: "end"}) }
}

// progress sends one $/progress. A client that is gone is found out by others.
func (c *call) progress(token jsontext.Value, value wire.WorkDone) {
	params, err := wire.Encode(wire.ProgressParams{Token: token, Value: value})
	if err == nil {
		c.conn.Notify(c.ctx, "$/progress", params)
	}
}
