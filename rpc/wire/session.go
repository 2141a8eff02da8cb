package wire

import "github.com/go-json-experiment/json/jsontext"

// InitializeParams are those of LSP's initialize that matter here.
type InitializeParams struct {
	ProcessID             *int               `json:"processId,omitzero"` // of the client; the session ends with it
	ClientInfo            ClientInfo         `json:"clientInfo,omitzero"`
	RootURI               *string            `json:"rootUri,omitzero"`          // the workspace; default: the only folder
	WorkspaceFolders      []WorkspaceFolder  `json:"workspaceFolders,omitzero"` // several need a connection each
	Capabilities          ClientCapabilities `json:"capabilities,omitzero"`
	Trace                 string             `json:"trace,omitzero" enum:"off|messages|verbose"` // as $/setTrace has it
	InitializationOptions InitializeOptions  `json:"initializationOptions,omitzero"`
	Tokens
}

// ClientCapabilities are those of LSP's that matter here.
type ClientCapabilities struct {
	General GeneralCapabilities `json:"general,omitzero"`
}

// GeneralCapabilities are those of LSP's that matter here.
type GeneralCapabilities struct {
	PositionEncodings []string `json:"positionEncodings,omitzero"` // what the client can count in: utf-8 is taken if it is there
}

// InitializeOptions are ours among LSP's. A relay puts its own environment and
// folder there, for what the client will start.
type InitializeOptions struct {
	Env       map[string]string `json:"env,omitzero"`       // of what the client starts; default: the engine's own
	Cwd       string            `json:"cwd,omitzero"`       // of the client
	LingerMs  int64             `json:"lingerMs,omitzero"`  // how long the engine outlives this client
	Autostart bool              `json:"autostart,omitzero"` // start what brummer.toml wants to be started with the engine: only in a workspace that is trusted
}

// HelloParams are those of session/hello: what initialize says for editors.
type HelloParams struct {
	Client ClientInfo        `json:"client,omitzero"`
	Env    map[string]string `json:"env,omitzero"`            // of what the client starts; default: the engine's own
	Cwd    string            `json:"cwd,omitzero"`            // of the client
	Via    string            `json:"via,omitzero" enum:"mcp"` // mcp: it speaks for an assistant, and mcp.* events tell what it does
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
	PositionEncoding string       `json:"positionEncoding" enum:"utf-8|utf-16"` // what positions count in
	TextDocumentSync int          `json:"textDocumentSync"`                     // 0: documents are not wanted
	Experimental     Experimental `json:"experimental"`
}

// Experimental is where LSP lets a server tell of its own.
type Experimental struct {
	Brummer Brummer `json:"brummer"`
}

// Brummer lists what this server offers beyond LSP.
type Brummer struct {
	Protocol      int      `json:"protocol"`      // version of the protocol
	Methods       []string `json:"methods"`       // that a client can send
	Notifications []string `json:"notifications"` // that the server sends
}

// ServerInfo names the server.
type ServerInfo struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// CancelParams are those of $/cancelRequest.
type CancelParams struct {
	ID jsontext.Value `json:"id"` // of the call
}

// WatchParams are those of session/watch.
type WatchParams struct {
	Topics []string `json:"topics" enum:"process|problems|tests|urls|project"` // all that are wanted from now on
	Tokens
}

// SessionInfo answers session/info.
type SessionInfo struct {
	Version  string    `json:"version"`  // of the program
	Protocol int       `json:"protocol"` // version of the protocol
	Epoch    string    `json:"epoch"`    // names this engine: another one's cursors are stale
	Root     string    `json:"root"`     // absolute folder of the workspace
	PID      int       `json:"pid"`      // of the engine
	Sessions []Session `json:"sessions"`
	UptimeMs int64     `json:"uptimeMs"`
	Socket   *string   `json:"socket"` // path of the workspace socket, null without one
	Limits   Limits    `json:"limits"`
}

// Session is one connected client.
type Session struct {
	ID      string     `json:"id"`
	Client  ClientInfo `json:"client"`
	Framing string     `json:"framing" enum:"header|ndjson|http"`
	SinceMs int64      `json:"sinceMs"` // when it connected, in milliseconds since the epoch
	Self    bool       `json:"self"`    // whether it is the one that asks
}

// Limits are the bounds that this engine keeps to.
type Limits struct {
	MessageBytes   int   `json:"messageBytes"`   // of one incoming message
	LogBudgetBytes int64 `json:"logBudgetBytes"` // of all output held
	LineBytes      int   `json:"lineBytes"`      // of one record; longer lines come in parts
	QueryLines     int   `json:"queryLines"`     // of one logs/query
	SearchHits     int   `json:"searchHits"`     // of one logs/search
	BatchLines     int   `json:"batchLines"`     // of one logs/lines
	GraceMs        int64 `json:"graceMs"`        // between asking a process to end and killing it
}

// SetTraceParams are those of $/setTrace.
type SetTraceParams struct {
	Value string `json:"value" enum:"off|messages|verbose"`
}

// LogTraceParams are those of $/logTrace.
type LogTraceParams struct {
	Message string `json:"message"`          // the method, and how long it took or its error
	Verbose string `json:"verbose,omitzero"` // more, if asked for
}

// ProgressParams are those of $/progress for work done.
type ProgressParams struct {
	Token jsontext.Value `json:"token"` // the request's workDoneToken
	Value WorkDone       `json:"value"`
}

// WorkDone is LSP's: a begin with a title, perhaps reports, an end.
type WorkDone struct {
	Kind       string `json:"kind" enum:"begin|report|end"`
	Title      string `json:"title,omitzero"`      // of the work, with begin
	Message    string `json:"message,omitzero"`    // how far it is
	Percentage *int   `json:"percentage,omitzero"` // how much of it is done
}

// LogMessageParams are those of window/logMessage.
type LogMessageParams struct {
	Type    int    `json:"type"` // 1 error, 2 warning, 3 info, 4 log
	Message string `json:"message"`
}
