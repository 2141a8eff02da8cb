package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"time"

	gojson "github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// logsFlags are those of the verb logs.
type logsFlags struct {
	follow, timestamps, json bool
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
  brummer-rpc logs --since 10m --grep 'timeout|refused'`,
		ValidArgsFunction: p.completeProcesses,
		RunE: func(cmd *cobra.Command, args []string) error {
			filter := wire.Filter{Processes: args, MinLevel: f.level, Regexp: f.grep}
			if f.since > 0 {
				filter.SinceMs = time.Now().Add(-f.since).UnixMilli()
			}
			if f.follow {
				return lost(p.follow(cmd.Context(), f, filter))
			}
			return lost(p.logs(cmd.Context(), f, filter))
		},
	}
	fl := cmd.Flags()
	fl.BoolVarP(&f.follow, "follow", "f", false, "go on with what comes")
	fl.IntVarP(&f.tail, "tail", "n", -1, "begin with this many lines (default: all that are held; 10 with -f)")
	fl.StringVar(&f.level, "level", "", "only lines of at least this level: debug, info, warn, error")
	fl.StringVar(&f.grep, "grep", "", "only lines that match this regular expression")
	fl.DurationVar(&f.since, "since", 0, "only lines of this time, such as 10m")
	fl.BoolVarP(&f.timestamps, "timestamps", "t", false, "print when each line was read")
	jsonFlag(cmd, &f.json)
	return cmd
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
	print := &linePrinter{p: p, flags: f}
	limit := 500
	params := wire.QueryParams{Filter: filter, Limit: &limit, ANSI: p.colours()}
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
		if print.batch(page.Gap, page.Lines) != nil || !page.More {
			return nil // the end, or a pager that has been left
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
		if print.batch(page.Gap, page.Lines) != nil {
			return nil // a pager that has been left
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
	w := &follower{p: p, print: &linePrinter{p: p, flags: f}, received: make(chan struct{})}
	w.Client = editor.NewClient(conn, conn, w.notified)
	return w.run(ctx, f, filter)
}

func (w *follower) run(ctx context.Context, f logsFlags, filter wire.Filter) error {
	if err := w.ask(ctx, "initialize", map[string]any{
		"clientInfo": wire.ClientInfo{Name: "brummer-rpc logs", Version: version}, "capabilities": map[string]any{},
	}, nil); err != nil {
		return err
	}
	tail := f.tail
	if tail < 0 {
		tail = 10
	}
	if err := w.ask(ctx, "logs/subscribe", map[string]any{
		"filter": filter, "since": map[string]int{"tail": tail}, "ansi": w.p.colours(), "window": 0,
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

func (w *follower) ask(ctx context.Context, method string, params, result any) error {
	err := w.Call(ctx, method, params, result)
	var answered *editor.Error
	switch {
	case w.failed() != nil:
		return w.failed()
	case errors.As(err, &answered):
		return &codeError{exitAnswered, answered}
	case errors.Is(err, context.Canceled):
		return &codeError{code: w.p.exitCode()}
	}
	return err
}

func (w *follower) notified(method string, params []byte) {
	if method != "logs/lines" || w.failed() != nil {
		return
	}
	var m wire.LinesObjects
	err := gojson.Unmarshal(params, &m)
	if err == nil {
		err = w.print.batch(m.Gap, m.Lines)
	}
	if err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.failure = &codeError{code: exitOK} // a pager that has been left
		close(w.received)
	}
}

func (w *follower) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failure
}

// linePrinter prints lines as `name | text`, aligned as far as it knows names.
type linePrinter struct {
	p     *program
	flags logsFlags
	width int
	buf   []byte
}

func (l *linePrinter) batch(gap *wire.Gap, lines []wire.Line) error {
	l.buf = l.buf[:0]
	if gap != nil && !l.flags.json {
		l.buf = fmt.Appendf(l.buf, "%s\n", l.p.paint(fmt.Sprintf("… %d lines are gone (%s)", gap.Count, gap.Reason), "33"))
	}
	for i := range lines {
		l.line(&lines[i])
	}
	_, err := l.p.stdout.Write(l.buf)
	return err
}

func (l *linePrinter) line(line *wire.Line) {
	if l.flags.json {
		l.buf = append(line.AppendJSON(l.buf), '\n')
		return
	}
	l.width = min(20, max(l.width, len(line.Process)))
	if l.flags.timestamps {
		l.buf = time.UnixMilli(line.T).AppendFormat(l.buf, "15:04:05.000 ")
	}
	head := line.Process + strings.Repeat(" ", max(0, l.width-len(line.Process))) + " |"
	l.buf = append(l.buf, l.p.paint(head, nameColour(line.Process))...)
	l.buf = append(append(append(l.buf, ' '), line.Text...), '\n')
}

// nameColour gives each name one of six colours, always the same.
func nameColour(name string) string {
	h := fnv.New32a()
	h.Write([]byte(name))
	return fmt.Sprint(31 + h.Sum32()%6)
}
