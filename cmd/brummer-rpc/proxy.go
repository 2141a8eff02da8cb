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

func (p *program) proxyCommand() *cobra.Command {
	var params wire.RegisterParams
	var remove string
	var plain, asJSON bool
	cmd := p.verb(&cobra.Command{
		Use:   "proxy [URL]",
		Short: "Put a proxy in front of a server, or list the proxies",
		Long: `With the URL of a server, prints the address to open instead of it: requests are
recorded (brummer-rpc requests), and what goes wrong in pages is told of
(brummer-rpc problems). The server does not have to run yet. Without one, lists
the proxies.`,
		Example: `  brummer-rpc proxy http://localhost:5173 --process web`,
		Args:    takes(0, 1, "one URL"), ValidArgsFunction: cobra.NoFileCompletions,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		switch {
		case remove != "" && len(args) == 1:
			return &codeError{exitUsage, errors.New("give a URL or --remove, not both")}
		case remove != "":
			_, err := ask[wire.Null](ctx, c, "proxy/unregister", wire.ProxyID{ID: remove})
			return err
		case len(args) == 0:
			list, err := ask[wire.Proxies](ctx, c, "proxy/list", wire.None{})
			if err != nil || asJSON {
				return p.orJSON(list, err)
			}
			return p.printProxies(list.Proxies)
		}
		inject := !plain
		params.URL, params.Inject = args[0], &inject
		proxy, err := ask[wire.Proxy](ctx, c, "proxy/register", params)
		if err != nil || asJSON {
			return p.orJSON(proxy, err)
		}
		_, err = fmt.Fprintln(p.stdout, proxy.ProxyURL)
		return err
	})
	f := cmd.Flags()
	f.StringVar(&params.Process, "process", "", "the process that the server is of")
	f.StringVar(&params.Label, "label", "", "a name for people")
	f.IntVar(&params.Port, "port", 0, "the port to listen on (default: any, the same as before)")
	f.StringVar(&params.Host, "host", "", "whose Host the server sees: preserve, target (default: preserve, the browser's)")
	f.BoolVar(&params.Insecure, "insecure", false, "do not check the server's certificate")
	f.BoolVar(&plain, "plain", false, "put no script into pages")
	f.StringVar(&remove, "remove", "", "end the proxy with this id")
	cmd.RegisterFlagCompletionFunc("process", p.completeProcesses)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// orJSON prints v as JSON unless there is an error.
func (p *program) orJSON(v any, err error) error {
	if err != nil {
		return err
	}
	return p.printJSON(v)
}

func (p *program) printProxies(list []wire.Proxy) error {
	if len(list) == 0 {
		p.tellNone("there is no proxy; `brummer-rpc proxy URL` makes one")
	}
	rows := [][]string{}
	for _, x := range list {
		rows = append(rows, []string{x.ID, x.ProxyURL, "-> " + x.URL, x.Process})
	}
	return p.table(rows, func(_, column int) string { return [...]string{"", "4", "", ""}[column] })
}

func (p *program) requestsCommand() *cobra.Command {
	var filter wire.RequestFilter
	var bodies, reveal, curl, asJSON bool
	var har string
	limit := 50
	cmd := p.verb(&cobra.Command{
		Use:   "requests [ID]",
		Short: "List the requests that went through the proxies, or show one",
		Args:  takes(0, 1, "one request"), ValidArgsFunction: cobra.NoFileCompletions,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		switch {
		case len(args) == 1 && curl:
			command, err := ask[wire.ShellCommand](ctx, c, "proxy/curl", wire.CurlParams{ID: args[0], Reveal: reveal})
			if err != nil || asJSON {
				return p.orJSON(command, err)
			}
			_, err = fmt.Fprintln(p.stdout, command.Command)
			return err
		case len(args) == 1:
			d, err := ask[wire.RequestDetail](ctx, c, "proxy/request", wire.RequestParams{ID: args[0], Bodies: bodies, Reveal: reveal})
			if err != nil || asJSON {
				return p.orJSON(d, err)
			}
			return p.printRequest(d)
		case har != "":
			written, err := ask[wire.HARResult](ctx, c, "proxy/har", wire.HARParams{Filter: filter, Path: har, Reveal: reveal})
			if err != nil || asJSON {
				return p.orJSON(written, err)
			}
			_, err = fmt.Fprintf(p.stdout, "%s in %s\n", count(*written.Entries, "request"), written.Path)
			return err
		}
		list, err := ask[wire.Requests](ctx, c, "proxy/requests", wire.RequestsParams{Filter: filter, Limit: &limit})
		if err != nil || asJSON {
			return p.orJSON(list, err)
		}
		if list.More {
			defer p.tellMore()
		}
		return p.printRequests(list.Requests)
	})
	f := cmd.Flags()
	f.StringVar(&filter.Proxy, "proxy", "", "only of this proxy")
	f.StringVar(&filter.Process, "process", "", "only of this process")
	f.StringVar(&filter.Status, "status", "", "only with this status: 404, 5xx, 400-499")
	f.StringVar(&filter.Method, "method", "", "only with this method")
	f.StringVar(&filter.Path, "path", "", "only with this in path or query; with *, a pattern of the path")
	f.BoolVar(&filter.Failed, "failed", false, "only those that broke off or have a status of 400 and more")
	f.IntVar(&limit, "limit", limit, "requests")
	f.BoolVar(&bodies, "bodies", false, "with an ID: the bodies too")
	f.BoolVar(&curl, "curl", false, "with an ID: as a command for a shell")
	f.BoolVar(&reveal, "reveal", false, "do not cover secrets")
	f.StringVar(&har, "har", "", "write an HTTP archive to this file instead")
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (p *program) printRequests(list []wire.Request) error {
	if len(list) == 0 {
		p.tellNone("no requests are known; they are those that go through `brummer-rpc proxy URL`")
	}
	rows := make([][]string, len(list))
	for i, r := range list {
		rows[i] = []string{r.ID, time.UnixMilli(r.T).Format("15:04:05"), r.Method, statusOf(r), tookOf(r), r.Proxy, shorten(r.URL, 100), outcomeOf(r)}
	}
	return p.table(rows, func(row, column int) string {
		switch {
		case column == 3 || column == 7:
			return statusColour(list[row])
		case column == 1 || column == 4:
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
	printMessage(&out, d.RequestHeader, d.RequestBody)
	fmt.Fprintf(&out, "\n%s %s %s\n", p.paint(statusOf(d.Request), statusColour(d.Request)), d.Protocol, p.paint(tookOf(d.Request), "90"))
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
