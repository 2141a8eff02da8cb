//go:build unix

package main

import (
	"bytes"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// TestLastLine: with every core busy, 200 processes that end right behind an
// unterminated line. The line always comes, and process.exited never before it.
func TestLastLine(t *testing.T) { hosts(t, lastLine) }

func lastLine(t *testing.T, args ...string) {
	const runs = 200
	busy(t)
	s := open(t, args...)
	type end struct {
		process string
		final   uint64
	}
	seen := map[string]string{} // by process: its text so far
	last := map[string]uint64{}
	ends := make(chan end, runs)
	s.on("logs/lines", func(params []byte) {
		m := decodeNote[struct{ Lines []wire.Line }](t, params)
		for _, l := range m.Lines {
			seen[l.Process] += l.Text
			last[l.Process] = l.Seq
		}
	})
	s.on("events/batch", func(params []byte) {
		m := decodeNote[struct {
			Events []struct {
				Type, Process string
				Data          wire.ExitedData
			}
		}](t, params)
		for _, e := range m.Events {
			if e.Type != "process.exited" {
				continue
			}
			if want := "one" + e.Process + " the end"; seen[e.Process] != want || last[e.Process] != e.Data.FinalSeq {
				t.Errorf("%s has exited with final line %d, but the client has seen only %q up to %d", e.Process, e.Data.FinalSeq, seen[e.Process], last[e.Process])
			}
			ends <- end{e.Process, e.Data.FinalSeq}
		}
	})
	call[wire.Subscribed](s, "logs/subscribe", map[string]any{"window": 0})
	call[wire.Subscribed](s, "events/subscribe", map[string]any{"types": []string{"process.exited"}})
	for i := range runs {
		name := fmt.Sprintf("p%d", i)
		call[wire.Process](s, "process/start", map[string]any{"name": name, "command": "echo one; printf '" + name + " the end'"})
	}
	for range runs {
		select {
		case <-ends:
		case <-time.After(deadline):
			t.Fatal("an exit event is missing")
		}
	}
	if code := s.hangUp(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestBytes: whatever bytes a child writes come back exactly with the format
// raw, and as valid text with the others.
func TestBytes(t *testing.T) { hosts(t, exactBytes) }

func exactBytes(t *testing.T, args ...string) {
	s := open(t, args...)
	var got bytes.Buffer
	s.on("logs/lines", func(params []byte) {
		got.Write(decodeNote[wire.LinesRaw](t, params).Data)
	})
	call[wire.Process](s, "process/start", map[string]any{"name": "bytes", "command": child("bytes")})
	call[wire.Subscribed](s, "logs/subscribe", map[string]any{
		"filter": wire.Filter{Processes: []string{"bytes"}}, "format": "raw", "window": 0, "since": map[string]any{"tail": 100_000},
	})
	call[wire.Process](s, "process/wait", ids{"id": "bytes"})
	if want := strangeBytes(); !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%d bytes came back of %d, or others", got.Len(), len(want))
	}
	checkTexts(t, s)
	s.hangUp()
}

func checkTexts(t *testing.T, s *server) {
	var lines []wire.Line
	for params := (map[string]any{"limit": 500}); ; {
		r := call[wire.QueryResult](s, "logs/query", params)
		lines = append(lines, r.Lines...)
		if params["after"] = r.Next; !r.More {
			break
		}
	}
	var whole []string
	text, parts := "", 0
	for _, l := range lines {
		text += l.Text
		if l.Partial {
			parts++
			continue
		}
		whole = append(whole, text)
		text = ""
	}
	for i, want := range []string{
		"nul \x00 end", "invalid \ufffd\ufffd\ufffd utf-8", "progress 100%", "red and a link", "", "",
		strings.Repeat("é€", 1<<18), strings.Repeat("z", 64<<10), "the end without a newline",
	} {
		if i >= len(whole) || whole[i] != want {
			t.Errorf("line %d differs from %.40q", i, want)
		}
	}
	if parts < 19 {
		t.Errorf("%d parts: a line of 1.25 MiB has at least 19 of 64 KiB", parts)
	}
}

// TestHangUpInTheMiddle: the client goes away while processes start, write,
// resist and are waited for. They are gone and the program has ended.
func TestHangUpInTheMiddle(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(s *server)
		code int
	}{
		{"end of input", func(s *server) { s.in.Close() }, 0},
		{"reader gone", func(s *server) { s.out.Close() }, 0},
		{"SIGTERM", func(s *server) { s.cmd.Process.Signal(syscall.SIGTERM) }, 128 + 15},
		{"SIGINT", func(s *server) { s.cmd.Process.Signal(syscall.SIGINT) }, 128 + 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hosts(t, func(t *testing.T, args ...string) {
				t.Parallel() // each takes the grace time
				hangUpInTheMiddle(t, tt.end, tt.code, args...)
			})
		})
	}
}

func hangUpInTheMiddle(t *testing.T, end func(*server), code int, args ...string) {
	s := open(t, args...)
	call[wire.Subscribed](s, "logs/subscribe", map[string]any{"window": 0})
	pids := []int{call[wire.SessionInfo](s, "session/info", nil).PID}
	for name, command := range map[string]string{
		"quiet":    "sleep 1000",
		"flooding": "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done",
		"family":   "sleep 1000 & sleep 1000 & wait",
		"resists":  "trap '' TERM INT HUP; echo ready; while :; do sleep 1; done",
	} {
		p := call[wire.Process](s, "process/start", map[string]any{"name": name, "command": command})
		pids = append(pids, p.PID)
	}
	awaitLine(t, s, "resists", "ready")
	go s.Call(t.Context(), "process/wait", ids{"id": "quiet"}, nil)
	end(s)
	if got := s.exitCode(); got != code {
		t.Errorf("exit code %d, want %d", got, code)
	}
	// A relay that was killed has not waited; the engine ends all the same.
	for _, pid := range pids[1:] {
		for end := time.Now().Add(deadline); syscall.Kill(-pid, 0) != syscall.ESRCH; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("process group %d is still there", pid)
			}
		}
	}
}

// awaitLine waits until a process has written a line.
func awaitLine(t *testing.T, s *server, process, text string) {
	t.Helper()
	for end := time.Now().Add(deadline); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		r := call[wire.QueryResult](s, "logs/query", map[string]any{"filter": wire.Filter{Processes: []string{process}, Text: text}})
		if len(r.Lines) > 0 {
			return
		}
	}
	t.Fatalf("%s does not write %q", process, text)
}

// TestStopAndRestart: stopped things stay stopped, with one exit event each; a
// restart keeps command, environment and folder; ids never collide.
func TestStopAndRestart(t *testing.T) {
	s := open(t)
	exits := make(chan string, 64)
	s.on("events/batch", func(params []byte) {
		for _, e := range decodeNote[wire.EventsBatch](t, params).Events {
			if e.Type == "process.exited" {
				exits <- e.Process
			}
		}
	})
	call[wire.Subscribed](s, "events/subscribe", nil)
	dir := workspace(t)
	for _, name := range []string{"a", "b"} {
		call[wire.Process](s, "process/start", map[string]any{
			"name": name, "command": `echo "$PWD $COLOUR"; exec sleep 1000`, "cwd": dir, "env": map[string]string{"COLOUR": "green"},
		})
	}
	awaitLine(t, s, "a", "green")
	again := call[wire.Process](s, "process/restart", ids{"id": "a"})
	if again.Run != 2 || again.State != "running" || again.Restarts != 1 {
		t.Errorf("after a restart: %+v", again)
	}
	awaitRun2(t, s, dir)
	for _, name := range []string{"a", "b", "a"} { // the second stop of a is idempotent
		if p := call[wire.Process](s, "process/stop", ids{"id": name}); p.State != "stopped" || p.Signal != "SIGTERM" || p.ExitCode != nil {
			t.Errorf("stop %s: %+v", name, p)
		}
	}
	first := call[wire.Process](s, "process/start", map[string]any{"command": "sleep 1000"})
	second := call[wire.Process](s, "process/start", map[string]any{"command": "sleep 1000"})
	if first.ID != "sleep" || second.ID != "sleep#2" {
		t.Errorf("ids %q and %q, want sleep and sleep#2", first.ID, second.ID)
	}
	call[wire.Processes](s, "process/stopAll", nil)
	for _, p := range call[wire.ProcessList](s, "process/list", nil).Processes {
		if p.State != "stopped" {
			t.Errorf("%s is %s, want stopped", p.ID, p.State)
		}
	}
	got := map[string]int{}
	for range 5 { // a twice, b, sleep, sleep#2
		got[<-exits]++
	}
	if got["a"] != 2 || got["b"] != 1 || got["sleep"] != 1 || got["sleep#2"] != 1 || len(exits) > 0 {
		t.Errorf("exit events %v and %d more", got, len(exits))
	}
	s.hangUp()
}

// awaitRun2 waits until the second run of a has printed its folder and
// environment.
func awaitRun2(t *testing.T, s *server, dir string) {
	t.Helper()
	for end := time.Now().Add(deadline); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		r := call[wire.QueryResult](s, "logs/query", map[string]any{"filter": wire.Filter{Processes: []string{"a"}, Run: 2}})
		if len(r.Lines) == 1 && r.Lines[0].Text == dir+" green" {
			return
		}
	}
	t.Fatal("the second run does not print its folder and environment")
}

// TestExitCodes: exit after shutdown is 0, without it 1; nothing at all is 0.
func TestExitCodes(t *testing.T) {
	s := open(t)
	call[any](s, "shutdown", nil)
	s.Notify(t.Context(), "exit", nil)
	if code := s.exitCode(); code != 0 {
		t.Errorf("exit after shutdown: %d", code)
	}
	s = open(t)
	s.Notify(t.Context(), "exit", nil)
	if code := s.exitCode(); code != 1 {
		t.Errorf("exit without shutdown: %d", code)
	}
	if code := startServer(t).hangUp(); code != 0 {
		t.Errorf("end of input before anything: %d", code)
	}
}
