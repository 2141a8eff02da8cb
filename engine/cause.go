package engine

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/ports"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
)

// plain is a record's text as a person sees it.
func plain(dst, record []byte) []byte { return logs.AppendText(dst, record, false) }

// listening is what some processes listen on.
func listening(pids []int) ([]int, error) {
	sockets, err := ports.Of(pids...)
	return ports.Numbers(sockets), err
}

// lastLines is how much of a failed run's output is searched for its cause: an
// uncaught error and the stack trace below it.
const lastLines = 60

// cause looks for why a run has failed: a port that somebody else has.
func (e *Engine) cause(s *process.Snapshot) process.Cause {
	port, ok := e.portInUse(s)
	if !ok {
		return process.Cause{}
	}
	if port == 0 {
		port = e.portMeant(s)
	}
	if port == 0 {
		return process.Cause{Text: "address in use: another process has the port it wants", Clash: true}
	}
	conflict := events.Conflict{Run: s.Run, Port: port}
	text := fmt.Sprintf("address in use: port %d", port)
	if h, held, err := ports.HolderOf(port); err == nil && held {
		conflict.PID, conflict.Command, conflict.Holder = h.PID, h.Command, e.Process.Owner(h.PID)
		text += " is held by " + who(conflict)
	} else if err == nil {
		text += " was taken, but nobody listens on it now"
	}
	e.Events.Publish(events.Event{Type: events.PortConflict, Time: time.Now().UnixMilli(), Process: s.ID, Data: conflict})
	return process.Cause{Text: text, Clash: true}
}

func who(c events.Conflict) string {
	if c.PID == 0 {
		return "another user's process"
	}
	text := "pid " + strconv.Itoa(c.PID)
	if c.Holder != "" {
		text = c.Holder + ", " + text
	}
	if c.Command != "" {
		text += " (" + c.Command + ")"
	}
	return text
}

// portInUse reads the last lines of a run, the newest first; a line that names
// the port is better than one that does not.
func (e *Engine) portInUse(s *process.Snapshot) (port int, ok bool) {
	page, err := e.Logs.ReadBack(context.Background(), logs.Query{
		Filter: logs.Filter{Processes: []string{s.ID}, Run: s.Run}, Limit: lastLines, Bytes: 1 << 20,
	}, 0)
	if err != nil {
		return 0, false
	}
	var text []byte
	for _, r := range slices.Backward(page.Records) {
		text = plain(text[:0], r.Raw)
		n, found := ports.InUse(text)
		if ok = ok || found; n != 0 {
			return n, true
		}
	}
	return 0, ok
}

// portMeant guesses which port a program means that does not say it: one that its
// command line or a variable like PORT names, and that somebody listens on.
func (e *Engine) portMeant(s *process.Snapshot) int {
	open, err := ports.Listening()
	if err != nil {
		return 0
	}
	text := s.Command
	if p, err := e.Process.Get(s.ID); err == nil {
		for key, value := range p.Vars(true) {
			if strings.Contains(key, "PORT") {
				text += " " + value
			}
		}
	}
	for _, word := range digits.FindAllString(text, -1) {
		n, _ := strconv.Atoi(word)
		if slices.ContainsFunc(open, func(s ports.Socket) bool { return s.Port() == n }) {
			return n
		}
	}
	return 0
}

var digits = regexp.MustCompile(`\b\d{2,5}\b`)
