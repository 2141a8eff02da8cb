package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// requestsFlags say which requests, and what to do with them.
type requestsFlags struct {
	filter                       wire.RequestFilter
	since, slow                  time.Duration
	limit                        int
	har                          string
	bodies, reveal, curl, replay bool
	follow                       bool
	overwrite, clear, json       bool
}

func (p *program) requestsCommand() *cobra.Command {
	f := requestsFlags{limit: 50}
	cmd := p.verb(&cobra.Command{
		Use:   "requests [ID]",
		Short: "List the requests that went through the proxies, or show one",
		Example: `  brummer-rpc requests --failed
  brummer-rpc requests -f --status 5xx
  brummer-rpc requests --type json --slow 200ms --since 5m
  brummer-rpc requests r12 --bodies
  brummer-rpc requests r12 --replay`,
		Args: takes(0, 1, "one request"), ValidArgsFunction: cobra.NoFileCompletions,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		if len(args) == 1 {
			return p.oneRequest(ctx, c, args[0], f)
		}
		return p.manyRequests(ctx, c, f)
	})
	f.declare(cmd)
	return cmd
}

func (f *requestsFlags) declare(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.filter.Proxy, "proxy", "", "only of this proxy")
	fl.StringVar(&f.filter.Process, "process", "", "only of this process")
	fl.StringVar(&f.filter.Status, "status", "", "only with this status: 404, 5xx, 400-499")
	fl.StringVar(&f.filter.Method, "method", "", "only with this method")
	fl.StringVar(&f.filter.Path, "path", "", "only with this in path or query; with *, a pattern of the path")
	fl.StringVar(&f.filter.Type, "type", "", "only with this in the answer's Content-Type: json, html, image")
	fl.BoolVar(&f.filter.Failed, "failed", false, "only those that broke off or have a status of 400 and more")
	fl.DurationVar(&f.slow, "slow", 0, "only those that took this time or longer, such as 200ms")
	fl.DurationVar(&f.since, "since", 0, "only those of this time, such as 10m")
	fl.IntVar(&f.limit, "limit", f.limit, "requests")
	fl.BoolVarP(&f.follow, "follow", "f", false, "go on with what comes; a request is told when it has ended")
	fl.BoolVar(&f.bodies, "bodies", false, "with an ID: the bodies too")
	fl.BoolVar(&f.curl, "curl", false, "with an ID: as a command for a shell")
	fl.BoolVar(&f.replay, "replay", false, "with an ID: send it again")
	fl.BoolVar(&f.reveal, "reveal", false, "do not cover secrets")
	fl.StringVar(&f.har, "har", "", "write an HTTP archive to this file instead")
	fl.BoolVar(&f.overwrite, "overwrite", false, "with --har: replace a file that is there")
	fl.BoolVar(&f.clear, "clear", false, "forget them instead, all that have ended")
	jsonFlag(cmd, &f.json)
	cmd.MarkFlagsMutuallyExclusive("curl", "replay", "har", "clear", "follow")
}

// oneRequest shows a request, or sends it again.
func (p *program) oneRequest(ctx context.Context, c *client, id string, f requestsFlags) error {
	switch {
	case f.har != "" || f.clear || f.follow:
		return &codeError{exitUsage, errors.New("--har, --clear and --follow are for all requests: leave out the " + id)}
	case f.curl:
		command, err := ask[wire.ShellCommand](ctx, c, "proxy/curl", wire.CurlParams{ID: id, Reveal: f.reveal})
		if err != nil || f.json {
			return p.orJSON(command, err)
		}
		_, err = fmt.Fprintln(p.stdout, command.Command)
		return err
	case f.replay:
		again, err := ask[wire.Request](ctx, c, "proxy/replay", wire.ReplayParams{ID: id})
		if err != nil || f.json {
			return p.orJSON(again, err)
		}
		return p.printRequests([]wire.Request{again})
	}
	d, err := ask[wire.RequestDetail](ctx, c, "proxy/request", wire.RequestParams{ID: id, Bodies: f.bodies, Reveal: f.reveal})
	if err != nil || f.json {
		return p.orJSON(d, err)
	}
	return p.printRequest(d)
}

// manyRequests lists requests, keeps them in a file or forgets them.
func (p *program) manyRequests(ctx context.Context, c *client, f requestsFlags) error {
	f.filter.MinMs = f.slow.Milliseconds()
	if f.since > 0 {
		f.filter.SinceMs = time.Now().Add(-f.since).UnixMilli()
	}
	switch {
	case f.curl || f.replay || f.bodies:
		return &codeError{exitUsage, errors.New("--bodies, --curl and --replay are for one request: name it")}
	case f.clear:
		_, err := ask[wire.Null](ctx, c, "proxy/clear", wire.None{})
		return err
	case f.har != "":
		written, err := ask[wire.HARResult](ctx, c, "proxy/har", wire.HARParams{
			Filter: f.filter, Path: f.har, Reveal: f.reveal, Overwrite: f.overwrite,
		})
		if err != nil || f.json {
			return p.orJSON(written, err)
		}
		_, err = fmt.Fprintf(p.stdout, "%s in %s\n", count(*written.Entries, "request"), written.Path)
		return err
	case f.follow:
		return p.followRequests(ctx, c, f)
	}
	list, err := ask[wire.Requests](ctx, c, "proxy/requests", wire.RequestsParams{Filter: f.filter, Limit: &f.limit})
	if err != nil || f.json {
		return p.orJSON(list, err)
	}
	if list.More {
		defer p.tellMore()
	}
	return p.printRequests(list.Requests)
}

func (p *program) printRequests(list []wire.Request) error {
	if len(list) == 0 {
		p.tellNone("no requests are known; they are those that go through `brummer-rpc proxy URL`")
	}
	rows := make([][]string, len(list))
	for i, r := range list {
		rows[i] = []string{
			r.ID, time.UnixMilli(r.T).Format("15:04:05"), r.Method, statusOf(r), kindOf(r), bytesOf(r.Received), tookOf(r),
			r.Proxy, shorten(r.URL, 100), outcomeOf(r),
		}
	}
	return p.table(rows, func(row, column int) string {
		switch {
		case column == 3 || column == 9:
			return statusColour(list[row])
		case column == 1 || column >= 4 && column <= 6:
			return "90"
		}
		return ""
	})
}

func statusOf(r wire.Request) string {
	switch {
	case r.Status != 0:
		return strconv.Itoa(r.Status)
	case r.Pending:
		return "..."
	}
	return "-"
}

func statusColour(r wire.Request) string {
	switch {
	case r.Failure != nil || r.Status >= 500:
		return "31"
	case r.Status >= 400:
		return "33"
	}
	return "32"
}

func tookOf(r wire.Request) string {
	if r.Timings.Total == nil {
		return ""
	}
	return fmt.Sprintf("%.0f ms", *r.Timings.Total)
}

// kindOf is the Content-Type in a word, as browsers' lists of requests have it: json,
// html, png.
func kindOf(r wire.Request) string {
	kind, _, _ := strings.Cut(r.Type, ";")
	if _, sub, ok := strings.Cut(kind, "/"); ok {
		kind = sub
	}
	kind = strings.TrimSpace(kind)
	if _, of, ok := strings.Cut(kind, "+"); ok { // problem+json
		return of
	}
	return strings.TrimPrefix(kind, "x-")
}

// bytesOf is a number of bytes for people, "" for none.
func bytesOf(n int64) string {
	switch {
	case n == 0:
		return ""
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 999_500:
		return fmt.Sprintf("%.3g kB", float64(n)/1e3)
	case n < 999_500_000:
		return fmt.Sprintf("%.3g MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.3g GB", float64(n)/1e9)
}

// partsOf says when a request began and how long its parts took.
func partsOf(r wire.Request) string {
	parts := []string{time.UnixMilli(r.T).Format("15:04:05.000")}
	for _, part := range []struct {
		name string
		ms   *float64
	}{
		{"name", r.Timings.DNS},
		{"connection", r.Timings.Connect},
		{"TLS", r.Timings.TLS},
		{"first byte after", r.Timings.TTFB},
		{"all after", r.Timings.Total},
	} {
		if part.ms != nil {
			parts = append(parts, fmt.Sprintf("%s %.1f ms", part.name, *part.ms))
		}
	}
	if r.Sent > 0 {
		parts = append(parts, bytesOf(r.Sent)+" sent")
	}
	if r.Received > 0 {
		parts = append(parts, bytesOf(r.Received)+" received")
	}
	return strings.Join(parts, ", ")
}

// outcomeOf is what there is to say of a request besides its status.
func outcomeOf(r wire.Request) string {
	switch {
	case r.Failure != nil:
		return r.Failure.Text
	case r.Upgrade != "":
		return r.Upgrade
	case r.Silent:
		return "the page does not report: its policy or the browser may block that"
	}
	return ""
}

func (p *program) printRequest(d wire.RequestDetail) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s %s\n", p.paint(d.Request.Method, "1"), d.Request.URL, p.paint(d.Request.Host, "90"))
	fmt.Fprintf(&out, "%s\n", p.paint(partsOf(d.Request), "90"))
	printMessage(&out, d.RequestHeader, d.RequestBody)
	fmt.Fprintf(&out, "\n%s %s\n", p.paint(statusOf(d.Request), statusColour(d.Request)), d.Protocol)
	printMessage(&out, d.ResponseHeader, d.ResponseBody)
	for _, remark := range []string{outcomeOf(d.Request), skippedOf(d.Request)} {
		if remark != "" {
			fmt.Fprintf(&out, "\n%s\n", p.paint(remark, "33"))
		}
	}
	_, err := p.stdout.WriteString(out.String())
	return err
}

func skippedOf(r wire.Request) string {
	if r.Skipped == "" || !strings.HasPrefix(r.Type, "text/html") {
		return ""
	}
	return "the script was not put in: " + r.Skipped
}

func printMessage(out *strings.Builder, header []wire.HeaderLine, body *wire.Body) {
	for _, h := range header {
		fmt.Fprintf(out, "%s: %s\n", h.Name, h.Value)
	}
	switch {
	case body == nil || body.Size == 0:
	case body.Missing != "":
		fmt.Fprintf(out, "\n(%d bytes: %s)\n", body.Size, body.Missing)
	case body.Base64:
		fmt.Fprintf(out, "\n(%d bytes that are no text)\n", body.Size)
	default:
		fmt.Fprintf(out, "\n%s\n", body.Text)
		if body.Truncated {
			fmt.Fprintf(out, "(the beginning, of %d bytes)\n", body.Size)
		}
	}
}
