package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// logsFlags are those of the verb logs.
type logsFlags struct {
	follow, timestamps, json bool
	bare                     bool // without the names
	pretty                   bool // structured lines as message and fields
	tail                     int
	level, grep              string
	since                    time.Duration
}

func (p *program) logsCommand() *cobra.Command {
	var f logsFlags
	cmd := &cobra.Command{
		Use:   "logs [PROCESS...]",
		Short: "Print or follow the output of processes",
		Example: `  brummer-rpc logs --tail 50 web
  brummer-rpc logs -f web worker --level=warn
  brummer-rpc logs --since 10m --grep 'timeout|refused'
  brummer-rpc logs --pretty api
  brummer-rpc logs --bare api | jq`,
		ValidArgsFunction: p.completeProcesses,
		RunE: func(cmd *cobra.Command, args []string) error {
			filter := wire.Filter{Processes: args, MinLevel: f.level, Regexp: f.grep}
			if f.since > 0 {
				filter.SinceMs = time.Now().Add(-f.since).UnixMilli()
			}
			if err := checkLevel(f.level); err != nil {
				return err
			}
			if f.tail < 0 && cmd.Flags().Changed("tail") {
				return &codeError{exitUsage, fmt.Errorf("--tail=%d: want 0 or more", f.tail)}
			}
			if f.follow {
				return lost(p.follow(cmd.Context(), f, filter))
			}
			return lost(p.logs(cmd.Context(), f, filter))
		},
	}
	fl := cmd.Flags()
	fl.BoolVarP(&f.follow, "follow", "f", false, "go on with what comes")
	fl.IntVarP(&f.tail, "tail", "n", -1, "begin with this many lines (default: all that are held; with -f 10, but all with --since)")
	fl.StringVar(&f.level, "level", "", "only lines of at least this level: "+strings.Join(levels, ", "))
	fl.StringVar(&f.grep, "grep", "", "only lines that match this regular expression")
	fl.DurationVar(&f.since, "since", 0, "only lines of this time, such as 10m")
	fl.BoolVarP(&f.timestamps, "timestamps", "t", false, "print when each line was read")
	fl.BoolVar(&f.bare, "bare", false, "print lines without the names of their processes")
	fl.BoolVar(&f.pretty, "pretty", false, "print lines of JSON and logfmt as what they say, then their fields")
	jsonFlag(cmd, &f.json)
	cmd.RegisterFlagCompletionFunc("level", cobra.FixedCompletions(levels, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

var levels = []string{"trace", "debug", "info", "warn", "error", "fatal"}

// checkLevel refuses what is no level; "" is none.
func checkLevel(level string) error {
	if level != "" && !slices.Contains(levels, level) {
		return &codeError{exitUsage, fmt.Errorf("--level=%s: it must be one of %s", level, strings.Join(levels, ", "))}
	}
	return nil
}

// follower is a connection that follows: its notifications come in order.
type follower struct {
	*editor.Client
	p     *program
	print *linePrinter

	mu       sync.Mutex
	failure  error
	received chan struct{} // closed with the first failure
}

// logs prints what is held, page by page.
func (p *program) logs(ctx context.Context, f logsFlags, filter wire.Filter) error {
	c, err := p.connect(ctx, neverLaunch)
	if err != nil {
		return err
	}
	defer c.close()
	print, err := p.linePrinter(f, func() (wire.ProcessList, error) {
		return ask[wire.ProcessList](ctx, c, "process/list", wire.None{})
	}, filter.Processes)
	if err != nil {
		return err
	}
	limit := 500
	params := wire.QueryParams{Filter: filter, Limit: &limit, ANSI: p.colours(), Fields: f.pretty}
	if f.tail == 0 {
		return nil
	}
	if f.tail > 0 {
		return p.tail(ctx, c, print, params, f.tail)
	}
	for {
		page, err := ask[wire.QueryResult](ctx, c, "logs/query", params)
		if err != nil {
			return err
		}
		if err := print.batch(page.Gap, page.Lines); err != nil || !page.More {
			return err
		}
		params.After = &page.Next
	}
}

// tail prints the newest n lines: it pages back, then prints forward.
func (p *program) tail(ctx context.Context, c *client, print *linePrinter, params wire.QueryParams, n int) error {
	var pages []wire.QueryResult
	for more := true; more && n > 0; {
		limit := min(n, 500)
		params.Limit = &limit
		if len(pages) == 0 {
			params.Tail, params.Limit = &limit, nil
		}
		page, err := ask[wire.QueryResult](ctx, c, "logs/query", params)
		if err != nil {
			return err
		}
		pages = append(pages, page)
		n -= len(page.Lines)
		more = page.More
		params.Before, params.Tail = &page.Prev, nil
	}
	for _, page := range slices.Backward(pages) {
		if err := print.batch(page.Gap, page.Lines); err != nil {
			return err
		}
	}
	return nil
}

// follow prints the newest lines and goes on with what comes.
func (p *program) follow(ctx context.Context, f logsFlags, filter wire.Filter) error {
	place, err := p.place(p.flags.root)
	if err != nil {
		return &codeError{exitUsage, err}
	}
	conn, err := dial(place)
	if err != nil {
		return noEngine(place, err)
	}
	defer conn.Close()
	ctx, gone := context.WithCancel(ctx)
	defer gone()
	defer watchReader(p.stdout, gone)() // a pager that is left while nothing comes
	w := &follower{p: p, received: make(chan struct{})}
	w.Client = editor.NewClient(conn, conn, w.notified)
	return w.run(ctx, f, filter)
}

func (w *follower) run(ctx context.Context, f logsFlags, filter wire.Filter) error {
	if err := w.ask(ctx, "initialize", map[string]any{
		"clientInfo": wire.ClientInfo{Name: "brummer-rpc logs", Version: version}, "capabilities": map[string]any{},
	}, nil); err != nil {
		return err
	}
	var err error
	w.print, err = w.p.linePrinter(f, func() (list wire.ProcessList, err error) {
		return list, w.ask(ctx, "process/list", wire.None{}, &list)
	}, filter.Processes)
	if err != nil {
		return err
	}
	if err := w.ask(ctx, "logs/subscribe", map[string]any{
		"filter": filter, "since": map[string]int{"tail": f.begin()}, "ansi": w.p.colours(), "window": 0, "format": f.format(), "fields": f.pretty,
	}, nil); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return &codeError{code: w.p.exitCode()}
	case <-w.received:
		return w.failed()
	case <-w.Done():
		return errors.New("the engine has ended")
	}
}

// format is that of the lines that follow: fields come with objects only.
func (f logsFlags) format() string {
	if f.pretty {
		return "objects"
	}
	return "columns"
}

// begin is how many lines back following begins: with --since at the first of that
// time, which the filter knows.
func (f logsFlags) begin() int {
	switch {
	case f.tail >= 0:
		return f.tail
	case f.since > 0:
		return allLines
	}
	return 10
}

// allLines is more than any engine holds.
const allLines = 1 << 30

func (w *follower) ask(ctx context.Context, method string, params, result any) error {
	err := w.Call(ctx, method, params, result)
	var answered *editor.Error
	switch {
	case w.failed() != nil:
		return w.failed()
	case errors.As(err, &answered):
		return answeredWith(answered, answered.Code, answered.Kind())
	case errors.Is(err, context.Canceled):
		return &codeError{code: w.p.exitCode()}
	}
	return err
}

func (w *follower) notified(method string, params []byte) {
	if method != "logs/lines" || w.failed() != nil {
		return
	}
	show := w.print.columns
	if w.print.flags.pretty {
		show = w.print.objects
	}
	if err := show(params); err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.failure = err
		close(w.received)
	}
}

func (w *follower) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failure
}
