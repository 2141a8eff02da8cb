package wire

// Line is one line of output, or a part of one.
type Line struct {
	Seq     uint64 `json:"seq"`
	T       int64  `json:"t"` // milliseconds since the epoch
	Process string `json:"process"`
	Run     uint32 `json:"run"`
	Stream  string `json:"stream"`
	Level   string `json:"level"`
	Text    string `json:"text"`
	Partial bool   `json:"partial,omitzero"` // the line goes on in this stream's next record
}

// AppendJSON implements [Appender].
func (l *Line) AppendJSON(dst []byte) []byte { return AppendLine(dst, l, l.Text) }

// AppendLine appends l with text in the place of l.Text, so that text can be a
// buffer that is used again.
func AppendLine[T string | []byte](dst []byte, l *Line, text T) []byte {
	dst = appendUint(append(dst, `{"seq":`...), l.Seq)
	dst = appendInt(append(dst, `,"t":`...), l.T)
	dst = AppendString(append(dst, `,"process":`...), l.Process)
	dst = appendUint(append(dst, `,"run":`...), uint64(l.Run))
	dst = AppendString(append(dst, `,"stream":`...), l.Stream)
	dst = AppendString(append(dst, `,"level":`...), l.Level)
	dst = AppendString(append(dst, `,"text":`...), text)
	if l.Partial {
		dst = append(dst, `,"partial":true`...)
	}
	return append(dst, '}')
}

// Filter selects lines; every part that is given must hold.
type Filter struct {
	Processes     []string `json:"processes,omitzero"`
	Streams       []string `json:"streams,omitzero"`
	MinLevel      string   `json:"minLevel,omitzero"`
	Levels        []string `json:"levels,omitzero"`
	Text          string   `json:"text,omitzero"`
	Regexp        string   `json:"regexp,omitzero"`
	CaseSensitive *bool    `json:"caseSensitive,omitzero"` // of text and regexp; default smart case
	SinceMs       int64    `json:"sinceMs,omitzero"`
	UntilMs       int64    `json:"untilMs,omitzero"`
	Run           uint32   `json:"run,omitzero"`
}

// Gap says exactly what was lost; From and To are the first and last number.
type Gap struct {
	From     uint64 `json:"from"`
	To       uint64 `json:"to"`
	Count    uint64 `json:"count"`
	Reason   string `json:"reason"`            // overwritten or cleared
	Filtered bool   `json:"filtered,omitzero"` // Count is an upper bound
}

// AppendJSON implements [Appender].
func (g *Gap) AppendJSON(dst []byte) []byte {
	dst = appendUint(append(dst, `{"from":`...), g.From)
	dst = appendUint(append(dst, `,"to":`...), g.To)
	dst = appendUint(append(dst, `,"count":`...), g.Count)
	dst = AppendString(append(dst, `,"reason":`...), g.Reason)
	if g.Filtered {
		dst = append(dst, `,"filtered":true`...)
	}
	return append(dst, '}')
}

func appendGap(dst []byte, g *Gap) []byte {
	if g == nil {
		return dst
	}
	return g.AppendJSON(append(dst, `,"gap":`...))
}

// QueryParams are those of logs/query.
type QueryParams struct {
	Filter Filter  `json:"filter,omitzero"`
	After  *string `json:"after,omitzero"`
	Before *string `json:"before,omitzero"`
	Tail   *int    `json:"tail,omitzero"`
	Limit  *int    `json:"limit,omitzero"`
	ANSI   bool    `json:"ansi,omitzero"`
	Tokens
}

// QueryResult answers logs/query.
type QueryResult struct {
	Lines []Line `json:"lines"`
	Next  string `json:"next"`
	Prev  string `json:"prev"`
	More  bool   `json:"more"`
	Gap   *Gap   `json:"gap,omitzero"`
	Fresh bool   `json:"fresh,omitzero"`
}

// AppendJSON implements [Appender].
func (r *QueryResult) AppendJSON(dst []byte) []byte {
	dst = appendLines(append(dst, `{"lines":`...), r.Lines)
	dst = AppendString(append(dst, `,"next":`...), r.Next)
	dst = AppendString(append(dst, `,"prev":`...), r.Prev)
	dst = appendBool(append(dst, `,"more":`...), r.More)
	dst = appendGap(dst, r.Gap)
	if r.Fresh {
		dst = append(dst, `,"fresh":true`...)
	}
	return append(dst, '}')
}

func appendLines(dst []byte, lines []Line) []byte {
	return appendList(dst, len(lines), func(dst []byte, i int) []byte { return lines[i].AppendJSON(dst) })
}

func appendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}

// SearchParams are those of logs/search.
type SearchParams struct {
	Query         string  `json:"query"`
	Regexp        bool    `json:"regexp,omitzero"`
	CaseSensitive *bool   `json:"caseSensitive,omitzero"` // default: smart case
	WholeWord     bool    `json:"wholeWord,omitzero"`
	Filter        Filter  `json:"filter,omitzero"`
	Order         string  `json:"order,omitzero"` // newest (default) or oldest
	Limit         *int    `json:"limit,omitzero"`
	Cursor        *string `json:"cursor,omitzero"`
	Context       int     `json:"context,omitzero"` // lines before and after each hit
	ANSI          bool    `json:"ansi,omitzero"`
	Count         bool    `json:"count,omitzero"` // fill total
	Tokens
}

// SearchResult answers logs/search.
type SearchResult struct {
	Hits           []Hit  `json:"hits"`
	Total          *int   `json:"total,omitzero"`
	More           bool   `json:"more"`
	Next           string `json:"next,omitzero"`
	ScannedLines   int    `json:"scannedLines"`
	CachedSegments int    `json:"cachedSegments"`
	ElapsedUs      int64  `json:"elapsedUs"`
}

// Hit is a line that matches; Ranges are [start, end) in its plain text, in the
// units of the session's position encoding.
type Hit struct {
	Line   Line     `json:"line"`
	Ranges [][2]int `json:"ranges"`
	Before []Line   `json:"before,omitzero"`
	After  []Line   `json:"after,omitzero"`
}

// SubscribeParams are those of logs/subscribe.
type SubscribeParams struct {
	Filter   Filter `json:"filter,omitzero"`
	Since    Since  `json:"since,omitzero"`
	Format   string `json:"format,omitzero"` // objects (default), columns or raw
	MaxBatch *int   `json:"maxBatch,omitzero"`
	Window   *int   `json:"window,omitzero"` // batches that may be unacknowledged; 0: no limit
	ANSI     bool   `json:"ansi,omitzero"`
	Tokens
}

// Subscribed answers logs/subscribe and events/subscribe.
type Subscribed struct {
	Subscription string `json:"subscription"`
	Cursor       string `json:"cursor"`
	Fresh        bool   `json:"fresh"` // what came after the cursor asked for is no longer whole
}

// Unsubscribed answers logs/unsubscribe and events/unsubscribe.
type Unsubscribed struct {
	Delivered uint64 `json:"delivered"`
	Dropped   uint64 `json:"dropped"`
}

// SubscriptionParams name a subscription.
type SubscriptionParams struct {
	Subscription string `json:"subscription"`
	Tokens
}

// AckParams are those of logs/ack.
type AckParams struct {
	Subscription string `json:"subscription"`
	Batch        uint64 `json:"batch"`
}

// ClearParams are those of logs/clear.
type ClearParams struct {
	Filter Filter `json:"filter,omitzero"`
	Tokens
}

// Cleared answers logs/clear.
type Cleared struct {
	Lines uint64 `json:"lines"`
	Bytes uint64 `json:"bytes"`
}
