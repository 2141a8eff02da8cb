package main

import (
	"context"
	"errors"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// followRequests prints the newest requests and goes on with what comes, each when
// it has ended. The engine only says that there is something new: asking for it
// behind the last cursor loses nothing, however slowly the output is read.
func (p *program) followRequests(ctx context.Context, c *client, f requestsFlags) error {
	ctx, gone := context.WithCancel(ctx)
	defer gone()
	defer watchReader(p.stdout, gone)() // a pager that is left while nothing comes
	if _, err := ask[wire.Subscribed](ctx, c, "events/subscribe", wire.EventsParams{Types: []string{"proxy.*"}}); err != nil {
		return err
	}
	params := wire.RequestsParams{Filter: f.filter, Limit: &f.limit}
	for {
		page, err := ask[wire.Requests](ctx, c, "proxy/requests", params)
		if err != nil {
			return err
		}
		if err := p.printEnded(page.Requests, f.json); err != nil {
			return err
		}
		behind := params.After != nil
		params.After, params.Limit = &page.Next, nil
		if behind && page.More {
			continue
		}
		select {
		case <-c.moved:
		case <-ctx.Done():
			return &codeError{code: p.exitCode()}
		case <-c.Done():
			return &codeError{exitLost, errors.New("the engine has ended")}
		}
	}
}

// printEnded prints those that are over: each comes once more when it is.
func (p *program) printEnded(list []wire.Request, asJSON bool) error {
	var ended []wire.Request
	for _, r := range list {
		switch {
		case r.Pending:
		case asJSON:
			if err := p.printJSON(r); err != nil {
				return err
			}
		default:
			ended = append(ended, r)
		}
	}
	if len(ended) == 0 {
		return nil
	}
	return p.printRequests(ended)
}
