package engine

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
)

// Explained is what a line was taken for, and why.
type Explained struct {
	Line    int
	Text    string // as a person sees it
	Tag     string // the name that a multiplexer put before it
	Level   string
	Said    bool     // the line itself says its level
	Classes []string // of facts that it may hold: which matchers were asked
	By      string   // the matcher that took it; "" if none did
	Found   []string // what is known since this line
}

// Tally counts what a log was taken for. What is told again counts once.
type Tally struct {
	Lines, ErrorLines, WarnLines int
	Problems, Stacks, Servers    int
	Tests, FailedTests           int

	seen map[string]bool
}

// count adds a finding.
func (t *Tally) count(tag string, f diagnose.Finding) {
	switch {
	case f.Problem != nil && t.first("problem", tag, f.Problem.Place.String(), f.Problem.Message):
		t.Problems++
	case f.Stack != nil && f.Stack.Final && t.first("stack", tag, strconv.FormatUint(f.Stack.First, 10)):
		t.Stacks++
	case f.Test != nil && t.first("test", tag, f.Test.Name):
		t.Tests++
		if f.Test.Status == diagnose.Failed {
			t.FailedTests++
		}
	}
}

// first reports whether something is told for the first time.
func (t *Tally) first(key ...string) bool {
	k := strings.Join(key, "\x00")
	if t.seen[k] {
		return false
	}
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	t.seen[k] = true
	return true
}

// line adds a line and its level.
func (t *Tally) line(x Explained) {
	t.Lines++
	switch x.Level {
	case "error", "fatal":
		t.ErrorLines++
	case "warn":
		t.WarnLines++
	}
}

// String says it for people.
func (t *Tally) String() string {
	return fmt.Sprintf("%d lines (errors %d, warnings %d); problems %d, stacks %d, tests %d (failed %d), servers %d",
		t.Lines, t.ErrorLines, t.WarnLines, t.Problems, t.Stacks, t.Tests, t.FailedTests, t.Servers)
}

// Explain runs a log through what the output of a process runs through, calls
// each for every line, and counts what was found. After the last line each may be
// called once more with Line 0, for what only the end of the log has shown.
func Explain(log io.Reader, matchers []diagnose.File, each func(Explained) error) (tally Tally, err error) {
	err = explainAll(log, matchers, &tally, each)
	return tally, err
}

func explainAll(log io.Reader, matchers []diagnose.File, tally *Tally, each func(Explained) error) error {
	rules, wrong := diagnose.Load(matchers)
	for _, err := range wrong {
		if !errors.As(err, &diagnose.Unkept{}) {
			return errors.Join(wrong...)
		}
		if err := each(Explained{Found: []string{"note: " + err.Error()}}); err != nil {
			return err
		}
	}
	scanner, stream := detect.Scanner{Literals: rules.Literals()}, diagnose.NewStream(rules)
	found := func() (list []string) {
		stream.Take(func(tag string, f diagnose.Finding) {
			list = append(list, f.String())
			tally.count(tag, f)
		})
		return list
	}
	in := bufio.NewReaderSize(log, process.DefaultMaxLine)
	for n := 1; ; n++ {
		raw, err := in.ReadSlice('\n')
		for errors.Is(err, bufio.ErrBufferFull) { // the rest of a line over the cap is not looked at
			raw = slices.Clone(raw)
			_, err = in.ReadSlice('\n')
		}
		if len(raw) > 0 {
			x := explain(&scanner, stream, tally, n, raw, found)
			tally.line(x)
			if err := each(x); err != nil {
				return err
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	stream.Flush()
	if list := found(); list != nil {
		return each(Explained{Found: list})
	}
	return nil
}

func explain(scanner *detect.Scanner, stream *diagnose.Stream, tally *Tally, n int, raw []byte, found func() []string) Explained {
	l := scanner.Scan(raw)
	x := Explained{Line: n, Text: string(l.Full), Tag: string(l.Tag), Said: l.Said, Classes: l.Class.Names()}
	x.Level = stream.Line(l, uint64(n)).String()
	x.By, x.Found = stream.Why(), found()
	if l.Class&detect.Address != 0 {
		for _, u := range detect.AppendURLs(nil, l) {
			x.Found = append(x.Found, "address "+u.Text+": "+judge(u))
			if u.Local && !u.Target && tally.first("server", u.Text) {
				tally.Servers++
			}
		}
	}
	if l.Class&detect.Address != 0 && detect.Port(l) != 0 {
		x.Found = append(x.Found, "a hint that a port is open")
	}
	return x
}

func judge(u detect.URL) string {
	switch {
	case u.Target:
		return "a link: somebody asks for it, or could not reach it"
	case u.Local:
		return "a server, verified once the process listens there"
	}
	return "a link: another machine's"
}
