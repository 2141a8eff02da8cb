package rpc

import (
	"context"

	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// partHits is how many hits one part of a search brings at the most. It is small
// enough that the first comes long before a slow search is over.
const partHits = 100

// search searches. For a client that gave a partialResultToken the hits go out as
// they are found, by $/progress, and what is returned has none: LSP wants it so.
// Since each part has a message of its own, the size of one does not end the
// search, as it does the answer that comes in one piece.
func (c *call) search(ctx context.Context, q logs.Search, p wire.SearchParams) (logs.Found, error) {
	if len(p.PartialResultToken) == 0 || c.framing == front.HTTP {
		return c.engine.Logs.Search(ctx, q)
	}
	var all logs.Found
	for left := q.Limit; ; {
		q.Limit = min(partHits, left)
		part, err := c.engine.Logs.Search(ctx, q)
		if err != nil {
			return logs.Found{}, err
		}
		if err := c.sendPart(ctx, p, part.Hits); err != nil {
			return logs.Found{}, err
		}
		if q.Count {
			all.Total = part.Total
		}
		all.Scanned += part.Scanned
		all.Cached += part.Cached
		all.More, all.Next = part.More, part.Next
		left -= len(part.Hits)
		if !part.More || left == 0 {
			return all, nil
		}
		q.Cursor, q.Count = part.Next, false // the first has counted them all
	}
}

func (c *call) sendPart(ctx context.Context, p wire.SearchParams, hits []*logs.Hit) error {
	if len(hits) == 0 {
		return nil
	}
	params, err := wire.Encode(wire.SearchPartParams{Token: p.PartialResultToken, Value: wire.SearchPart{Hits: c.hitsOf(hits, p.ANSI)}})
	if err != nil {
		return err
	}
	return c.conn.Notify(ctx, "$/progress", params)
}
