package wire

// RegisterParams are those of proxy/register.
type RegisterParams struct {
	URL      string `json:"url"`                                  // of the server: http://localhost:5173
	Process  string `json:"process,omitzero"`                     // id of the process that it belongs to
	Label    string `json:"label,omitzero"`                       // a name for people; default: the process's, or the server's
	Port     int    `json:"port,omitzero"`                        // to listen on; default: the one it had before, or any
	Inject   *bool  `json:"inject,omitzero"`                      // whether pages get our script; default: as the configuration says, true
	Host     string `json:"host,omitzero" enum:"preserve|target"` // whose Host the server sees: the browser's, the default, or its own
	Insecure bool   `json:"insecure,omitzero"`                    // the server's certificate is not checked
	Tokens
}

// Proxy is a registered proxy.
type Proxy struct {
	ID       string `json:"id"`
	ProxyURL string `json:"proxyUrl"`          // what to open in a browser
	AliasURL string `json:"aliasUrl,omitzero"` // the same by a name below localhost, if there is a port for that
	Port     int    `json:"port"`
	URL      string `json:"url"` // where it leads
	Process  string `json:"process,omitzero"`
	Label    string `json:"label"`
	Host     string `json:"host" enum:"preserve|target"`
	Inject   bool   `json:"inject"`
	Insecure bool   `json:"insecure"`
}

// Proxies answers proxy/list.
type Proxies struct {
	Proxies []Proxy `json:"proxies"` // in the order in which they were registered
}

// ProxyID names a proxy.
type ProxyID struct {
	ID string `json:"id"` // of the proxy
	Tokens
}

// RequestFilter chooses requests; an empty one chooses all.
type RequestFilter struct {
	Proxy   string `json:"proxy,omitzero"`   // id of a proxy
	Process string `json:"process,omitzero"` // id of a process
	Status  string `json:"status,omitzero"`  // 404, 5xx or 400-499
	Method  string `json:"method,omitzero"`
	Path    string `json:"path,omitzero"`   // a part of path and query; with *, a pattern of the whole path
	Type    string `json:"type,omitzero"`   // a part of the answer's Content-Type: json, html, image
	MinMs   int64  `json:"minMs,omitzero"`  // that took at least so long
	Failed  bool   `json:"failed,omitzero"` // that broke off, or were answered with 400 or more
	SinceMs int64  `json:"sinceMs,omitzero"`
	UntilMs int64  `json:"untilMs,omitzero"`
}

// RequestsParams are those of proxy/requests.
type RequestsParams struct {
	Filter RequestFilter `json:"filter,omitzero"`
	After  *string       `json:"after,omitzero"` // cursor: what has changed since; default: the newest
	Limit  *int          `json:"limit,omitzero"` // default 200, 500 at the most
	Tokens
}

// Requests answers proxy/requests. A request comes again when it has been
// answered and when it has ended: the last word counts.
type Requests struct {
	Requests []Request `json:"requests"` // in the order in which they last changed
	Next     string    `json:"next"`     // after of the next call
	More     bool      `json:"more"`     // there is more behind next already
	Dropped  uint64    `json:"dropped"`  // how many had to make room since the engine started
}

// Request is a request that went through a proxy, as a list shows it.
type Request struct {
	ID       string         `json:"id"`
	Proxy    string         `json:"proxy"`
	Process  string         `json:"process,omitzero"`
	Method   string         `json:"method"`
	URL      string         `json:"url"` // path and query, as asked for
	Host     string         `json:"host"`
	T        int64          `json:"t"`               // when it began, in milliseconds since the epoch
	Status   int            `json:"status,omitzero"` // absent until it is answered
	Type     string         `json:"type,omitzero"`   // the answer's Content-Type
	Pending  bool           `json:"pending"`         // it is under way
	Timings  RequestTimings `json:"timings"`
	Sent     int64          `json:"sent"`              // bytes of the request's body
	Received int64          `json:"received"`          // bytes of the answer's body
	Failure  *Failure       `json:"failure,omitzero"`  // where it broke off
	Upgrade  string         `json:"upgrade,omitzero"`  // the protocol that the connection went over to
	Injected bool           `json:"injected"`          // the page got our script
	Skipped  string         `json:"skipped,omitzero"`  // why it did not
	Silent   bool           `json:"silent,omitzero"`   // the page got our script and does not report: something blocks it
	ReplayOf string         `json:"replayOf,omitzero"` // id of the request that this one repeats
}

// RequestTimings are how long the parts took, in milliseconds; a part that there
// was not, or that is not over, is absent.
type RequestTimings struct {
	DNS     *float64 `json:"dns,omitzero"`
	Connect *float64 `json:"connect,omitzero"`
	TLS     *float64 `json:"tls,omitzero"`
	TTFB    *float64 `json:"ttfb,omitzero"`  // from the beginning to the first byte of the answer
	Total   *float64 `json:"total,omitzero"` // until its last byte
	Reused  bool     `json:"reused"`         // the connection had served before
}

// Failure says where a request broke off, and why.
type Failure struct {
	Stage string `json:"stage" enum:"dial|tls|header|body|client"` // client: it has gone
	Text  string `json:"text"`
}

// RequestParams are those of proxy/request.
type RequestParams struct {
	ID     string `json:"id"`              // of the request
	Bodies bool   `json:"bodies,omitzero"` // the bodies too
	Reveal bool   `json:"reveal,omitzero"` // secrets are not covered
	Tokens
}

// RequestDetail is everything that is known of a request.
type RequestDetail struct {
	Request        Request      `json:"request"`
	Protocol       string       `json:"protocol,omitzero"` // between the proxy and the server: HTTP/1.1
	RequestHeader  []HeaderLine `json:"requestHeader"`
	ResponseHeader []HeaderLine `json:"responseHeader"`
	RequestBody    *Body        `json:"requestBody,omitzero"`
	ResponseBody   *Body        `json:"responseBody,omitzero"`
}

// HeaderLine is one line of a header.
type HeaderLine struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Body is what is known of a body.
type Body struct {
	Size      int64  `json:"size"` // bytes as they were sent
	Text      string `json:"text"` // decoded; base64 if it is no text
	Base64    bool   `json:"base64"`
	Truncated bool   `json:"truncated"`        // there is more than text
	Missing   string `json:"missing,omitzero"` // why there is no text
}

// ReplayParams are those of proxy/replay.
type ReplayParams struct {
	ID   string      `json:"id"` // of the request
	Edit RequestEdit `json:"edit,omitzero"`
	Tokens
}

// RequestEdit says what is different this time.
type RequestEdit struct {
	Method string            `json:"method,omitzero"`
	URL    string            `json:"url,omitzero"`    // path and query
	Header map[string]string `json:"header,omitzero"` // set; "" removes
	Body   *string           `json:"body,omitzero"`
}

// CurlParams are those of proxy/curl.
type CurlParams struct {
	ID     string `json:"id"`              // of the request
	Reveal bool   `json:"reveal,omitzero"` // secrets are not covered
	Tokens
}

// ShellCommand answers proxy/curl.
type ShellCommand struct {
	Command string `json:"command"` // for a shell
}

// HARParams are those of proxy/har.
type HARParams struct {
	Filter    RequestFilter `json:"filter,omitzero"`
	Path      string        `json:"path,omitzero"`      // write it to a file, within the workspace or the folder for temporary files; needed over a mebibyte
	Overwrite bool          `json:"overwrite,omitzero"` // an existing file may be replaced
	Reveal    bool          `json:"reveal,omitzero"`    // secrets are not covered
	Tokens
}

// HARResult answers proxy/har: an HTTP archive, or what was written.
type HARResult struct {
	Log     *HARLog `json:"log,omitzero"`     // the archive's only member, without a path
	Path    string  `json:"path,omitzero"`    // of the file that was written
	Entries *int    `json:"entries,omitzero"` // written to the path
	Bytes   *int64  `json:"bytes,omitzero"`   // written to the path
}

// ProxyActivity is the params of proxy/activity. A request comes again when it
// has been answered and when it has ended.
type ProxyActivity struct {
	Items []Request `json:"items"`
	Next  string    `json:"next"`          // the cursor behind them, for proxy/requests
	Lost  uint64    `json:"lost,omitzero"` // requests that had to make room before they could be told
}
