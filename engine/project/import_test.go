package project

import (
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// FuzzImport: whatever another program's file says, what is written of it is a
// brummer.toml that can be read; its values may be wrong ones, as the file's were.
func FuzzImport(f *testing.F) {
	f.Add("process-compose.yaml", []byte("environment: [A=1]\nprocesses:\n  'a#b':\n    command: \"x\\n\\u0001\"\n    depends_on: {c: {condition: process_healthy}}\n    readiness_probe: {http_get: {port: 80, path: x}, exec: {command: y}, period_seconds: 2}\n    availability: {restart: always, backoff_seconds: 1, max_restarts: 0}\n    shutdown: {signal: 2, timeout_seconds: 3}\n    environment: {B: 2}\n    replicas: 2\n"))
	f.Add("process-compose.yaml", []byte("processes: {a: {command: x, replicas: two, liveness_probe: {failure_threshold: '3}'}}}\n"))
	f.Add("Procfile", []byte("web: x $PORT\nbroken\n\"q\": y\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		text, _, err := Import(name, data)
		if err != nil {
			return
		}
		if _, issue := config.Parse("brummer.toml", ".", false, []byte(text)); issue != nil {
			t.Errorf("%v:\n%s", issue, text)
		}
	})
}
