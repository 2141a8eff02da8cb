package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// server is the program that the demo talks to: a child process with pipes, as
// an editor starts it.
type server struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout io.ReadCloser
	stderr bytes.Buffer // to be read after the end
	mark   string       // in the environment of it and all that it starts
	ended  bool
}

// alone gives the program an engine of its own. An editor leaves it out, so that
// its windows share one; the demo must neither disturb nor be disturbed.
const alone = "--socket=off"

// spawn starts the program. When ctx ends the conversation is given up.
func spawn(ctx context.Context, binary, dir string) (*server, error) {
	s := &server{mark: fmt.Sprintf("BRUMMER_DEMO=%d-%d", os.Getpid(), time.Now().UnixNano())}
	s.cmd = exec.Command(binary, alone)
	s.cmd.Dir, s.cmd.Env = dir, append(os.Environ(), s.mark)
	s.cmd.Stderr = &s.stderr
	s.cmd.WaitDelay = time.Second // others may hold stderr
	var err error
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if s.stdout, err = s.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, s.giveUp)
	return s, nil
}

// mercy is how long the program may take to stop its processes when its input
// is closed, before it is killed: more than the 5 s that it gives to them.
const mercy = 8 * time.Second

// giveUp makes the program end, and [server.wait] return: at once if the program
// does as it should, else after some time.
func (s *server) giveUp() {
	s.stdin.Close()
	time.AfterFunc(mercy, func() {
		s.cmd.Process.Kill()
		s.stdout.Close() // others may hold it
	})
}

// wait waits for the program's end and returns its exit code, -1 if a signal has
// ended it.
func (s *server) wait() (code int, err error) {
	io.Copy(io.Discard, s.stdout)
	err = s.cmd.Wait()
	s.ended = true
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil
	}
	return s.cmd.ProcessState.ExitCode(), err
}

// command runs another program to its end; what it prints is in the error.
func command(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.WaitDelay = dir, time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}
