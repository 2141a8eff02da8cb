package wire

// Version is what `brummer-rpc version --json` prints.
type Version struct {
	Version  string `json:"version"`
	Protocol int    `json:"protocol"`
	Go       string `json:"go"` // version that it was built with
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

// LogGap is a line of `brummer-rpc logs --json` where lines are missing.
type LogGap struct {
	Gap *Gap `json:"gap"`
}

// Doctor is what `brummer-rpc doctor --json` prints. It is no method's: without
// an engine there is nobody to ask.
type Doctor struct {
	Program  string       `json:"program"` // path of the binary
	Version  string       `json:"version"`
	Protocol int          `json:"protocol"`
	Root     string       `json:"root,omitzero"` // of the workspace, as far as it is known
	Socket   string       `json:"socket,omitzero"`
	Engine   *SessionInfo `json:"engine"`           // null if none runs
	Log      string       `json:"log,omitzero"`     // file with what the engine has to say
	HTTP     string       `json:"http,omitzero"`    // address of the engine's TCP port
	Token    string       `json:"token,omitzero"`   // file with the token for it
	Scripts  int          `json:"scripts,omitzero"` // how many can be run
	Problems []string     `json:"problems"`         // what is not as it should be
}
