package rpc

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// Limits of one answer; see wire.Limits.
const (
	maxQuery     = 500
	maxHits      = 1000
	maxContext   = 50
	defaultLimit = 200

	// pageBytes ends a page of raw text early, so that its JSON stays below
	// the mebibyte that one message may have.
	pageBytes = 128 << 10
)

func logsQuery(c *call, p wire.QueryParams) (*wire.QueryResult, error) {
	f, err := filterOf(p.Filter, "/filter")
	if err != nil {
		return nil, err
	}
	q := logs.Query{Filter: f, Bytes: pageBytes}
	if q.Limit, err = limitOf(p.Limit, defaultLimit, maxQuery, "limit"); err != nil {
		return nil, err
	}
	if p.Tail != nil {
		if q.Limit, err = limitOf(p.Tail, 0, maxQuery, "tail"); err != nil {
			return nil, err
		}
	}
	if err := startOf(p); err != nil {
		return nil, err
	}
	if p.Tail != nil || p.Before != nil {
		return c.queryBack(q, p)
	}
	return c.queryForward(q, p)
}

func (c *call) queryForward(q logs.Query, p wire.QueryParams) (*wire.QueryResult, error) {
	var fresh bool
	var err error
	if q.After, fresh, err = c.startAfter(q.Filter, p.After, "/after"); err != nil {
		return nil, err
	}
	page, err := c.engine.Logs.Read(c.overlap(), q)
	if err != nil {
		return nil, err
	}
	r := c.queryResult(page, p)
	r.Prev = c.cursor(q.After + 1)
	r.Fresh = fresh || p.After != nil && page.Gap != nil
	return r, nil
}

func (c *call) queryBack(q logs.Query, p wire.QueryParams) (*wire.QueryResult, error) {
	before, ours := uint64(0), true
	if p.Before != nil {
		var err error
		if before, ours, err = parseCursor(c.engine.Epoch, *p.Before, "/before"); err != nil {
			return nil, err
		}
		if !ours {
			before = 0
		}
	}
	page, err := c.engine.Logs.ReadBack(c.overlap(), q, before)
	if err != nil {
		return nil, err
	}
	r := c.queryResult(page, p)
	if len(page.Records) > 0 {
		r.Prev = c.cursor(page.Records[0].Seq)
	}
	r.Fresh = !ours
	return r, nil
}

// startAfter is where reading from a cursor begins: behind it, or before the
// oldest line held if there is none or it is another engine's.
func (c *call) startAfter(f logs.Filter, cursor *string, path string) (after uint64, fresh bool, err error) {
	if cursor == nil {
		return c.engine.Logs.Oldest(f), false, nil
	}
	n, ours, err := parseCursor(c.engine.Epoch, *cursor, path)
	if err != nil {
		return 0, false, err
	}
	if !ours || n > c.engine.Logs.Head() {
		return c.engine.Logs.Oldest(f), true, nil
	}
	return n, false, nil
}

func (c *call) cursor(n uint64) string { return formatCursor(c.engine.Epoch, n) }

func (c *call) queryResult(page logs.Page, p wire.QueryParams) *wire.QueryResult {
	r := &wire.QueryResult{
		Lines: linesOf(page.Records, p.ANSI), Next: c.cursor(page.Next), Prev: c.cursor(page.Next + 1),
		More: page.More, Gap: gapOf(page.Gap),
	}
	if p.Fields {
		addFields(r.Lines, page.Records)
	}
	return r
}

// startOf refuses a query that names more than one place to begin.
func startOf(p wire.QueryParams) error {
	switch {
	case p.Before != nil && p.After != nil:
		return invalidParams("/before", "give one of after, before and tail")
	case p.Tail != nil && (p.After != nil || p.Before != nil):
		return invalidParams("/tail", "give one of after, before and tail")
	}
	return nil
}

func limitOf(given *int, otherwise, most int, name string) (int, error) {
	switch {
	case given == nil:
		return otherwise, nil
	case *given < 1:
		return 0, invalidParams("/"+name, name+" must be at least 1")
	case *given > most:
		return 0, &wire.Error{
			Code: wire.RequestFailed, Message: fmt.Sprintf("%s is %d: at most %d can be had at once", name, *given, most),
			Data: wire.ErrorData{Kind: "limit.tooLarge", Path: "/" + name},
		}
	}
	return *given, nil
}

func logsSearch(c *call, p wire.SearchParams) (*wire.SearchResult, error) {
	q, err := c.searchOf(p)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	found, err := c.search(c.overlap(), q, p)
	if err != nil {
		return nil, err
	}
	r := &wire.SearchResult{Hits: c.hitsOf(found.Hits, p.ANSI), More: found.More, ScannedLines: found.Scanned, CachedSegments: found.Cached}
	if found.More {
		r.Next = c.cursor(found.Next)
	}
	if p.Count {
		r.Total = &found.Total
	}
	r.ElapsedUs = time.Since(begun).Microseconds()
	return r, nil
}

func (c *call) searchOf(p wire.SearchParams) (logs.Search, error) {
	q := logs.Search{
		Pattern: logs.Pattern{Text: p.Query, Regexp: p.Regexp, WholeWord: p.WholeWord, Case: p.CaseSensitive},
		Oldest:  p.Order == "oldest", Context: p.Context, Count: p.Count, Bytes: pageBytes,
	}
	switch {
	case p.Query == "":
		return q, missing("query")
	case p.Order != "" && p.Order != "oldest" && p.Order != "newest":
		return q, invalidParams("/order", fmt.Sprintf("order can't be %q: newest or oldest", p.Order))
	case p.Context < 0 || p.Context > maxContext:
		return q, invalidParams("/context", fmt.Sprintf("context must be between 0 and %d", maxContext))
	}
	var err error
	if q.Limit, err = limitOf(p.Limit, defaultLimit, maxHits, "limit"); err != nil {
		return q, err
	}
	if q.Filter, err = filterOf(p.Filter, "/filter"); err != nil || p.Cursor == nil {
		return q, err
	}
	n, ours, err := parseCursor(c.engine.Epoch, *p.Cursor, "/cursor")
	if ours {
		q.Cursor = n
	}
	return q, err
}

func (c *call) hitsOf(hits []*logs.Hit, ansi bool) []wire.Hit {
	out := make([]wire.Hit, len(hits))
	for i, h := range hits {
		out[i] = c.hitOf(h, ansi)
	}
	return out
}

func (c *call) hitOf(h *logs.Hit, ansi bool) wire.Hit {
	out := wire.Hit{
		Line: lineOf(&h.Record, ansi), Ranges: make([][2]int, len(h.Ranges)),
		Before: linesOf(h.Before, ansi), After: linesOf(h.After, ansi),
	}
	copy(out.Ranges, h.Ranges)
	text := []byte(out.Line.Text)
	if ansi {
		logs.Colour(text, out.Ranges)
	}
	if !c.utf8 {
		toUTF16(text, out.Ranges)
	}
	return out
}

// toUTF16 counts ranges in UTF-16 units instead of bytes. They ascend: each goes
// on where the one before ended.
func toUTF16(text []byte, ranges [][2]int) {
	at, units := 0, 0
	for i, r := range ranges {
		start := units + utf16Len(text[at:r[0]])
		units = start + utf16Len(text[r[0]:r[1]])
		at = r[1]
		ranges[i] = [2]int{start, units}
	}
}

// utf16Len is how many UTF-16 units valid UTF-8 text has.
func utf16Len(text []byte) int {
	n := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if n++; r > 0xffff {
			n++
		}
		text = text[size:]
	}
	return n
}

func logsClear(c *call, p wire.ClearParams) (wire.Cleared, error) {
	f, err := filterOf(p.Filter, "/filter")
	if err != nil {
		return wire.Cleared{}, err
	}
	if f.Narrow() || f.Run != 0 {
		return wire.Cleared{}, invalidParams("/filter", "only whole processes and streams can be cleared")
	}
	n, bytes := c.engine.Logs.Clear(f)
	return wire.Cleared{Lines: n, Bytes: bytes}, nil
}

// filterOf converts a filter; path is where it stands in the params.
func filterOf(w wire.Filter, path string) (logs.Filter, error) {
	f := logs.Filter{Processes: w.Processes, Run: w.Run, Since: w.SinceMs, Until: w.UntilMs}
	for _, name := range w.Streams {
		s, ok := logs.ParseStream(name)
		if !ok {
			return f, invalidParams(path+"/streams", fmt.Sprintf("there is no stream %q: stdout, stderr, system", name))
		}
		f.Streams = append(f.Streams, s)
	}
	for _, name := range w.Levels {
		l, ok := logs.ParseLevel(name)
		if !ok {
			return f, noLevel(path+"/levels", name)
		}
		f.Levels = append(f.Levels, l)
	}
	if w.MinLevel != "" {
		l, ok := logs.ParseLevel(w.MinLevel)
		if !ok {
			return f, noLevel(path+"/minLevel", w.MinLevel)
		}
		f.MinLevel = &l
	}
	return f, matchOf(w, &f, path)
}

func noLevel(path, name string) error {
	return invalidParams(path, fmt.Sprintf("there is no level %q: trace, debug, info, warn, error, fatal", name))
}

func matchOf(w wire.Filter, f *logs.Filter, path string) error {
	p := logs.Pattern{Text: w.Text, Case: w.CaseSensitive}
	switch {
	case w.Text != "" && w.Regexp != "":
		return invalidParams(path+"/regexp", "give text or regexp, not both")
	case w.Regexp != "":
		p.Text, p.Regexp = w.Regexp, true
	case w.Text == "":
		return nil
	}
	m, err := logs.Compile(p)
	f.Match = m
	return err
}

func linesOf(records []logs.Record, ansi bool) []wire.Line {
	if len(records) == 0 {
		return nil
	}
	out := make([]wire.Line, len(records))
	for i := range records {
		out[i] = lineOf(&records[i], ansi)
	}
	return out
}

func lineOf(r *logs.Record, ansi bool) wire.Line {
	l := lineHead(r)
	l.Text = string(logs.AppendText(nil, r.Raw, ansi))
	return l
}

// lineHead is a line without its text.
func lineHead(r *logs.Record) wire.Line {
	return wire.Line{
		Seq: r.Seq, T: r.Time, Process: r.Process, Run: r.Run,
		Stream: r.Stream.String(), Level: r.Level.String(), Partial: r.Partial, Redraw: r.Redraw,
	}
}

func gapOf(g *logs.Gap) *wire.Gap {
	if g == nil {
		return nil
	}
	w := &wire.Gap{From: g.From, To: g.To, Count: g.Count, Reason: "overwritten", Filtered: g.Filtered}
	if g.Cleared {
		w.Reason = "cleared"
	}
	return w
}
