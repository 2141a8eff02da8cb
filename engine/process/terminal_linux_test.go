package process

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

func (r *room) startTTY(name, shell string, cols, rows int) {
	r.t.Helper()
	env := slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "TERM=") })
	if _, err := r.Start(Spec{Name: name, Shell: shell, Dir: "/", Env: env, TTY: true, Cols: cols, Rows: rows}); err != nil {
		r.t.Fatal(err)
	}
}

// TestTerminal: the streams are a terminal of the size that was asked for, the
// process leads its session, and both outputs come as one.
func TestTerminal(t *testing.T) {
	r := newRoom(t, Options{})
	r.startTTY("p", `test -t 0 && test -t 1 && test -t 2 && stty size && echo $TERM && echo err >&2 && exec </dev/tty && echo tty`, 120, 40)
	s := r.wait("p", ended)
	if got := r.text("p", lines.Stdout); got != "40 120\r\nxterm-256color\r\nerr\r\ntty\r\n" || s.State != Exited || !s.TTY {
		t.Errorf("%q, %+v", got, s)
	}
	if got := r.text("p", lines.Stderr); got != "" {
		t.Errorf("stderr %q", got)
	}
}

// TestTerminalSizes: nobody is told 0x0, and a new size is a signal.
func TestTerminalSizes(t *testing.T) {
	r := newRoom(t, Options{})
	r.startTTY("p", `trap 'stty size; exit 3' WINCH; stty size; while :; do sleep 0.02; done`, 0, 0)
	r.awaitText("p", "24 80\r\n")
	p, _ := r.Get("p")
	for _, size := range [][2]int{{0, 0}, {0, 10}, {10, 0}, {-1, 5}, {1 << 20, 5}} {
		if err := p.Resize(size[0], size[1]); err == nil {
			t.Errorf("the size %v is accepted", size)
		}
	}
	if err := p.Resize(132, 50); err != nil {
		t.Fatal(err)
	}
	if s := r.wait("p", ended); s.ExitCode != 3 || !strings.Contains(r.text("p", lines.Stdout), "50 132\r\n") {
		t.Errorf("%+v, %q", s, r.text("p", lines.Stdout))
	}
	if _, ok := errors.AsType[*EndedError](p.Resize(80, 24)); !ok {
		t.Error("a process that has ended is resized")
	}
	r.start("pipes", "exec sleep 1000")
	p, _ = r.Get("pipes")
	if _, ok := errors.AsType[*TerminalError](p.Resize(80, 24)); !ok {
		t.Error("pipes are resized")
	}
}

// TestTerminalInput: lines go in, and the end of input does, within a line too;
// it can be sent again, since a terminal is not closed by it.
func TestTerminalInput(t *testing.T) {
	r := newRoom(t, Options{})
	r.startTTY("p", `stty -echo; echo up; cat; echo "first end"; cat; echo "second end"`, 80, 24)
	r.awaitText("p", "up")
	p, _ := r.Get("p")
	for _, in := range []struct {
		data string
		eof  bool
	}{{"one\n", false}, {"", true}, {"half", true}} {
		if err := p.Input([]byte(in.data), in.eof); err != nil {
			t.Fatal(err)
		}
		if in.eof && in.data == "" {
			r.awaitText("p", "first end")
		}
	}
	s := r.wait("p", ended)
	if got := r.text("p", lines.Stdout); got != "up\r\none\r\nfirst end\r\nhalfsecond end\r\n" || s.State != Exited {
		t.Errorf("%q, %+v", got, s)
	}
}

// TestTerminalSet: a stop ends the jobs of an interactive shell, which have groups
// of their own, and leaves no file behind.
func TestTerminalSet(t *testing.T) {
	r := newRoom(t, Options{})
	r.start("first", "true")
	r.wait("first", ended)
	files := openFiles(t)
	r.startTTY("p", `set -m; sleep 1000 & echo "job $!"; trap '' HUP; wait`, 80, 24)
	r.awaitText("p", "\n")
	var job int
	fmt.Sscanf(r.text("p", lines.Stdout), "job %d", &job)
	if len(living([]int{job})) != 1 {
		t.Fatalf("no job in %q", r.text("p", lines.Stdout))
	}
	if s := r.stop("p", StopOptions{}); s.State != Stopped {
		t.Errorf("%+v", s)
	}
	if left := living([]int{job}); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
	if now := openFiles(t); now != files {
		t.Errorf("%d files are open, %d before", now, files)
	}
}

// TestHints: pipes get colour and lines unless somebody has said otherwise; every
// process gets the marker of its own run and no other.
func TestHints(t *testing.T) {
	for _, tt := range []struct {
		name string
		env  []string
		tty  bool
		want string
	}{
		{"nothing said", nil, false, "FORCE_COLOR=1 CLICOLOR_FORCE=1 PYTHONUNBUFFERED=1"},
		{"no colour", []string{"NO_COLOR=1"}, false, "NO_COLOR=1 PYTHONUNBUFFERED=1"},
		{"colour said", []string{"FORCE_COLOR=0"}, false, "FORCE_COLOR=0 PYTHONUNBUFFERED=1"},
		{"buffers said", []string{"PYTHONUNBUFFERED="}, false, "FORCE_COLOR=1 CLICOLOR_FORCE=1 PYTHONUNBUFFERED="},
		{"a terminal", nil, true, "TERM=xterm-256color"},
		{"a dumb terminal", []string{"TERM=dumb"}, true, "TERM=dumb TERM=xterm-256color"},
		{"a terminal that is said", []string{"TERM=vt100"}, true, "TERM=vt100"},
		{"a run within a run", []string{markerKey + "=outer:x:1"}, true, "TERM=xterm-256color"},
	} {
		s := Spec{Env: tt.env, TTY: tt.tty}
		got := s.environ("epoch:web:3")
		want := append(strings.Fields(tt.want), markerKey+"=epoch:web:3")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", tt.name, got, want)
		}
	}
}
