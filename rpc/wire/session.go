package wire

import "github.com/go-json-experiment/json/jsontext"

// InitializeParams are those of LSP's initialize that matter here.
type InitializeParams struct {
	ProcessID        *int              `json:"processId,omitzero"`
	ClientInfo       ClientInfo        `json:"clientInfo,omitzero"`
	RootURI          *string           `json:"rootUri,omitzero"`
	WorkspaceFolders []WorkspaceFolder `json:"workspaceFolders,omitzero"`
	Capabilities     struct {
		General struct {
			PositionEncodings []string `json:"positionEncodings,omitzero"`
		} `json:"general,omitzero"`
	} `json:"capabilities,omitzero"`
	Trace                 string            `json:"trace,omitzero"`
	InitializationOptions InitializeOptions `json:"initializationOptions,omitzero"`
	Tokens
}

// InitializeOptions are ours among LSP's. A relay puts its own environment and
// folder there, for what the client will start.
type InitializeOptions struct {
	Env      map[string]string `json:"env,omitzero"`
	Cwd      string            `json:"cwd,omitzero"`
	LingerMs int64             `json:"lingerMs,omitzero"` // how long the engine outlives this client
}

// HelloParams are those of session/hello: what initialize says for editors.
type HelloParams struct {
	Client ClientInfo        `json:"client,omitzero"`
	Env    map[string]string `json:"env,omitzero"`
	Cwd    string            `json:"cwd,omitzero"`
	Tokens
}

// ClientInfo names a client, for people.
type ClientInfo struct {
	Name    string `json:"name"`
	Version string `json:"version,omitzero"`
}

// WorkspaceFolder is LSP's.
type WorkspaceFolder struct {
	URI  string `json:"uri"`
	Name string `json:"name,omitzero"`
}

// InitializeResult answers initialize.
type InitializeResult struct {
	Capabilities Capabilities `json:"capabilities"`
	ServerInfo   ServerInfo   `json:"serverInfo"`
}

// Capabilities are what a plain LSP client sees, and ours below experimental.
type Capabilities struct {
	PositionEncoding string `json:"positionEncoding"`
	TextDocumentSync int    `json:"textDocumentSync"`
	Experimental     struct {
		Brummer Brummer `json:"brummer"`
	} `json:"experimental"`
}

// Brummer lists what this server offers beyond LSP.
type Brummer struct {
	Protocol      int      `json:"protocol"`
	Methods       []string `json:"methods"`
	Notifications []string `json:"notifications"`
}

// ServerInfo names the server.
type ServerInfo struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// CancelParams are those of $/cancelRequest.
type CancelParams struct {
	ID jsontext.Value `json:"id"`
}

// WatchParams are those of session/watch.
type WatchParams struct {
	Topics []string `json:"topics"`
	Tokens
}

// SessionInfo answers session/info.
type SessionInfo struct {
	Version  string    `json:"version"`
	Protocol int       `json:"protocol"`
	Epoch    string    `json:"epoch"`
	Root     string    `json:"root"`
	PID      int       `json:"pid"`
	Sessions []Session `json:"sessions"`
	UptimeMs int64     `json:"uptimeMs"`
	Socket   *string   `json:"socket"` // null without a workspace socket
	Limits   Limits    `json:"limits"`
}

// Session is one connected client.
type Session struct {
	ID      string     `json:"id"`
	Client  ClientInfo `json:"client"`
	Framing string     `json:"framing"` // header or ndjson
	SinceMs int64      `json:"sinceMs"` // when it connected, ms since the epoch
	Self    bool       `json:"self"`    // whether it is the one that asks
}

// Limits are the bounds that this engine keeps to.
type Limits struct {
	MessageBytes   int   `json:"messageBytes"`   // of one incoming message
	LogBudgetBytes int64 `json:"logBudgetBytes"` // of all output held
	LineBytes      int   `json:"lineBytes"`      // of one record; longer lines come in parts
	QueryLines     int   `json:"queryLines"`
	SearchHits     int   `json:"searchHits"`
	BatchLines     int   `json:"batchLines"`
	GraceMs        int64 `json:"graceMs"`
}

// SetTraceParams are those of $/setTrace: off, messages or verbose.
type SetTraceParams struct {
	Value string `json:"value"`
}

// LogTraceParams are those of $/logTrace.
type LogTraceParams struct {
	Message string `json:"message"`
	Verbose string `json:"verbose,omitzero"`
}

// ProgressParams are those of $/progress for work done.
type ProgressParams struct {
	Token jsontext.Value `json:"token"`
	Value WorkDone       `json:"value"`
}

// WorkDone is LSP's: a begin with a title, perhaps reports, an end.
type WorkDone struct {
	Kind    string `json:"kind"`
	Title   string `json:"title,omitzero"`
	Message string `json:"message,omitzero"`
}

// LogMessageParams are those of window/logMessage: 1 error, 2 warning, 3 info,
// 4 log.
type LogMessageParams struct {
	Type    int    `json:"type"`
	Message string `json:"message"`
}
