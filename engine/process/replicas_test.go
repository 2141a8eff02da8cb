//go:build unix

package process

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

func (r *room) members(id string) string {
	members, err := r.Members(id)
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, p := range members {
		s := p.Snapshot()
		out = append(out, s.ID+":"+s.State.String())
	}
	return strings.Join(out, " ")
}

// TestReplicas: replicas are processes of their own, and one by their name.
func TestReplicas(t *testing.T) {
	r := newRoom(t, Options{})
	spec := r.spec("web", "echo number $BRUMMER_RPC_REPLICA; exec sleep 1000")
	spec.Replicas = 3
	if s := r.launch(spec); s.ID != "web#1" || s.ReplicaOf != "web" {
		t.Errorf("%+v", s)
	}
	if got := r.members("web"); got != "web#1:running web#2:running web#3:running" {
		t.Error(got)
	}
	if _, err := r.Get("web"); err == nil || !strings.Contains(err.Error(), "web#1, web#2, web#3") {
		t.Errorf("one process of the name: %v", err)
	}
	if got := r.members("web#2"); got != "web#2:running" {
		t.Error(got)
	}
	r.awaitText("web#3", "number 3\n")
	if p := r.get("web#3"); p.Vars(false)[ReplicaVariable] != "3" {
		t.Errorf("%v", p.Vars(false))
	}
	for _, taken := range []Spec{spec, r.spec("web", "true")} {
		if _, err := r.Start(taken); !errors.As(err, new(*RunningError)) {
			t.Errorf("the name is taken, but: %v", err)
		}
	}
	if err := r.Remove("web", func(string) {}); !errors.As(err, new(*ActiveError)) {
		t.Errorf("%v", err)
	}
	for n := 1; n <= 3; n++ {
		r.stop(replicaID("web", n), StopOptions{})
	}
	// A smaller set leaves the third one alone; a process of the name, all.
	spec.Replicas = 2
	r.launch(spec)
	if got := r.members("web"); got != "web#1:running web#2:running" {
		t.Error(got)
	}
	for n := 1; n <= 2; n++ {
		r.stop(replicaID("web", n), StopOptions{})
	}
	r.launch(r.spec("web", "exec sleep 1000"))
	if got := r.members("web"); got != "web:running" {
		t.Error(got)
	}
	r.stop("web", StopOptions{})
	r.launch(spec)
	if got := r.members("web"); got != "web#1:running web#2:running" {
		t.Error(got)
	}
}

// TestReplicasAsDependency: all of them must have come to it.
func TestReplicasAsDependency(t *testing.T) {
	r := newRoom(t, Options{})
	web := r.spec("web", "exec sleep 1000")
	web.DependsOn = map[string]Condition{"job": OnSucceeded}
	r.launch(web)
	job := r.spec("job", `test "$BRUMMER_RPC_REPLICA" = 1 || read go`)
	job.Replicas = 2
	r.launch(job)
	s := r.wait("web", func(s *Snapshot) bool { return len(s.BlockedBy) == 1 && s.BlockedBy[0] == "job#2" })
	if s.State != Pending {
		t.Errorf("%+v", s)
	}
	if err := r.get("job#2").Input([]byte("go\n"), true); err != nil {
		t.Fatal(err)
	}
	r.wait("web", in(Running))
	var gone []string
	if err := r.Remove("job", func(id string) { gone = append(gone, id) }); err != nil || strings.Join(gone, " ") != "job#1 job#2" {
		t.Errorf("%v, %v", gone, err)
	}
	if err := r.Remove("job", func(string) {}); !errors.As(err, new(*NotFoundError)) {
		t.Errorf("%v", err)
	}
}

func TestReplicasWithoutName(t *testing.T) {
	r := newRoom(t, Options{})
	if s := r.launch(Spec{Args: []string{"sleep", "1000"}, Dir: "/", Env: os.Environ(), Replicas: 2}); s.ID != "sleep#1" {
		t.Errorf("%+v", s)
	}
	// A number of its own for what has no name, beside the set.
	if s := r.launch(Spec{Args: []string{"sleep", "1000"}, Dir: "/", Env: os.Environ()}); s.ID != "sleep#3" {
		t.Errorf("%+v", s)
	}
	for _, n := range []int{-1, MaxReplicas + 1} {
		if _, err := r.Start(Spec{Shell: "true", Dir: "/", Replicas: n}); !errors.As(err, new(*SpecError)) {
			t.Errorf("%d replicas: %v", n, err)
		}
	}
}

// TestWrap: the umask and the niceness are the command's, and it is the leader.
func TestWrap(t *testing.T) {
	r := newRoom(t, Options{})
	mask := 0o027
	spec := r.spec("web", "")
	spec.Args = []string{"/bin/sh", "-c", `umask; nice; echo "$0 $1" $$`, "a b", `"c`}
	spec.Umask, spec.Nice = &mask, 3
	s := r.launch(spec)
	pid := strconv.Itoa(s.PID)
	r.wait("web", ended)
	ours, err := exec.Command("nice").Output() // what this test has been given itself
	if err != nil {
		t.Fatal(err)
	}
	nice, err := strconv.Atoi(strings.TrimSpace(string(ours)))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Fields(r.text("web", lines.Stdout))
	if len(text) != 6 || strings.TrimLeft(text[0], "0") != "27" || text[1] != strconv.Itoa(min(nice+3, 19)) || strings.Join(text[2:5], " ") != `a b "c` {
		t.Errorf("%q", text)
	}
	if strings.Contains(s.Command, "umask 027") {
		t.Errorf("the command is shown as %s", s.Command)
	}
	if text[5] != pid {
		t.Errorf("pid %s, but the leader is %s", text[5], pid)
	}
}

func TestWrapRefused(t *testing.T) {
	r := newRoom(t, Options{})
	mask := 0o1000
	for _, spec := range []Spec{{Umask: &mask}, {Nice: 20}, {Nice: -21}} {
		spec.Name, spec.Shell, spec.Dir = "web", "true", "/"
		if _, err := r.Start(spec); !errors.As(err, new(*SpecError)) {
			t.Errorf("%+v: %v", spec, err)
		}
	}
}
