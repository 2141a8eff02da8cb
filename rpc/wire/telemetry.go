package wire

// PagesParams are those of telemetry/sessions.
type PagesParams struct {
	Proxy string `json:"proxy,omitzero"` // id of a proxy; default: of all
	Tokens
}

// Pages answers telemetry/sessions.
type Pages struct {
	Sessions []Page `json:"sessions"` // the one that reported last first
	Dropped  uint64 `json:"dropped"`  // events of pages that came too fast, were not sent or had to make room
}

// Page is a page, from its load to its end.
type Page struct {
	ID      string             `json:"id"`
	Proxy   string             `json:"proxy"`
	URL     string             `json:"url"` // where it is now
	Agent   string             `json:"agent,omitzero"`
	Request string             `json:"request,omitzero"` // id of the request for the page
	Started int64              `json:"started"`          // milliseconds since the epoch
	Last    int64              `json:"last"`             // when it last reported
	Counts  map[string]int     `json:"counts"`           // events by kind
	Dropped int                `json:"dropped"`          // events that came too fast, or that the page did not send
	Vitals  map[string]float64 `json:"vitals"`           // LCP, INP, FCP and TTFB in milliseconds, CLS
}

// PageEventsParams are those of telemetry/events.
type PageEventsParams struct {
	Session string   `json:"session,omitzero"` // id of a page
	Proxy   string   `json:"proxy,omitzero"`   // id of a proxy
	Request string   `json:"request,omitzero"` // id of a request
	Kinds   []string `json:"kinds,omitzero"`   // page, load, console, error, rejection, resource, csp, request, navigation, vital
	After   *string  `json:"after,omitzero"`   // cursor; default: the newest
	Limit   *int     `json:"limit,omitzero"`   // default 200, 500 at the most
	Tokens
}

// PageEvents answers telemetry/events.
type PageEvents struct {
	Events []PageEvent `json:"events"` // in the order in which they came
	Next   string      `json:"next"`   // after of the next call
	More   bool        `json:"more"`
	Lost   uint64      `json:"lost,omitzero"` // events behind after that had to make room
}

// PageEvent is one thing that a page has told. Its texts are the page's words.
type PageEvent struct {
	Seq     uint64      `json:"seq"`
	Session string      `json:"session"`
	Proxy   string      `json:"proxy"`
	Kind    string      `json:"kind" enum:"page|load|console|error|rejection|resource|csp|request|navigation|vital"`
	T       int64       `json:"t"`                // milliseconds since the epoch, by the page's clock
	Page    string      `json:"page"`             // address of the page
	Level   string      `json:"level,omitzero"`   // of console
	Message string      `json:"message,omitzero"` // of console, error, rejection, csp
	Source  string      `json:"source,omitzero"`  // address of the script
	Line    int         `json:"line,omitzero"`    // from 1
	Column  int         `json:"column,omitzero"`  // from 1
	Stack   string      `json:"stack,omitzero"`   // as the browser writes it
	Frames  []PageFrame `json:"frames,omitzero"`  // of stack, the innermost first
	Tag     string      `json:"tag,omitzero"`     // of resource: the element
	URL     string      `json:"url,omitzero"`     // of resource, request, navigation; of page: where it came from
	Name    string      `json:"name,omitzero"`    // of vital: LCP, INP, CLS, FCP, TTFB
	Rating  string      `json:"rating,omitzero"`  // of vital: good, needs-improvement, poor
	Value   float64     `json:"value,omitzero"`   // of vital; of load and request: milliseconds
	Status  int         `json:"status,omitzero"`  // of request
	Request string      `json:"request,omitzero"` // id of the request that it is about
}

// PageFrame is one line of a browser's stack. With a file, line and column are
// those of the file, by the script's source map if it has one.
type PageFrame struct {
	Function string `json:"function,omitzero"`
	URL      string `json:"url"`           // of the script
	File     string `json:"file,omitzero"` // of the workspace, absolute
	Line     int    `json:"line"`          // from 1
	Column   int    `json:"column"`        // from 1
}

// TelemetryActivity is the params of telemetry/activity.
type TelemetryActivity struct {
	Items []PageEvent `json:"items"`
	Next  string      `json:"next"`          // the cursor behind them, for telemetry/events
	Lost  uint64      `json:"lost,omitzero"` // events that had to make room before they could be told
}
