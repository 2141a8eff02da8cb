package main

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// printJSON prints a value as a line of JSON.
func (p *program) printJSON(v any) error {
	text, err := wire.Encode(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s\n", text)
	return err
}

// colours reports whether stdout is for eyes that want colour.
func (p *program) colours() bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(p.stdout)
}

// The colours of states; terminals show them in their own theme.
var stateColours = map[string]string{
	"running": "32", "starting": "33", "stopping": "33", "pending": "33", "backoff": "33",
	"failed": "31", "stopped": "90", "exited": "90",
}

func (p *program) paint(text, sgr string) string {
	if sgr == "" || !p.colours() {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}

// table prints rows in aligned columns, with a colour for each cell.
func (p *program) table(rows [][]string, colour func(row, column int) string) error {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var out strings.Builder
	for r, row := range rows {
		for len(row) > 0 && row[len(row)-1] == "" { // blanks at the end would only be in the way
			row = row[:len(row)-1]
		}
		for i, cell := range row {
			out.WriteString(p.paint(cell, colour(r, i)))
			if i < len(row)-1 {
				out.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
			}
		}
		out.WriteByte('\n')
	}
	_, err := p.stdout.WriteString(out.String())
	return err
}

// endOf says how a process has ended, "" if there is nothing more to say.
func endOf(proc wire.Process) string {
	switch {
	case proc.Reason != "":
		return proc.Reason
	case proc.Signal != "":
		return proc.Signal
	case proc.ExitCode != nil && *proc.ExitCode != 0:
		return fmt.Sprintf("exit code %d", *proc.ExitCode)
	}
	return ""
}

// tellNone says on stderr that a list is empty, and what would be in it: stdout
// stays for what is asked for.
func (p *program) tellNone(text string) { fmt.Fprintln(p.stderr, text) }

// tellMore says that a list goes on behind the last that was asked for.
func (p *program) tellMore() { p.tellNone("there are more: see --limit") }

// count is a number of things, with their name.
func count(n int, thing string) string {
	switch {
	case n == 1:
		return "1 " + thing
	case strings.HasSuffix(thing, "ch"):
		thing += "e"
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func shorten(s string, most int) string {
	runes := []rune(strings.ReplaceAll(s, "\n", " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}

func (p *program) printScripts(list wire.Scripts) error {
	var rows [][]string
	if len(list.Scripts) > 0 {
		rows = [][]string{{"ID", "NAME", "COMMAND", "SOURCE"}}
	} else {
		p.tellNone("nothing was found that can be run here; `brummer-rpc start -- PROGRAM ARG...` runs anything")
	}
	for _, s := range list.Scripts {
		rows = append(rows, []string{s.ID, s.Name, shorten(s.Command, 60), s.Source})
	}
	if err := p.table(rows, func(row, _ int) string {
		if row == 0 {
			return "1"
		}
		return ""
	}); err != nil {
		return err
	}
	for _, problem := range list.Problems {
		p.heard.tell(problemLine(problem))
	}
	return nil
}

// problemLine is a problem as compilers tell of theirs.
func problemLine(pr wire.ScriptProblem) string {
	where := pr.File
	if pr.Line > 0 {
		where += fmt.Sprintf(":%d:%d", pr.Line, pr.Column)
	}
	return where + ": " + pr.Message
}
