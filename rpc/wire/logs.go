package wire

import "github.com/go-json-experiment/json/jsontext"

// Line is one line of output, or a part of one.
type Line struct {
	Seq     uint64 `json:"seq"`     // numbers all lines of the engine in the order of arrival
	T       int64  `json:"t"`       // milliseconds since the epoch
	Process string `json:"process"` // its id
	Run     uint32 `json:"run"`     // which start of the process wrote it
	Stream  string `json:"stream" enum:"stdout|stderr|system"`
	Level   string `json:"level" enum:"trace|debug|info|warn|error|fatal"`
	Text    string `json:"text"`             // without its newline; without escapes unless ansi was asked for
	Partial bool   `json:"partial,omitzero"` // the line goes on in this stream's next record
	Redraw  bool   `json:"redraw,omitzero"`  // a program has drawn it over the line's parts before this one (a progress bar): show it in their place

	// Of a line of structured logging, JSON or logfmt, if fields were asked for.
	Message string         `json:"message,omitzero"` // what it says
	Fields  jsontext.Value `json:"fields,omitzero"`  // an object: its other members in their order, but for level and time; absent of other lines
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
	if l.Redraw {
		dst = append(dst, `,"redraw":true`...)
	}
	if l.Message != "" {
		dst = AppendString(append(dst, `,"message":`...), l.Message)
	}
	if l.Fields != nil {
		dst = append(append(dst, `,"fields":`...), l.Fields...)
	}
	return append(dst, '}')
}

// Filter selects lines; every part that is given must hold.
type Filter struct {
	Processes     []string `json:"processes,omitzero"`                                         // ids; default: all
	Streams       []string `json:"streams,omitzero" enum:"stdout|stderr|system"`               // default: stdout and stderr
	MinLevel      string   `json:"minLevel,omitzero" enum:"trace|debug|info|warn|error|fatal"` // this level or a worse one
	Levels        []string `json:"levels,omitzero" enum:"trace|debug|info|warn|error|fatal"`   // one of these levels
	Text          string   `json:"text,omitzero"`                                              // is part of the line
	Regexp        string   `json:"regexp,omitzero"`                                            // in Go's (RE2) syntax, matches some of the line
	CaseSensitive *bool    `json:"caseSensitive,omitzero"`                                     // of text and regexp; default: if they have a capital letter
	SinceMs       int64    `json:"sinceMs,omitzero"`                                           // not before, in milliseconds since the epoch
	UntilMs       int64    `json:"untilMs,omitzero"`                                           // not after, in milliseconds since the epoch
	Run           uint32   `json:"run,omitzero"`                                               // of this start of a process
}

// Gap says exactly what was lost.
type Gap struct {
	From     uint64 `json:"from"`  // the first number
	To       uint64 `json:"to"`    // the last number
	Count    uint64 `json:"count"` // how many of them would have been given
	Reason   string `json:"reason" enum:"overwritten|cleared"`
	Filtered bool   `json:"filtered,omitzero"` // count is an upper bound
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
	After  *string `json:"after,omitzero"`  // cursor: the lines behind it
	Before *string `json:"before,omitzero"` // cursor: the lines before it
	Tail   *int    `json:"tail,omitzero"`   // the last so many lines; without after, before and tail from the oldest on
	Limit  *int    `json:"limit,omitzero"`  // of lines; default 200, at most session/info's limits.queryLines
	ANSI   bool    `json:"ansi,omitzero"`   // keep colours in text
	Fields bool    `json:"fields,omitzero"` // give the message and fields of lines of structured logging, too
	Tokens
}

// QueryResult answers logs/query.
type QueryResult struct {
	Lines []Line `json:"lines"`          // in ascending order of seq
	Next  string `json:"next"`           // cursor: after it comes what follows, also what is yet to be written
	Prev  string `json:"prev"`           // cursor: before it stands what precedes
	More  bool   `json:"more"`           // there are more lines now, in the direction asked for
	Gap   *Gap   `json:"gap,omitzero"`   // lines that were lost before the first one given
	Fresh bool   `json:"fresh,omitzero"` // the cursor was of another engine or its lines are gone: this is the oldest still held
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

// SearchParams are those of logs/search.
type SearchParams struct {
	Query         string  `json:"query"`                  // text, or with regexp a regular expression in Go's (RE2) syntax
	Regexp        bool    `json:"regexp,omitzero"`        // query is a regular expression
	CaseSensitive *bool   `json:"caseSensitive,omitzero"` // default: if query has a capital letter
	WholeWord     bool    `json:"wholeWord,omitzero"`     // a hit ends where words end
	Filter        Filter  `json:"filter,omitzero"`
	Order         string  `json:"order,omitzero" enum:"newest|oldest"` // which hits come first; default newest
	Limit         *int    `json:"limit,omitzero"`                      // of hits; default 200, at most session/info's limits.searchHits
	Cursor        *string `json:"cursor,omitzero"`                     // next of the search that this one continues
	Context       int     `json:"context,omitzero"`                    // lines before and after each hit, at most 50
	ANSI          bool    `json:"ansi,omitzero"`                       // keep colours in text
	Count         bool    `json:"count,omitzero"`                      // count all hits, into total
	Tokens
}

// SearchPartParams are those of $/progress with hits of a logs/search that has a
// partialResultToken.
type SearchPartParams struct {
	Token jsontext.Value `json:"token"` // the request's partialResultToken
	Value SearchPart     `json:"value"`
}

// SearchPart is hits that follow those of the part before.
type SearchPart struct {
	Hits []Hit `json:"hits"`
}

// SearchResult answers logs/search.
type SearchResult struct {
	Hits           []Hit  `json:"hits"`           // none with a partialResultToken: they came in parts
	Total          *int   `json:"total,omitzero"` // of all hits, if count was asked for
	More           bool   `json:"more"`           // there are more hits than these
	Next           string `json:"next,omitzero"`  // cursor for the search that continues this one
	ScannedLines   int    `json:"scannedLines"`   // how many lines' text was looked at
	CachedSegments int    `json:"cachedSegments"` // how many parts of the log were answered from memory of an earlier search
	ElapsedUs      int64  `json:"elapsedUs"`      // microseconds that it took
}

// Hit is a line that matches.
type Hit struct {
	Line   Line     `json:"line"`
	Ranges [][2]int `json:"ranges"`          // start and end of each match in line.text, in units of the session's position encoding
	Before []Line   `json:"before,omitzero"` // its context
	After  []Line   `json:"after,omitzero"`  // its context
}

// SubscribeParams are those of logs/subscribe.
type SubscribeParams struct {
	Filter   Filter `json:"filter,omitzero"`
	Since    Since  `json:"since,omitzero"`                             // where to begin; default now
	Format   string `json:"format,omitzero" enum:"objects|columns|raw"` // of logs/lines; default objects; raw, for terminals, needs one process
	MaxBatch *int   `json:"maxBatch,omitzero"`                          // lines in one logs/lines; default and limit: session/info's limits.batchLines
	Lossless bool   `json:"lossless,omitzero"`                          // the processes wait for this subscription, as for a pipe that is full, before anything is overwritten that it has not been sent
	Window   *int   `json:"window,omitzero"`                            // batches that may be unacknowledged; default 4; 0: no limit
	ANSI     bool   `json:"ansi,omitzero"`                              // keep colours in text
	Fields   bool   `json:"fields,omitzero"`                            // give the message and fields of lines of structured logging, too; with the format objects
	Tokens
}

// Subscribed answers logs/subscribe and events/subscribe.
type Subscribed struct {
	Subscription string `json:"subscription"` // its id, in this session
	Cursor       string `json:"cursor"`       // where it begins
	Fresh        bool   `json:"fresh"`        // what came after the cursor asked for is no longer whole
}

// Unsubscribed answers logs/unsubscribe and events/unsubscribe.
type Unsubscribed struct {
	Delivered uint64 `json:"delivered"` // lines or events that were sent
	Dropped   uint64 `json:"dropped"`   // lines or events that gaps told of
}

// SubscriptionParams name a subscription.
type SubscriptionParams struct {
	Subscription string `json:"subscription"` // its id
	Tokens
}

// AckParams are those of logs/ack.
type AckParams struct {
	Subscription string `json:"subscription"` // its id
	Batch        uint64 `json:"batch"`        // number of the logs/lines that has been dealt with
}

// ClearParams are those of logs/clear.
type ClearParams struct {
	Filter Filter `json:"filter,omitzero"` // whole processes and streams only
	Tokens
}

// Cleared answers logs/clear.
type Cleared struct {
	Lines uint64 `json:"lines"` // that were hidden
	Bytes uint64 `json:"bytes"` // that were hidden
}

// ExportParams are those of logs/export.
type ExportParams struct {
	Filter    Filter `json:"filter,omitzero"`
	Path      string `json:"path"`                                   // in the workspace or the folder for temporary files; relative to the root
	Format    string `json:"format,omitzero" enum:"raw|text|ndjson"` // default text: plain lines; raw: the exact bytes of one process; ndjson: a Line per line
	Overwrite bool   `json:"overwrite,omitzero"`                     // replace a file that is there
	Tokens
}

// Exported answers logs/export.
type Exported struct {
	Path  string `json:"path"`  // of the file, absolute
	Lines uint64 `json:"lines"` // that were written
	Bytes uint64 `json:"bytes"` // of the file
}
