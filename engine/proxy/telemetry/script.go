package telemetry

import (
	"bytes"
	_ "embed"
)

//go:generate npm --prefix script ci --ignore-scripts
//go:generate npm --prefix script run build

//go:embed t.js
var script []byte

// placeholder is where the script has its token.
const placeholder = "__BRUMMER_TOKEN__"

// Script is the script for a proxy whose reports carry token, which must be of
// letters and digits.
func Script(token string) []byte {
	return bytes.Replace(script, []byte(placeholder), []byte(token), 1)
}
