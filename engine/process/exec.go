package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// run runs the command of a check. What it has started is ended with it.
func (c *checker) run(ctx context.Context, rules Checks) error {
	if rules.Exec == nil {
		return nil
	}
	spec := Spec{Shell: rules.Exec.Shell, Args: rules.Exec.Args, Dir: c.dir, Env: c.env}
	argv, err := spec.argv()
	if err != nil {
		return fmt.Errorf("exec: %w", err)
	}
	var said lastWords
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.dir, c.env, &said, &said
	endWithGroup(cmd)
	cmd.WaitDelay = 500 * time.Millisecond // a child of it may keep the pipe open
	// The system ends the command with the thread that has started it, which is
	// this one until then: also when the engine is killed.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err = cmd.Start(); err == nil {
		endRest(cmd)
		err = cmd.Wait()
		collectRest(cmd)
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && ctx.Err() == nil {
		return fmt.Errorf("exec: %s%s", exit.ProcessState, said.text())
	}
	switch {
	case ctx.Err() != nil:
		return errors.New("exec: no answer in time")
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return fmt.Errorf("exec: %w", err)
	}
	return nil
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
