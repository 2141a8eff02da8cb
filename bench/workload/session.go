package workload

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

type object = map[string]any

// session is the program and the client that speaks to it.
type session struct {
	o       Options
	r       *recorder
	cmd     *exec.Cmd
	client  *editor.Client
	methods []string // that the program offers
}

// open starts the program in dir, with an engine of its own, and subscribes to
// everything.
func open(ctx context.Context, o Options, dir string) (*session, error) {
	s := &session{o: o, r: newRecorder()}
	s.cmd = exec.CommandContext(ctx, o.Binary, "--socket=off", "--root", dir)
	s.cmd.Dir, s.cmd.Stderr = dir, os.Stderr
	in, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	s.client = editor.NewClient(out, in, s.notified)
	var hello wire.InitializeResult
	if err := s.client.Call(ctx, "initialize", object{"clientInfo": object{"name": "workload"}, "capabilities": object{}}, &hello); err != nil {
		return nil, fmt.Errorf("initialize: %w", err)
	}
	s.methods = hello.Capabilities.Experimental.Brummer.Methods
	s.client.Notify(ctx, "initialized", object{})
	for method, params := range map[string]object{
		"logs/subscribe":    {"since": "now"},
		"events/subscribe":  {"types": []string{"process.*", "log.line"}},
		"metrics/subscribe": {"intervalMs": 1000},
	} {
		if err := s.client.Call(ctx, method, params, nil); err != nil {
			return nil, fmt.Errorf("%s: %w", method, err)
		}
	}
	return s, nil
}

// notified takes what the program sends; it runs on the client's reader.
func (s *session) notified(method string, params []byte) {
	now := time.Now()
	var err error
	switch method {
	case "logs/lines":
		var m wire.LinesObjects
		if err = json.Unmarshal(params, &m); err == nil {
			s.r.lines(m, now)
			err = s.client.Notify(context.Background(), "logs/ack", object{"subscription": m.Subscription, "batch": m.Batch})
		}
	case "events/batch":
		var m wire.EventsBatch
		if err = json.Unmarshal(params, &m); err == nil {
			s.r.events(m, now)
		}
	case "metrics/sample":
		var m wire.MetricsSample
		if err = json.Unmarshal(params, &m); err == nil {
			s.r.metrics(m, now)
		}
	}
	if err != nil {
		s.r.fault(method + ": " + err.Error())
	}
}

// call sends a call and notes what it took under its name.
func (s *session) call(ctx context.Context, method string, params object) error {
	begun := time.Now()
	err := s.client.Call(ctx, method, params, nil)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		s.r.fault(fmt.Sprintf("%s %v: %v", method, params, err))
		return err
	}
	s.r.took(method, time.Since(begun))
	return nil
}

// startApps starts the processes that log; the first one serves pages as well.
func (s *session) startApps(ctx context.Context) error {
	for i := range Processes {
		command := slices.Concat(s.o.Child, []string{
			"-lines", fmt.Sprint(s.o.lines()), "-every", s.o.every(LinesPerSecond / Processes).String(),
			"-after", (s.o.every(LinesPerSecond) * time.Duration(i)).String(), // they take turns
		})
		if i == 0 {
			command = append(command, "-serve")
		}
		if err := s.call(ctx, "process/start", object{"name": app(i), "command": command}); err != nil {
			return err
		}
	}
	if !s.r.await(10*time.Second, func() bool { return s.r.web != "" }) {
		return errors.New("the server has not said where it serves")
	}
	return nil
}

func app(i int) string { return fmt.Sprintf("app%d", i) }

// close ends the session as an editor does, and waits for the program.
func (s *session) close(ctx context.Context) error {
	if err := s.client.Call(ctx, "shutdown", nil, nil); err != nil {
		return fmt.Errorf("shutdown: %w", err)
	}
	s.client.Notify(ctx, "exit", nil)
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("the program ends with: %w", err)
	}
	s.client.Close()
	return nil
}
