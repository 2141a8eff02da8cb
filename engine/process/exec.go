package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// checkGrace is how long the command of a check may take to end once its time is
// over.
const checkGrace = 500 * time.Millisecond

// run runs the command of a check.
func (c *checker) run(ctx context.Context, rules Checks) error {
	if rules.Exec == nil {
		return nil
	}
	var said lastWords
	e, err := c.execute(ctx, rules.Exec, &said)
	switch {
	case ctx.Err() != nil:
		return errors.New("exec: no answer in time")
	case err != nil:
		return fmt.Errorf("exec: %w", err)
	case e.signal != "":
		return fmt.Errorf("exec: ended by %s%s", e.signal, said.text())
	case e.code != 0:
		return fmt.Errorf("exec: exit status %d%s", e.code, said.text())
	}
	return nil
}

// execute starts the command as a process is started, with a set of its own, and
// returns when nothing of it is left: whatever it has started is ended with it, and
// by the guard should the engine end before.
func (c *checker) execute(ctx context.Context, command *Exec, said *lastWords) (exit, error) {
	launch, err := c.launch(command)
	if err != nil {
		return exit{}, err
	}
	output, err := openCheck(launch)
	if err != nil {
		return exit{}, spawnReason(err)
	}
	defer output.Close()
	t := c.table
	set := t.sets.add(c.marker)
	leader, err := t.starter.start(launch, func() {})
	launch.Files[0].Close()
	launch.Files[1].Close() // stderr is the same
	if err != nil {
		set.close()
		t.sets.endStrays()
		return exit{}, explain(err, launch)
	}
	set.lead(leader.pid)
	read := make(chan struct{})
	t.wg.Go(func() {
		defer close(read)
		io.Copy(said, output)
	})
	c.see(ctx, leader, set)
	set.close()
	e, err := leader.reap()
	output.SetReadDeadline(time.Now().Add(outputPatience)) // a stranger may keep the pipe open
	<-read
	return e, err
}

// launch makes what the system is asked to start, but for the files.
func (c *checker) launch(command *Exec) (*guard.Launch, error) {
	spec := Spec{Shell: command.Shell, Args: command.Args, Dir: c.dir, Env: c.env}
	argv, err := spec.argv()
	if err != nil {
		return nil, err
	}
	return &guard.Launch{Path: argv[0], Args: argv, Env: marked(c.env, c.marker), Dir: c.dir}, nil
}

// openCheck gives a check no input and one pipe for its output, of which it returns
// the other end.
func openCheck(l *guard.Launch) (output *os.File, err error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	output, w, err := os.Pipe()
	if err != nil {
		null.Close()
		return nil, err
	}
	l.Files = [3]*os.File{null, w, w}
	return output, nil
}

// see returns when the set is empty. When its time is over it is asked to end, then
// killed; what its leader leaves behind is killed at once.
func (c *checker) see(ctx context.Context, l *leader, s *set) {
	ended, lost, over := l.ended, l.lost, ctx.Done()
	end := &ending{checker: c, set: s}
	var due <-chan time.Time
	for ended != nil {
		select {
		case <-ended:
			ended = nil
		case <-lost:
			ended, lost = l.adopt(), nil
			end.kill()
		case <-over:
			over = nil
			s.end(sigTerm)
			due = time.After(checkGrace)
		case <-due:
			end.kill()
			due = time.After(killAgain)
		}
	}
	for pause := time.Millisecond; !s.empty(); pause = min(2*pause, killAgain) {
		end.kill()
		time.Sleep(pause)
	}
}

// ending kills a check, again and again, and names what does not end of it, once.
type ending struct {
	checker *checker
	set     *set
	begun   time.Time
	told    bool
}

func (e *ending) kill() {
	if e.begun.IsZero() {
		e.begun = time.Now()
	}
	e.set.signal(sigKill)
	if names := e.set.names(); !e.told && time.Since(e.begun) > stuckAfter && len(names) > 0 {
		e.told = true
		e.checker.table.o.Logf("a check in %s can't be ended: KILL has no effect on %v", e.checker.dir, names)
	}
}

// lastWords keeps the end of what is written to it.
type lastWords struct{ b []byte }

const maxWords = 200 // bytes

func (w *lastWords) Write(p []byte) (int, error) {
	w.b = append(w.b, p...)
	if len(w.b) > maxWords {
		w.b = append(w.b[:0], w.b[len(w.b)-maxWords:]...)
	}
	return len(p), nil
}

// text is the last line, as the end of a sentence; "" if nothing was said.
func (w *lastWords) text() string {
	b := bytes.TrimSpace(w.b)
	b = bytes.TrimSpace(b[bytes.LastIndexByte(b, '\n')+1:])
	if len(b) == 0 {
		return ""
	}
	return ": " + strings.ToValidUTF8(string(b), "\ufffd")
}
