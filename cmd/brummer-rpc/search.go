package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) searchCommand() *cobra.Command {
	var params wire.SearchParams
	var sensitive, oldest, asJSON bool
	var limit int
	var since time.Duration
	cmd := p.verb(&cobra.Command{
		Use:   "search QUERY",
		Short: "Search the output of all processes",
		Long: `Prints the newest lines that match, the newest last, as grep would. Without
--case-sensitive, case counts only if QUERY has an upper-case letter.`,
		Args: takes(1, 1, "the text to search for, in quotes if it has blanks"),
		Example: `  brummer-rpc search ECONNREFUSED
  brummer-rpc search -e 'took [0-9]{4,} ms' --process web --context 2
  brummer-rpc search --since 10m --level warn refused`,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		params.Query, params.Limit = args[0], &limit
		if since > 0 {
			params.Filter.SinceMs = time.Now().Add(-since).UnixMilli()
		}
		if err := c.areThere(ctx, params.Filter.Processes); err != nil {
			return err
		}
		if sensitive {
			params.CaseSensitive = &sensitive
		}
		if oldest {
			params.Order = "oldest"
		}
		// Ranges in bytes are what a program in Go can use.
		if _, err := ask[any](ctx, c, "initialize", utf8Client); err != nil {
			return err
		}
		found, err := ask[wire.SearchResult](ctx, c, "logs/search", params)
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(found)
		}
		return p.printHits(found, oldest)
	})
	cmd.PreRunE = func(*cobra.Command, []string) error { return checkLevel(params.Filter.MinLevel) }
	f := cmd.Flags()
	f.BoolVarP(&params.Regexp, "regexp", "e", false, "QUERY is a regular expression")
	f.BoolVarP(&params.WholeWord, "word", "w", false, "only whole words")
	f.BoolVar(&sensitive, "case-sensitive", false, "case counts")
	f.BoolVar(&oldest, "oldest", false, "the oldest matches instead of the newest")
	f.StringSliceVar(&params.Filter.Processes, "process", nil, "only these processes")
	f.StringVar(&params.Filter.MinLevel, "level", "", "only lines of at least this level: "+strings.Join(levels, ", "))
	f.DurationVar(&since, "since", 0, "only lines of this time, such as 10m")
	f.IntVar(&params.Context, "context", 0, "lines of the same process before and after each match")
	f.IntVar(&limit, "limit", 200, "matches")
	f.BoolVar(&params.Count, "count", false, "count all matches")
	jsonFlag(cmd, &asJSON)
	cmd.RegisterFlagCompletionFunc("level", cobra.FixedCompletions(levels, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("process", p.completeProcesses)
	return cmd
}

var utf8Client = map[string]any{
	"clientInfo":   wire.ClientInfo{Name: "brummer-rpc search", Version: version},
	"capabilities": map[string]any{"general": map[string]any{"positionEncodings": []string{"utf-8"}}},
}

func (p *program) printHits(found wire.SearchResult, oldest bool) error {
	var out strings.Builder
	for i := range found.Hits {
		h := &found.Hits[i]
		if !oldest {
			h = &found.Hits[len(found.Hits)-1-i]
		}
		for _, l := range h.Before {
			fmt.Fprintf(&out, "%s-%s\n", p.paint(l.Process, nameColour(l.Process)), l.Text)
		}
		fmt.Fprintf(&out, "%s:%s\n", p.paint(h.Line.Process, nameColour(h.Line.Process)), p.highlight(h.Line.Text, h.Ranges))
		for _, l := range h.After {
			fmt.Fprintf(&out, "%s-%s\n", p.paint(l.Process, nameColour(l.Process)), l.Text)
		}
	}
	if _, err := p.stdout.WriteString(out.String()); err != nil {
		return err
	}
	switch {
	case found.Total != nil:
		fmt.Fprintln(p.stderr, count(*found.Total, "match"))
	case found.More:
		p.tellMore()
	}
	if len(found.Hits) == 0 {
		return &codeError{code: exitAnswered} // as grep does
	}
	return nil
}

// highlight paints the byte ranges of a text.
func (p *program) highlight(text string, ranges [][2]int) string {
	var out strings.Builder
	at := 0
	for _, r := range ranges {
		if r[0] < at || r[1] > len(text) {
			continue
		}
		out.WriteString(text[at:r[0]])
		out.WriteString(p.paint(text[r[0]:r[1]], "1;31"))
		at = r[1]
	}
	out.WriteString(text[at:])
	return out.String()
}
