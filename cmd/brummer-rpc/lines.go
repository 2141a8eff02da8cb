package main

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	gojson "github.com/go-json-experiment/json"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// linePrinter prints lines as `name | text`, or as JSON.
type linePrinter struct {
	p     *program
	flags logsFlags
	width int // of the names
	buf   []byte
	names map[[2]string]printedName // by process and level
	read  wire.ColumnsReader
	last  uint64 // number of the last line that has been printed, or told as lost
	parts parts  // of a line that may yet be drawn over
}

// printedName is what stands before a line of a process and level.
type printedName struct {
	width int // of the names, when this was made
	text  string
}

// maxNameWidth is how long a name may be before it is out of line.
const maxNameWidth = 20

// linePrinter returns a printer that leaves room for the longest name that may
// come: one of those asked for, or of all processes. It is an error to ask for what
// is not there, unless it may come yet.
func (p *program) linePrinter(f logsFlags, list func() (wire.ProcessList, error), names []string) (*linePrinter, error) {
	l := &linePrinter{p: p, flags: f}
	all, err := list()
	if err != nil {
		return nil, err
	}
	if err := checkThere(all, names); err != nil && !f.follow {
		return nil, err
	}
	for _, proc := range all.Processes {
		if len(names) == 0 || isOneOf(proc, names) {
			l.width = min(maxNameWidth, max(l.width, len(proc.ID)))
		}
	}
	return l, nil
}

// isOneOf reports whether a process goes by one of the names: its own, or that of
// the set of replicas that it is in.
func isOneOf(proc wire.Process, names []string) bool {
	set, _, _ := strings.Cut(proc.ID, "#")
	return slices.Contains(names, proc.ID) || slices.Contains(names, set)
}

// checkThere refuses names that are not those of processes; a filter takes any.
func checkThere(list wire.ProcessList, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(list.Processes, func(p wire.Process) bool { return isOneOf(p, []string{name}) }) {
			return &codeError{exitAnswered, fmt.Errorf("there is no process %q; `brummer-rpc ps` names those there are", name)}
		}
	}
	return nil
}

// areThere is checkThere for who has not asked for the list.
func (c *client) areThere(ctx context.Context, names []string) error {
	if len(names) == 0 {
		return nil
	}
	list, err := ask[wire.ProcessList](ctx, c, "process/list", wire.None{})
	if err != nil {
		return err
	}
	return checkThere(list, names)
}

// batch prints lines and, before them, how many are missing there. The error is
// that of writing: a pager that has been left.
func (l *linePrinter) batch(gap *wire.Gap, lines []wire.Line) error {
	l.buf = l.buf[:0]
	if gap != nil {
		l.gap(gap)
	}
	for i := range lines {
		l.line(&lines[i], []byte(lines[i].Text))
	}
	_, err := l.p.stdout.Write(l.buf)
	return err
}

// columns is batch for the params of logs/lines in columns.
func (l *linePrinter) columns(params []byte) error {
	l.buf = l.buf[:0]
	last, err := l.read.Read(params, l.gap, l.line)
	if err != nil {
		return err
	}
	l.last = max(l.last, last)
	_, err = l.p.stdout.Write(l.buf)
	return err
}

// objects is batch for the params of logs/lines as objects.
func (l *linePrinter) objects(params []byte) error {
	var m wire.LinesObjects
	if err := gojson.Unmarshal(params, &m); err != nil {
		return err
	}
	return l.batch(m.Gap, m.Lines)
}

func (l *linePrinter) gap(gap *wire.Gap) {
	l.parts = parts{}
	if l.flags.json {
		text, err := wire.Encode(wire.LogGap{Gap: gap})
		if err != nil {
			panic("BUG: " + err.Error())
		}
		l.buf = append(append(l.buf, text...), '\n')
		return
	}
	most := ""
	if gap.Filtered {
		most = "up to "
	}
	l.buf = fmt.Appendf(l.buf, "%s\n", l.p.paint(fmt.Sprintf("… %s%d lines are gone (%s)", most, gap.Count, gap.Reason), "33"))
}

func (l *linePrinter) line(line *wire.Line, text []byte) {
	if l.flags.json {
		l.buf = append(wire.AppendLine(l.buf, line, text), '\n')
		return
	}
	if l.goesOn(line, text) {
		return
	}
	from := len(l.buf)
	if l.flags.timestamps {
		l.buf = time.UnixMilli(line.T).AppendFormat(l.buf, "15:04:05.000 ")
	}
	if !l.flags.bare {
		l.buf = append(l.buf, l.name(line)...)
	}
	if line.Fields != nil {
		l.pretty(line)
		return
	}
	l.buf = append(l.buf, text...)
	if l.p.colours() && bytes.IndexByte(text, '\x1b') >= 0 {
		l.buf = append(l.buf, "\x1b[0m"...) // or a colour left on would run on
	}
	l.buf = append(l.buf, '\n')
	if line.Partial {
		l.part(line, l.buf[from:])
	}
}

// name is what stands before the text of a line. It is kept: there are many lines,
// and few names.
func (l *linePrinter) name(line *wire.Line) string {
	l.width = min(maxNameWidth, max(l.width, len(line.Process)))
	key := [2]string{line.Process, line.Level}
	if n, ok := l.names[key]; ok && n.width == l.width {
		return n.text
	}
	text := l.padded(line.Process) + l.p.paint(" | ", levelColours[line.Level])
	if l.names == nil || len(l.names) > maxNames {
		l.names = map[[2]string]printedName{}
	}
	l.names[key] = printedName{l.width, text}
	return text
}

// head is what stands before something about a process that is no line: as before
// a line, the time, if that is wanted, and the name.
func (l *linePrinter) head(t time.Time, name string) string {
	l.parts = parts{}
	l.width = min(maxNameWidth, max(l.width, len(name)))
	if l.flags.timestamps {
		return t.Format("15:04:05.000 ") + l.padded(name)
	}
	return l.padded(name)
}

func (l *linePrinter) padded(name string) string {
	return l.p.paint(name+strings.Repeat(" ", max(0, l.width-len(name))), nameColour(name))
}

// maxNames bounds what is kept of names.
const maxNames = 1000

// levelColours paint the bar between name and text, where they matter.
var levelColours = map[string]string{"warn": "33", "error": "31", "fatal": "1;31", "debug": "90", "trace": "90"}

// nameColour gives each name one of six colours, always the same.
func nameColour(name string) string {
	h := fnv.New32a()
	h.Write([]byte(name))
	return fmt.Sprint(31 + h.Sum32()%6)
}
