package engine

import (
	"fmt"
	"io"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/outfile"
	"github.com/brummer-rpc/brummer-rpc/engine/ports"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
)

// newProxy joins the proxies with what they know nothing of: the processes and
// the machine's ports.
func (e *Engine) newProxy() *proxy.Registry {
	return proxy.New(proxy.Options{
		Describe: e.describe, Holder: holder, Logf: e.options.logf(), Metrics: e.Metrics,
	})
}

// describe says for people how a process is, "" if there is none.
func (e *Engine) describe(id string) string {
	p, err := e.Process.Get(id)
	if err != nil {
		return ""
	}
	s := p.Snapshot()
	switch s.State {
	case process.Running:
		return "is running"
	case process.Exited:
		return "has exited"
	case process.Failed:
		return "has failed: " + failure(s)
	}
	return "is " + s.State.String()
}

func failure(s *process.Snapshot) string {
	switch {
	case s.Reason != "":
		return s.Reason
	case s.Signal != "":
		return s.Signal
	}
	return fmt.Sprintf("exit code %d", s.ExitCode)
}

// holder says for people who listens on a port, "" if that can't be told.
func holder(port int) string {
	h, ok, err := ports.HolderOf(port)
	if err != nil || !ok || h.PID == 0 {
		return ""
	}
	return fmt.Sprintf("pid %d (%s)", h.PID, h.Command)
}

// FileError says why a file can't be written.
type FileError = outfile.PathError

// WriteFile writes a file for a client: within the workspace or the folder for
// temporary files, whole or not at all. See [outfile.Write].
func (e *Engine) WriteFile(path string, overwrite bool, content func(io.Writer) error) (string, error) {
	return outfile.Write(e.Root, path, overwrite, content)
}
