package wire

// ExplainedLine is a line of `brummer-rpc explain --json`.
type ExplainedLine struct {
	Line    int      `json:"line,omitzero"` // from 1; absent for what only the end of the log has shown
	Text    string   `json:"text"`
	Tag     string   `json:"tag,omitzero"`     // the name that a multiplexer put before it
	Level   string   `json:"level"`            // trace, debug, info, warn, error, fatal
	Said    bool     `json:"said"`             // the line itself says its level
	Classes []string `json:"classes,omitzero"` // of facts that it may hold: which matchers were asked
	By      string   `json:"by,omitzero"`      // the matcher that took it
	Found   []string `json:"found,omitzero"`   // what is known since this line
}
