package engine

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/outfile"
	"github.com/brummer-rpc/brummer-rpc/engine/ports"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy/telemetry"
)

// newProxy joins the proxies with what they know nothing of: the processes and
// the machine's ports.
func (e *Engine) newProxy() *proxy.Registry {
	settings, _ := e.Project.Settings()
	c := settings.Proxy
	if c.AutoRegister {
		e.Events.Handle(events.Handler{Name: "proxies", Types: events.Of(events.URLDetected), Handle: e.registerServer})
	}
	return proxy.New(proxy.Options{
		Describe: e.describe, Holder: holder, File: e.pageFile, Ended: e.requested, Reported: e.reported,
		Shared: c.Port, Logf: e.options.logf(), Metrics: e.Metrics,
	})
}

// InjectsScript reports whether pages get our script unless somebody says
// otherwise.
func (e *Engine) InjectsScript() bool {
	settings, _ := e.Project.Settings()
	return settings.Proxy.Inject == nil || *settings.Proxy.Inject
}

// requested publishes that a request is over.
func (e *Engine) requested(r proxy.Row) {
	e.Events.Publish(events.Event{
		Type: events.ProxyRequest, Time: r.Started.Add(r.Timings.Total).UnixMilli(), Process: r.Process,
		Data: events.Request{
			ID: r.ID, Proxy: r.Proxy, Method: r.Method, URL: r.URL, Status: r.Status,
			Millis: r.Timings.Total.Milliseconds(), Failed: r.Failure != (proxy.Failure{}),
		},
	})
}

// pageSource is the source of the problems that pages tell of.
const pageSource = "browser"

// reported publishes what went wrong in a page, and puts it into the problems
// where it was written. What held for a page is void when it is loaded anew.
func (e *Engine) reported(p proxy.Info, reports []telemetry.Event) {
	for i := range reports {
		r := &reports[i]
		if r.Kind == "page" {
			e.Problems.Clear(p.Process, pageTag(p), []string{pageSource})
		}
		if !r.IsError() {
			continue
		}
		e.Events.Publish(events.Event{
			Type: events.TelemetryError, Time: r.Time, Process: p.Process,
			Data: events.PageError{
				Session: r.Session, Proxy: p.ID, Kind: r.Kind, Message: pageMessage(r),
				Source: r.Source, Line: r.Line, Column: r.Column,
			},
		})
		e.pageProblem(p, r)
	}
	e.Problems.Publish()
}

// pageTag keeps the problems of a page apart from those of the process that
// serves it.
func pageTag(p proxy.Info) string { return "proxy " + p.ID }

// pageProblem adds an error with a frame in the workspace to the problems.
func (e *Engine) pageProblem(p proxy.Info, r *telemetry.Event) {
	place := func(f telemetry.Frame) diagnose.Place {
		return diagnose.Place{File: filepath.ToSlash(f.File), Line: f.Line, Col: f.Column, Unit: diagnose.UTF16}
	}
	var problem *diagnose.Problem
	for _, f := range r.Frames {
		switch {
		case f.File == "":
		case problem == nil:
			problem = &diagnose.Problem{Place: place(f), Severity: diagnose.Error, Message: pageMessage(r), Source: pageSource}
		default:
			problem.Related = append(problem.Related, diagnose.Related{Place: place(f), Message: f.Function})
		}
	}
	if problem == nil {
		return
	}
	origin := diagnose.Origin{Process: p.Process, Tag: pageTag(p), Dir: e.Root, Time: r.Time}
	if of, err := e.Process.Get(p.Process); err == nil {
		origin.Run = of.Run()
	}
	// Each is a stream of its own: only what says the same is the same.
	e.Problems.Add(fmt.Sprintf("page %d", r.Seq), *problem, origin)
}

// pageFile finds the file that a page's script was made of. Servers serve their
// working folder or the workspace, whole or from a folder of it; Vite names what
// lies elsewhere /@fs/PATH.
func (e *Engine) pageFile(id, path string) (string, bool) {
	if absolute, ok := strings.CutPrefix(path, "/@fs/"); ok {
		return e.inRoot("/" + absolute)
	}
	folders := []string{e.Root}
	if p, err := e.Process.Get(id); err == nil {
		folders = append([]string{p.Snapshot().Dir}, folders...)
	}
	for _, folder := range folders {
		for _, below := range []string{"", "public", "static", "src"} {
			if file, ok := e.inRoot(filepath.Join(folder, below, filepath.FromSlash(path))); ok {
				return file, true
			}
		}
	}
	return e.inRoot(filepath.FromSlash(path)) // a map that names files by their own paths
}

// inRoot reports whether a path is that of a file in the workspace.
func (e *Engine) inRoot(path string) (string, bool) {
	path = filepath.Clean(path)
	rel, err := filepath.Rel(e.Root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	info, err := os.Stat(path)
	return path, err == nil && info.Mode().IsRegular()
}

// pageMessage says what went wrong in a page, in one text.
func pageMessage(r *telemetry.Event) string {
	if r.Kind == "resource" {
		return fmt.Sprintf("<%s> could not load %s", r.Tag, r.URL)
	}
	return r.Message
}

// describe says for people how a process is, "" if there is none.
func (e *Engine) describe(id string) string {
	p, err := e.Process.Get(id)
	if err != nil {
		return ""
	}
	s := p.Snapshot()
	switch {
	case s.State == process.Running && s.Late:
		return "is running, but not ready: " + s.Reason
	case s.State == process.Running && !s.Ready:
		return "is starting: waits for " + p.WaitsFor()
	case s.State == process.Pending && len(s.BlockedBy) > 0:
		return "waits for " + strings.Join(s.BlockedBy, ", ")
	case s.State == process.Backoff:
		return "has failed, and will be started again: " + failure(s)
	case s.State == process.Exited:
		return "has exited"
	case s.State == process.Failed:
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
