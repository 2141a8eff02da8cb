package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// demo is one conversation.
type demo struct {
	ctx       context.Context // ends at the deadline
	t         *transcript
	binary    string
	workspace string // absolute, without symbolic links
	waiting   string // what for, in case that it does not come

	*server
	client *client
	seen   seen
	lines  string // the subscription to the log
	events string // the subscription to events
	url    string // that web has printed
}

// run is the whole program: arguments and files in, exit code out.
func run(args []string, stdout, stderr *os.File) int {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	binary := flags.String("binary", "bin/brummer-rpc", "the program to talk to")
	workspace := flags.String("workspace", "examples/shop", "the workspace to open")
	limit := flags.Duration("limit", 2*time.Minute, "how long all of it may take; then the program is ended")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	d, err := newDemo(*binary, *workspace)
	if err != nil {
		fmt.Fprintln(stderr, "demo:", err)
		return 2
	}
	ctx, cancel := context.WithTimeout(context.Background(), *limit)
	defer cancel()
	d.ctx, d.t = ctx, newTranscript(stdout)
	begun := time.Now()
	d.converse()
	return d.verdict(time.Since(begun))
}

func newDemo(binary, workspace string) (*demo, error) {
	var err error
	if binary, err = filepath.Abs(binary); err != nil {
		return nil, err
	}
	if _, err := os.Stat(binary); err != nil {
		return nil, fmt.Errorf("%w; make build builds it", err)
	}
	if workspace, err = filepath.Abs(workspace); err != nil {
		return nil, err
	}
	workspace, err = filepath.EvalSymlinks(workspace)
	return &demo{binary: binary, workspace: workspace}, err
}

// converse goes through the steps. What a step can't go on from ends it.
func (d *demo) converse() {
	for _, s := range steps {
		d.t.heading(s.shows)
		if err := s.do(d); err != nil {
			if d.ctx.Err() != nil {
				err = fmt.Errorf("the time is up; what the demo waits for is %s", d.waiting)
			}
			d.t.check(false, "%v", err)
			break
		}
	}
	if d.server == nil {
		return
	}
	if !d.ended {
		d.giveUp()
		d.wait()
		d.checkGone()
	}
	if len(d.t.failed) > 0 {
		killMarked(d.mark)
	}
}

// verdict ends the demo. The server's own log is shown if something is wrong.
func (d *demo) verdict(took time.Duration) int {
	if len(d.t.failed) == 0 {
		d.t.println(bold, fmt.Sprintf("\nAll is as it should be (%s).", duration(took)))
		return 0
	}
	d.t.println(bold, "\nNot as it should be:")
	for _, text := range d.t.failed {
		d.t.println(red, "FAILED: "+text)
	}
	if d.server != nil {
		d.t.println(bold, "What brummer-rpc wrote to stderr:")
		d.t.println("", d.stderr.String())
	}
	return 1
}

// call sends a request, prints it and its answer, and returns the result.
func call[R any](d *demo, method string, params any) (result R, err error) {
	d.t.request(method, params)
	d.waiting = "the answer to " + method
	begun := time.Now()
	raw, err := d.client.call(method, params)
	took := time.Since(begun)
	var answered *answeredError
	switch {
	case errors.As(err, &answered):
		d.t.refusal(answered, took)
		return result, err
	case err != nil:
		return result, err
	}
	d.t.answer(raw, took)
	if err := json.Unmarshal(raw, &result); err != nil {
		return result, fmt.Errorf("the result of %s is not of the right shape: %w", method, err)
	}
	return result, nil
}

// notify sends a notification.
func (d *demo) notify(method string, params any) error {
	d.t.request(method, params)
	return d.client.send(method, "", params)
}

// until reads notifications until something has come.
func (d *demo) until(what string, come func() bool) error {
	d.waiting = what
	for !come() {
		if _, _, err := d.client.receive(); err != nil {
			return fmt.Errorf("waiting for %s: %w", what, err)
		}
	}
	return nil
}

// notified takes a notification: it is printed, and remembered for the checks.
func (d *demo) notified(method string, params jsontext.Value) error {
	switch method {
	case "logs/lines":
		return d.linesCame(params)
	case "events/batch":
		return d.eventsCame(params)
	case "process/changed":
		return d.processesChanged(params)
	}
	d.t.notification(method, shorten(params, columns))
	return nil
}

// linesCame gives the credit back that the batch has cost. The first
// acknowledgement is shown.
func (d *demo) linesCame(params jsontext.Value) error {
	var batch wire.LinesObjects
	if err := json.Unmarshal(params, &batch); err != nil {
		return err
	}
	d.t.notification("logs/lines", fmt.Sprintf("batch %d: %s", batch.Batch, count(len(batch.Lines), "line")))
	for _, l := range batch.Lines {
		d.t.line(l)
	}
	d.seen.addBatch(batch)
	ack := wire.AckParams{Subscription: batch.Subscription, Batch: batch.Batch}
	if batch.Batch > 1 {
		return d.client.send("logs/ack", "", ack)
	}
	err := d.notify("logs/ack", ack)
	d.t.note("That gives the credit back. Each batch is acknowledged so; from here on it is not shown.")
	return err
}

func (d *demo) eventsCame(params jsontext.Value) error {
	var batch wire.EventsBatch
	if err := json.Unmarshal(params, &batch); err != nil {
		return err
	}
	for _, e := range batch.Events {
		data, err := json.Marshal(e.Data, json.Deterministic(true))
		if err != nil {
			return err
		}
		d.t.notification("events/batch", e.Type+" "+e.Process+" "+shorten(data, columns))
		d.seen.addEvent(e)
	}
	return nil
}

func (d *demo) processesChanged(params jsontext.Value) error {
	var changed wire.ProcessChanged
	if err := json.Unmarshal(params, &changed); err != nil {
		return err
	}
	text := fmt.Sprintf("revision %d:", changed.Revision)
	for _, p := range changed.Processes {
		text += fmt.Sprintf(" %s is %s (run %d)", p.ID, p.State, p.Run)
	}
	d.t.notification("process/changed", text)
	d.seen.addChange(changed)
	return nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
