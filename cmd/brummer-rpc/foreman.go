package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// foreman is one `up`: a connection that starts, follows and stops.
//
//	initialize -> follow the lines -> start each -> until all have ended, or Ctrl-C
//	                                                 -> stop all -> a second one: kill
type foreman struct {
	*editor.Client
	p     *program
	flags upFlags
	print *linePrinter
	news  chan struct{} // something has changed in processes

	before  map[string]wire.Process // as they were before anything was started
	claimed bool                    // started is known

	mu        sync.Mutex // also guards stdout
	deaf      bool       // lines can't be printed
	processes map[string]wire.Process
	started   []string // ids, in the order of their start
}

// begin opens the session, and follows what is printed from now on.
func (m *foreman) begin(ctx context.Context) error {
	if err := m.ask(ctx, "initialize", map[string]any{
		"clientInfo": wire.ClientInfo{Name: "brummer-rpc up", Version: version}, "capabilities": map[string]any{},
		"initializationOptions": map[string]any{"env": environment()},
	}, nil); err != nil {
		return err
	}
	return m.ask(ctx, "logs/subscribe", map[string]any{"ansi": m.p.colours(), "window": 0, "format": "columns"}, nil)
}

// start starts the named scripts, or all that are configured. What they depend on
// is started by the engine, and belongs to us as well.
func (m *foreman) start(ctx context.Context, names []string) error {
	var before wire.ProcessList
	if err := m.ask(ctx, "process/list", wire.None{}, &before); err != nil {
		return err
	}
	if len(names) == 0 {
		var err error
		if names, err = m.configured(ctx); err != nil {
			return err
		}
	}
	if err := m.known(ctx, names); err != nil {
		return err
	}
	m.align(names)
	m.before = make(map[string]wire.Process)
	for _, proc := range before.Processes {
		m.before[proc.ID] = proc
	}
	for _, name := range names {
		var first wire.Process
		err := m.ask(ctx, "process/start", wire.StartParams{Script: name}, &first)
		var answered *editor.Error
		if errors.As(err, &answered) && answered.Kind() == "process.alreadyRunning" {
			continue // as a dependency, or by somebody else
		}
		if err != nil {
			return err
		}
	}
	if err := m.claim(ctx); err != nil {
		return err
	}
	if len(m.ours()) == 0 {
		return &codeError{exitAnswered, errors.New("all of it runs already: `brummer-rpc logs -f` follows it")}
	}
	return nil
}

// known is an error if one of the names is no script: nothing is started then, and
// nothing has to be stopped again.
func (m *foreman) known(ctx context.Context, names []string) error {
	var list wire.Scripts
	if err := m.ask(ctx, "project/scripts", wire.None{}, &list); err != nil {
		return err
	}
	for _, name := range names {
		if !slices.ContainsFunc(list.Scripts, func(s wire.Script) bool { return s.ID == name || s.Name == name }) {
			return m.ask(ctx, "process/start", wire.StartParams{Script: name}, nil) // it says who may be meant
		}
	}
	return nil
}

// align leaves room for the names of what is to be started. Lines of others may be
// printed already.
func (m *foreman) align(names []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range names {
		name = name[strings.LastIndexByte(name, ':')+1:]
		m.print.width = min(maxNameWidth, max(m.print.width, len(name)))
	}
}

// claim finds out what was started since before, by the engine as a dependency as
// well. It is asked once; a Ctrl-C in the middle of the starts asks it, too.
func (m *foreman) claim(ctx context.Context) error {
	if m.claimed || m.before == nil {
		return nil
	}
	var after wire.ProcessList
	if err := m.ask(ctx, "process/list", wire.None{}, &after); err != nil {
		return err
	}
	m.claimed = true
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, proc := range after.Processes {
		if was := m.before[proc.ID]; !active(was) && (active(proc) || was.Run != proc.Run) {
			m.started = append(m.started, proc.ID)
		}
	}
	m.noteLocked(after.Processes)
	return nil
}

// configured gives the names of what brummer.toml has.
func (m *foreman) configured(ctx context.Context) (names []string, err error) {
	var list wire.Scripts
	if err := m.ask(ctx, "project/scripts", wire.None{}, &list); err != nil {
		return nil, err
	}
	for _, s := range list.Scripts {
		if strings.HasPrefix(s.ID, "brummer:") {
			names = append(names, s.ID)
		}
	}
	for _, p := range list.Problems {
		if filepath.Base(p.File) == "brummer.toml" {
			m.say(fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message))
			err = &codeError{exitAnswered, errors.New("brummer.toml has mistakes: nothing was started")}
		}
	}
	if err == nil && len(names) == 0 {
		err = &codeError{exitUsage, errors.New("nothing is configured here: name a script (see `brummer-rpc scripts`), or write a brummer.toml (`brummer-rpc init` does)")}
	}
	return names, err
}

// active reports whether a process runs, or will.
func active(p wire.Process) bool {
	return p.State != "" && !slices.Contains([]string{"idle", "stopped", "exited", "failed"}, p.State)
}

// follow returns when all that was started has ended.
func (m *foreman) follow(ctx context.Context) error {
	for {
		select {
		case <-m.news:
			done, failed := m.over()
			switch {
			case done && failed != "":
				return &codeError{code: exitAnswered}
			case done:
				return nil
			case failed != "" && m.flags.failFast:
				m.say(failed + " has failed")
				err := m.stop(context.WithoutCancel(ctx))
				if coded, ok := errors.AsType[*codeError](err); ok {
					coded.code = exitAnswered // it has come to the end that it was to come to
				}
				return err
			}
		case <-ctx.Done():
			return m.stop(context.WithoutCancel(ctx))
		case <-m.Done():
			return errors.New("the engine has ended")
		}
	}
}

// over reports whether all have ended and their last lines are printed, and names
// one of which this is so and that has failed, if there is any. The end alone says
// too little: the answer to process/list may tell of it before the lines come.
func (m *foreman) over() (done bool, failed string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	done = true
	for _, id := range m.started {
		p := m.processes[id]
		ended := !active(p) && (p.FinalSeq <= m.print.last || m.deaf)
		done = done && ended
		if ended && p.State == "failed" {
			failed = id
		}
	}
	return done, failed
}

func (m *foreman) ask(ctx context.Context, method string, params, result any) error {
	return m.p.askOver(ctx, m.Client, method, params, result)
}
