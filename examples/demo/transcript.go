package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// columns is how wide the transcript is.
const columns = 110

// transcript prints the conversation:
//
//	--> a request or notification of ours    <-- its answer    <~~ a notification of theirs
//
//	web    | a line of a process's output
//	ok: a check
type transcript struct {
	w      io.Writer
	colour bool
	steps  int
	failed []string // the checks that did not hold
	names  []string // processes, in the order of their first lines
}

func newTranscript(w io.Writer) *transcript { return &transcript{w: w, colour: wantsColour(w)} }

// wantsColour: on a terminal, and without NO_COLOR (https://no-color.org).
func wantsColour(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// The colours, as the parameters of SGR.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func (t *transcript) paint(sgr, text string) string {
	if !t.colour || sgr == "" || text == "" {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}

// println prints lines of text, whatever is in them.
func (t *transcript) println(sgr, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintln(t.w, t.paint(sgr, printable(line)))
	}
}

// heading begins a step.
func (t *transcript) heading(text string) {
	t.steps++
	t.println(bold, fmt.Sprintf("\n%d. %s", t.steps, text))
}

func (t *transcript) note(format string, args ...any) {
	t.println("", clip("    "+printable(fmt.Sprintf(format, args...)), columns))
}

// request prints a call or a notification of ours.
func (t *transcript) request(method string, params any) {
	text := "--> " + method
	if params != nil {
		if encoded, err := wire.Encode(params); err == nil {
			text += " " + shorten(encoded, columns-utf8.RuneCountInString(text)-1)
		}
	}
	t.println(cyan, text)
}

func (t *transcript) answer(result jsontext.Value, took time.Duration) {
	end := fmt.Sprintf(" (%s)", duration(took))
	fmt.Fprintln(t.w, "<-- "+shorten(result, columns-len("<-- ")-len(end))+t.paint(dim, end))
}

// refusal prints an answer that is an error, its message on a line of its own.
func (t *transcript) refusal(e *answeredError, took time.Duration) {
	t.println(yellow, fmt.Sprintf("<-- error %d %s (%s)", e.Code, e.Kind, duration(took)))
	t.println(yellow, clip("    "+printable(e.Message), columns))
}

func (t *transcript) notification(method, text string) {
	t.println(dim, clip("<~~ "+method+" "+printable(text), columns))
}

// line prints a line of output behind its process's name.
func (t *transcript) line(l wire.Line) {
	mark, sgr := "|", ""
	if l.Stream == "stderr" {
		mark = "!"
	}
	switch l.Level {
	case "error", "fatal":
		sgr = red
	case "warn":
		sgr = yellow
	}
	name := fmt.Sprintf("%-6s", l.Process)
	width := columns - utf8.RuneCountInString(name) - len(" | ")
	text := clip(printable(l.Text), width)
	if jsontext.Value(l.Text).IsValid() && len(text) < len(l.Text) {
		text = shorten(jsontext.Value(l.Text), width) // a line of a structured log
	}
	fmt.Fprintf(t.w, "%s %s\n", t.paint(t.processColour(l.Process), name+" "+mark), t.paint(sgr, text))
}

// processColour tells processes apart.
func (t *transcript) processColour(name string) string {
	for i, n := range t.names {
		if n == name {
			return []string{"36", "35", "34", "32"}[i%4]
		}
	}
	t.names = append(t.names, name)
	return t.processColour(name)
}

// hit prints a line that was found, with marks under what matches. Ranges count
// bytes, as this client has asked for when it introduced itself.
func (t *transcript) hit(h wire.Hit) {
	indent := max(6, len(h.Line.Process)) + len(" | ")
	text, marks := underline(printable(h.Line.Text), h.Ranges, columns-indent)
	h.Line.Text = text
	t.line(h.Line)
	t.println(green, strings.Repeat(" ", indent)+marks)
}

// underline returns as much of a text as fits into width columns and shows the
// first range, and the marks to put below.
func underline(text string, ranges [][2]int, width int) (shown, marks string) {
	var under []rune
	first := -1
	for i := range text {
		mark := ' '
		if inside(ranges, i) {
			mark = '^'
			if first < 0 {
				first = len(under)
			}
		}
		under = append(under, mark)
	}
	runes := []rune(text)
	if from := first - width/3; first > width*2/3 {
		runes, under = runes[from:], under[from:]
		runes[0] = '…'
	}
	return clip(string(runes), width), strings.TrimRight(string(under[:min(len(under), width)]), " ")
}

func inside(ranges [][2]int, i int) bool {
	for _, r := range ranges {
		if r[0] <= i && i < r[1] {
			return true
		}
	}
	return false
}

// words prints a list over as many lines as it takes.
func (t *transcript) words(list []string) {
	line := ""
	for _, word := range list {
		if len("    ")+len(line)+len(word) > columns {
			t.note("%s", strings.TrimSpace(line))
			line = ""
		}
		line += word + "  "
	}
	t.note("%s", strings.TrimSpace(line))
}

// table prints rows of cells.
func (t *transcript) table(rows [][]string) {
	w := tabwriter.NewWriter(t.w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, "    "+clip(strings.Join(row, "\t"), columns))
	}
	w.Flush()
}

// check prints whether something is as it should be.
func (t *transcript) check(ok bool, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if ok {
		t.println(green, clip("    ok: "+printable(text), columns))
		return
	}
	t.failed = append(t.failed, text)
	t.println(red, "    FAILED: "+text)
}

// duration is short: a transcript is no benchmark.
func duration(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
