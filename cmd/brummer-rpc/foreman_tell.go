package main

import (
	"fmt"
	"strings"
	"time"

	gojson "github.com/go-json-experiment/json"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// notified takes lines and changes. They come in order, so that a process's end
// is printed behind its last line. What the engine says is printed as well: that
// brummer.toml has changed, that a proxy stands before a server.
func (m *foreman) notified(method string, params []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch method {
	case "logs/lines":
		if err := m.print.columns(params); err != nil && !m.deaf {
			m.deaf = true // a broken terminal ends the program by other ways
			m.p.logf("from here on lines are missing: %v; `brummer-rpc logs` has them", err)
		}
		m.ring()
	case "process/changed":
		var changed wire.ProcessChanged
		if gojson.Unmarshal(params, &changed) == nil {
			m.noteLocked(changed.Processes)
		}
	case "urls/changed":
		var changed wire.URLsChanged
		if gojson.Unmarshal(params, &changed) == nil {
			m.tellURLs(changed.Added)
		}
	case "window/logMessage":
		var said wire.LogMessageParams
		if gojson.Unmarshal(params, &said) == nil {
			m.sayLocked(said.Message)
		}
	}
}

// noteLocked takes the new states of processes, and tells of those that say
// something new.
func (m *foreman) noteLocked(list []wire.Process) {
	for _, p := range list {
		before, known := m.processes[p.ID]
		m.processes[p.ID] = p
		if known && before.State == p.State && before.Run == p.Run && before.Ready == p.Ready {
			continue
		}
		m.tell(p)
	}
	m.ring()
}

// ring has who waits for news look again.
func (m *foreman) ring() {
	select {
	case m.news <- struct{}{}:
	default:
	}
}

// tell says what has become of a process.
func (m *foreman) tell(p wire.Process) {
	if m.flags.json {
		m.tellJSON(map[string]any{"process": p})
		return
	}
	if text := newsOf(p, time.Now()); text != "" {
		m.mark(p.ID, text, stateColours[p.State])
	}
}

// tellURLs says where a server is reached, once something listens there.
func (m *foreman) tellURLs(list []wire.URL) {
	for _, u := range list {
		if u.State != "verified" {
			continue
		}
		if m.flags.json {
			m.tellJSON(map[string]any{"url": u})
			continue
		}
		m.mark(u.Process, "serves "+u.URL, "32")
	}
}

func (m *foreman) tellJSON(value any) {
	if text, err := wire.Encode(value); err == nil {
		fmt.Fprintf(m.p.stdout, "%s\n", text)
	}
}

// mark prints something about a process that is no line of its output.
func (m *foreman) mark(id, text, colour string) {
	fmt.Fprintf(m.p.stdout, "%s%s\n", m.print.head(time.Now(), id), m.p.paint(" * "+text, colour))
}

// newsOf is what there is to say of a process that has changed, "" if nothing is:
// that one is about to run is no news, as in a moment it will.
func newsOf(p wire.Process, now time.Time) string {
	switch {
	case p.State == "starting":
		return ""
	case p.State == "running" && p.Ready && p.ReadyAt != 0:
		return fmt.Sprintf("ready (pid %d)", p.PID)
	case p.State == "running":
		return fmt.Sprintf("running (pid %d)", p.PID)
	case p.State == "pending":
		return "waits for " + strings.Join(p.BlockedBy, ", ")
	case p.State == "stopping" && len(p.BlockedBy) > 0:
		return "stops behind " + strings.Join(p.BlockedBy, ", ")
	case p.State == "backoff" && p.RestartAt != 0:
		text := "starts again in " + max(0, time.UnixMilli(p.RestartAt).Sub(now).Round(100*time.Millisecond)).String()
		if why := endOf(p); why != "" {
			text += " (" + why + ")"
		}
		return text
	}
	if why := endOf(p); why != "" {
		return p.State + " (" + why + ")"
	}
	return p.State
}

func (m *foreman) say(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sayLocked(text)
}

func (m *foreman) sayLocked(text string) {
	m.print.parts = parts{}
	fmt.Fprintf(m.p.stderr, "brummer-rpc: %s\n", text)
}
