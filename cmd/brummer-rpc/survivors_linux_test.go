package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// resist is a member that does not end when it is asked to, and writes its pid to
// pids.
const resist = `resist="trap '' TERM INT HUP; echo \$\$ >>pids; while :; do sleep 1000; done"
`

// family is a script whose members leave in every way there is: one in the leader's
// group, one with a session of its own, one that was forked twice, one that was
// forked twice with a session of its own, and one without any environment. The
// leader ends with TERM.
const family = resist + `
sh -c "$resist" &
setsid sh -c "$resist" &
(sh -c "$resist" &)
(setsid sh -c "sh -c \"\$1\" &" sh "$resist" &)
env -i PATH="$PATH" setsid sh -c "$resist" &
while [ "$(cat pids 2>/dev/null | wc -l)" -lt 7 ]; do sleep 0.01; done
echo up
exec sleep 1000
`

// familyCheck is a check of the family that does not come to an end, and has a
// member with a session of its own.
const familyCheck = resist + `
setsid sh -c "$resist" &
echo $$ >>pids
exec sleep 1000
`

// members is how many processes a family has: seven that have written their pids,
// and the leader.
const members = 8

// household is a program with a family.
type household struct {
	*server
	engine  int
	guard   int
	members []int // the leader is the last
}

// startFamily starts one and returns when all its members are there.
func startFamily(t *testing.T, args ...string) *household {
	t.Helper()
	h := &household{server: open(t, args...)}
	h.engine = call[wire.SessionInfo](h.server, "session/info", nil).PID
	leader := call[wire.Process](h.server, "process/start", map[string]any{
		"name": "family", "command": family, "ready": map[string]any{"exec": familyCheck},
	}).PID
	awaitLine(t, h.server, "family", "up")
	text, err := os.ReadFile(filepath.Join(h.cmd.Dir, "pids"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range strings.Fields(string(text)) {
		pid, _ := strconv.Atoi(f)
		h.members = append(h.members, pid)
	}
	h.members = append(h.members, leader)
	h.guard = statOf(leader).parent
	if n := len(living(h.members)); n != members || h.guard == h.engine || statOf(h.guard).name != "brummer-guard" {
		t.Fatalf("%d of %d members live; their guard is %+v, the engine %d", n, members, statOf(h.guard), h.engine)
	}
	return h
}

type stat struct {
	name   string
	state  string
	parent int
}

// statOf reads what proc(5) has of a process; zero if there is none.
func statOf(pid int) (s stat) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	open, end := strings.IndexByte(string(text), '('), strings.LastIndexByte(string(text), ')')
	if open > 0 && end > open {
		s.name = string(text[open+1 : end])
		fmt.Sscan(string(text[end+1:]), &s.state, &s.parent)
	}
	return s
}

// living are those that have not ended.
func living(pids []int) (out []int) {
	for _, pid := range pids {
		if s := statOf(pid); s.state != "" && s.state != "Z" {
			out = append(out, pid)
		}
	}
	return out
}

// TestSurvivors: however the end comes, nothing of a family is left, and a
// stranger with the same command line is. `-v` prints the table.
func TestSurvivors(t *testing.T) {
	stranger := exec.Command("sleep", "1000")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { stranger.Process.Kill(); stranger.Wait() }()
	t.Logf("%-28s %5s %8s %10s %7s", "way", "runs", "members", "survivors", "guards")
	for _, host := range []struct {
		name string
		args []string
		runs int
	}{{"own engine", []string{"--socket=off"}, 20}, {"engine behind a relay", nil, 5}} {
		for _, way := range []struct {
			name string
			end  func(h *household)
		}{
			{"process/stop", func(h *household) {
				p := call[wire.Process](h.server, "process/stop", map[string]any{"id": "family", "graceMs": 100})
				if left := living(h.members); len(left) > 0 || p.State != "stopped" {
					t.Errorf("process/stop answers %s while %v live", p.State, left)
				}
				h.in.Close()
			}},
			{"end of input", func(h *household) { h.in.Close() }},
			{"SIGTERM", func(h *household) { syscall.Kill(h.engine, syscall.SIGTERM) }},
			{"SIGKILL", func(h *household) { syscall.Kill(h.engine, syscall.SIGKILL) }},
		} {
			t.Run(host.name+"/"+way.name, func(t *testing.T) {
				var all []*household
				for range host.runs {
					all = append(all, startFamily(t, host.args...))
				}
				for _, h := range all {
					way.end(h)
				}
				survivors, guards := awaitEnd(all)
				t.Logf("%-28s %5d %8d %10d %7d", way.name, host.runs, members*host.runs, len(survivors), len(guards))
				for _, pid := range survivors {
					t.Errorf("pid %d lives on: %+v", pid, statOf(pid))
				}
				for _, pid := range guards {
					t.Errorf("the guard %d lives on", pid)
				}
			})
		}
	}
	if len(living([]int{stranger.Process.Pid})) != 1 {
		t.Error("the stranger is gone")
	}
}

// awaitEnd waits for everything to be gone, and returns what is not in the end.
func awaitEnd(all []*household) (survivors, guards []int) {
	for end := time.Now().Add(deadline); ; time.Sleep(20 * time.Millisecond) {
		survivors, guards = nil, nil
		for _, h := range all {
			survivors = append(survivors, living(h.members)...)
			guards = append(guards, living([]int{h.guard})...)
		}
		if len(survivors)+len(guards) == 0 || time.Now().After(end) {
			return survivors, guards
		}
	}
}
