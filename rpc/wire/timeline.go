package wire

// TimelineParams are those of timeline/query: one of request, session and
// sinceMs.
type TimelineParams struct {
	Request string `json:"request,omitzero"` // id of a request: it, what its page told, what its process printed meanwhile
	Session string `json:"session,omitzero"` // id of a page: what it told, its requests, and what the process printed during those
	SinceMs int64  `json:"sinceMs,omitzero"` // everything since then, in milliseconds since the epoch
	Limit   *int   `json:"limit,omitzero"`   // of each kind; default 200, 500 at the most
	Tokens
}

// Timeline answers timeline/query.
type Timeline struct {
	Events []TimelineEvent `json:"events"` // by their time
	More   bool            `json:"more"`   // there is more of some kind than the limit
}

// TimelineEvent is one thing that happened; one of request, page and line is
// there.
type TimelineEvent struct {
	T       int64      `json:"t"`                                       // milliseconds since the epoch
	By      string     `json:"by" enum:"asked|id|session|process|time"` // why it is here: asked for; names the request's id; is of the page; was printed by the process during the request; lies in the time asked for
	Request *Request   `json:"request,omitzero"`
	Page    *PageEvent `json:"page,omitzero"`
	Line    *Line      `json:"line,omitzero"`
}
