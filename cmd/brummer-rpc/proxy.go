package main

import (
	"context"
	"errors"
	"fmt"

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
