package main

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// The steps that are about the life of processes, in the order of [steps].

func (d *demo) ambiguous() error {
	_, err := call[wire.Process](d, "process/start", wire.StartParams{Script: "test"})
	var answered *answeredError
	if !errors.As(err, &answered) {
		return cmp.Or(err, errors.New("process/start has started one of them"))
	}
	d.t.check(answered.Kind != "", "the error has a kind, for programs, and a message, for people")
	return nil
}

func (d *demo) startWeb() error {
	p, err := call[wire.Process](d, "process/start", wire.StartParams{Script: "web"})
	if err != nil {
		return err
	}
	d.t.check(p.ID == "web" && slices.Equal(p.BlockedBy, []string{"vet"}), "it waits for vet, which was started with it")
	p, err = call[wire.Process](d, "process/wait", wire.WaitParams{ID: "web", For: "ready", TimeoutMs: 60_000})
	if err != nil {
		return err
	}
	d.t.check(p.Run == 1 && p.Ready, "it is ready: it has said so, and listens on a port")
	return d.until("the URL of web", func() bool {
		for _, l := range d.seen.lines {
			if _, after, ok := strings.Cut(l.Text, "listening on "); ok {
				d.url = after
			}
		}
		return d.url != ""
	})
}

func (d *demo) startWorker() error {
	if _, err := call[wire.Process](d, "process/start", wire.StartParams{Script: "worker"}); err != nil {
		return err
	}
	return d.until("a stack trace of worker", func() bool {
		return d.seen.count("worker", "panic:") > 0 && d.seen.count("worker", "ERROR") > 0
	})
}

func (d *demo) failingBuild() error {
	p, err := d.runToEnd(wire.StartParams{
		Name: "build", Command: wire.Command{Args: []string{"go", "build", "-tags", "broken", "./..."}},
	})
	if err != nil {
		return err
	}
	d.t.check(p.State == "failed" && p.ExitCode != nil && *p.ExitCode == 1, "the build has failed, with exit code 1")
	return nil
}

func (d *demo) crash() error {
	p, err := d.runToEnd(wire.StartParams{
		Name: "crash", Command: wire.Command{Shell: "go build -o bin/worker ./cmd/worker && exec bin/worker -pace 5ms"},
		Env: map[string]string{"WORKER_CRASH": "1"},
	})
	if err != nil {
		return err
	}
	d.t.check(p.State == "failed" && p.ExitCode != nil && *p.ExitCode == 2, "it has failed, with exit code 2")
	return nil
}

// runToEnd starts a process and waits for its end.
func (d *demo) runToEnd(params wire.StartParams) (wire.Process, error) {
	p, err := call[wire.Process](d, "process/start", params)
	if err != nil {
		return p, err
	}
	p, err = call[wire.Process](d, "process/wait", wire.WaitParams{ID: p.ID, For: "exited", TimeoutMs: 60_000})
	if err == nil {
		d.checkTold(p)
	}
	return p, err
}

func (d *demo) restart() error {
	p, err := call[wire.Process](d, "process/restart", wire.ID{ID: "worker"})
	if err != nil {
		return err
	}
	d.t.check(p.Run == 2 && p.Restarts == 1, "run %d, restarted %d time", p.Run, p.Restarts)
	err = d.until("the news of worker's second run", func() bool {
		return d.seen.event("process.started", "worker", 2) != nil
	})
	d.t.check(d.seen.exit("worker", 1) != nil, "the end of the first run was told before the start of the second")
	return err
}

func (d *demo) input() error {
	p, err := call[wire.Process](d, "process/start", wire.StartParams{Name: "echo", Command: wire.Command{Args: []string{"cat"}}})
	if err != nil {
		return err
	}
	if _, err := call[any](d, "process/input", wire.InputParams{ID: p.ID, Data: "Grüße an den Laden\n"}); err != nil {
		return err
	}
	if err := d.until("cat's answer", func() bool { return d.seen.count("echo", "Grüße an den Laden") > 0 }); err != nil {
		return err
	}
	if _, err := call[any](d, "process/input", wire.InputParams{ID: p.ID, Data: "the end", EOF: true}); err != nil {
		return err
	}
	p, err = call[wire.Process](d, "process/wait", wire.WaitParams{ID: p.ID, For: "exited"})
	if err != nil {
		return err
	}
	d.t.check(p.State == "exited", "the end of its input has ended it")
	d.t.check(d.seen.count("echo", "the end") == 1, "what has no newline has come as well")
	return nil
}

func (d *demo) stop() error {
	p, err := call[wire.Process](d, "process/stop", wire.StopParams{ID: "web"})
	if err != nil {
		return err
	}
	d.checkTold(p)
	d.t.check(p.State == "stopped", "web is stopped, because somebody asked for it")
	d.t.check(d.seen.count("web", "bye") == 1, "its last words have come: bye")
	err = d.until("the news of web's end", func() bool { return d.seen.exit("web", 1) != nil })
	d.checkBeats()
	return err
}

func (d *demo) stopAll() error {
	result, err := call[wire.Processes](d, "process/stopAll", nil)
	if err != nil {
		return err
	}
	active := slices.ContainsFunc(result.Processes, func(p wire.Process) bool { return p.PID != 0 })
	d.t.check(!active, "none of %d processes runs any more", len(result.Processes))
	err = d.until("the news of worker's end", func() bool { return d.seen.exit("worker", 2) != nil })
	d.checkOrder()
	return err
}
