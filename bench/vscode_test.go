package bench

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkVSCode is a flood as VS Code's client library gets it, in columns of 256
// lines, while the same client asks for the state of a process every 20 ms. ns/line
// is per line that came, poll-p99-ms how long such a question took at the worst.
// The yardstick is JSON.parse of the same messages in the same Node, which no
// protocol in JSON can be faster than; a loss shows as a log view that lags, or a
// panel that freezes while something prints.
func BenchmarkVSCode(b *testing.B) {
	path, err := buildProgram()
	if err != nil {
		b.Fatal(err)
	}
	clients, err := exec.Command("../.ci/clients", "--path").Output()
	if err != nil {
		b.Skip("needs VS Code's client library: .ci/clients installs it")
	}
	library := filepath.Join(strings.TrimSpace(string(clients)), "vscode-jsonrpc-8.2.1", "node_modules")
	var parse float64
	b.Run("columns/brummer", func(b *testing.B) {
		for b.Loop() {
			var m struct{ Lines, Ms, Polls, P50, P99, Parse float64 }
			cmd := exec.Command("node", "testdata/columns.js", path, os.Args[0], "1500")
			cmd.Env = append(os.Environ(), "NODE_PATH="+library)
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err == nil {
				err = json.Unmarshal(out, &m)
			}
			if err != nil || m.Lines == 0 {
				b.Fatalf("%v: %s", err, out)
			}
			parse = m.Parse
			b.ReportMetric(1e6*m.Ms/m.Lines, "ns/line")
			b.ReportMetric(m.P50, "poll-p50-ms")
			b.ReportMetric(m.P99, "poll-p99-ms")
		}
	})
	b.Run("columns/parse", func(b *testing.B) {
		for b.Loop() {
		}
		b.ReportMetric(parse, "ns/line") // of the same run, in the same Node
	})
}
