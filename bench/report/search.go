package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// searchColumns are what a query takes, and beside it what others take for the
// same lines. %s is the number of lines and the query, as "lines=1M/rare".
var searchColumns = []struct{ head, benchmark, metric string }{
	{"cold", "BenchmarkSearch/%s/brummer", "ns/op"},
	{"a page again", "BenchmarkSearchAgain/%s/same/brummer", "ns/op"},
	{"all counted again", "BenchmarkSearchAgain/%s/count/brummer", "ns/op"},
	{"a page while lines arrive", "BenchmarkSearchAgain/%s/arriving/brummer", "p50-ns"},
	{"remembered", "BenchmarkSearchAgain/%s/count/brummer", "cache-KiB"},
	{"IndexByte", "BenchmarkSearch/%s/indexbyte", "ns/op"},
	{"IndexByte, every core", "BenchmarkSearch/%s/indexbyte-cores", "ns/op"},
	{"ripgrep", "BenchmarkSearch/%s/rg", "ns/op"},
	{"Go's regexp", "BenchmarkSearch/%s/regexp", "ns/op"},
	{"ToLower and Contains", "BenchmarkSearch/%s/tolower", "ns/op"},
}

// WriteSearch writes the table of searches from a run of BenchmarkSearch and
// BenchmarkSearchAgain: o.Run into o.Out.
func WriteSearch(o Options) error {
	f, err := figuresOf(o.Run)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "# What a search takes\n\nMedians, measured on %s, %s (%s), and written by `make bench-search`. Lines have 106 bytes. ", o.Machine, o.Date, o.Commit)
	fmt.Fprint(&text, "*Cold* counts all hits and gives the newest hundred, with nothing remembered; a *page* is the newest hundred, of a query that was asked before. "+
		"Between two searches *while lines arrive* come ten lines. The yardsticks look through the same bytes: in memory, and ripgrep in a file that is in the kernel's cache")
	if start, err := f.median("BenchmarkSearch/start/rg", "ns/op"); err == nil {
		fmt.Fprintf(&text, "; %s of ripgrep's time is its start", duration(start))
	}
	fmt.Fprint(&text, ". Where other work ran on the machine, what uses every core had less than that: read ratios within a row.\n")
	f.writeGoals(&text)
	f.writeMemory(&text)
	for _, lines := range searchSizes(f) {
		f.writeSearches(&text, lines)
	}
	return os.WriteFile(o.Out, text.Bytes(), 0o666)
}

// writeMemory says what lines take, and what it costs to remember what was found.
func (f Figures) writeMemory(w io.Writer) {
	fmt.Fprint(w, "\n## Memory\n\n")
	for _, of := range []struct{ benchmark, says string }{
		{"BenchmarkAppendHeap/batch=600/brummer", "A byte of text in lines of 100 takes %.2f bytes of the heap, tables and index included, when they are read 64 KiB at a time"},
		{"BenchmarkAppendHeap/batch=1/brummer", ", and %.2f when they come one by one"},
	} {
		if v, err := f.median(of.benchmark, "heap/text"); err == nil {
			fmt.Fprintf(w, of.says, v)
		}
	}
	fmt.Fprint(w, ". What is remembered of searches is bounded: 16 MiB of matches, and beside them 2 MiB of last answers and, of each of the latest 32 queries, a bit for each segment. The tables below say what each query takes of it, and the time it saves: the difference between *cold* and *again*.\n")
	first, err1 := f.median("BenchmarkSearchFirst/lines=1M/brummer", "ns/op")
	forgetful, err2 := f.median("BenchmarkSearchFirst/lines=1M/forgetful", "ns/op")
	if err1 == nil && err2 == nil {
		fmt.Fprintf(w, "\nThe first search for a text in a million lines takes %s with that memory and %s without.\n", duration(first), duration(forgetful))
	}
}

// searchSizes are the numbers of lines in the run, the smallest first.
func searchSizes(f Figures) []string {
	var out []string
	for _, lines := range []string{"10k", "100k", "1M", "10M"} {
		if len(f.queries(lines)) > 0 {
			out = append(out, lines)
		}
	}
	return out
}

func (f Figures) writeSearches(text *bytes.Buffer, lines string) {
	fmt.Fprintf(text, "\n## %s lines\n\n| query |", lines)
	for _, c := range searchColumns {
		fmt.Fprintf(text, " %s |", c.head)
	}
	fmt.Fprintf(text, "\n| --- |%s\n", strings.Repeat(" --- |", len(searchColumns)))
	for _, query := range f.queries(lines) {
		fmt.Fprintf(text, "| %s |", query)
		for _, c := range searchColumns {
			name := fmt.Sprintf(c.benchmark, "lines="+lines+"/"+query)
			if v, err := f.median(name, c.metric); err == nil && c.metric == "cache-KiB" {
				fmt.Fprintf(text, " %.1f KiB |", v)
			} else if err == nil {
				fmt.Fprintf(text, " %s |", duration(v))
			} else {
				fmt.Fprint(text, " |") // not measured: it would take too long, or can't do it
			}
		}
		fmt.Fprintln(text)
	}
}

// queries are those that were searched in so many lines.
func (f Figures) queries(lines string) []string {
	var out []string
	for name := range f.samples {
		rest, ok := strings.CutPrefix(name, "BenchmarkSearch/lines="+lines+"/")
		if query, found := strings.CutSuffix(rest, "/brummer"); ok && found {
			out = append(out, query)
		}
	}
	slices.Sort(out)
	return out
}
