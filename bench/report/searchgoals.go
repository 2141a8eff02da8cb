package report

import (
	"fmt"
	"io"
	"strings"
)

// searchGoal is what searches should take, of some queries in some numbers of lines.
type searchGoal struct {
	what      string
	sizes     string // as "1M 10M"
	queries   string // "": all
	figure    string // benchmark, with %s as in searchColumns
	metric    string
	yardstick string  // divides the figure; "": none
	limit     float64 // of the quotient, or in nanoseconds
}

var searchGoals = []searchGoal{
	{"cold, few hits: the time in which memory is read", "10k 100k 1M 10M", "rare absent folded", "BenchmarkSearch/%s/brummer", "ns/op", "BenchmarkSearch/%s/indexbyte", 2},
	{"cold, few hits: ripgrep's time", "1M", "rare absent folded", "BenchmarkSearch/%s/brummer", "ns/op", "BenchmarkSearch/%s/rg", 0.5},
	{"a hard expression: ripgrep's time", "10k 100k 1M 10M", "regexp-hard", "BenchmarkSearch/%s/brummer", "ns/op", "BenchmarkSearch/%s/rg", 1},
	{"a text in what took the seed 24 ms", "10k", "rare absent percent folded", "BenchmarkSearch/%s/brummer", "ns/op", "", 80_000},
	{"an expression in what took the seed 68 ms", "10k", "regexp-literal regexp-hard", "BenchmarkSearch/%s/brummer", "ns/op", "", 2_500_000},
	{"a page again", "10k 100k 1M", "", "BenchmarkSearchAgain/%s/same/brummer", "ns/op", "", 10_000},
	{"a page again", "10M", "", "BenchmarkSearchAgain/%s/same/brummer", "ns/op", "", 60_000},
	{"a page while lines arrive, median", "10k 100k 1M 10M", "", "BenchmarkSearchAgain/%s/arriving/brummer", "p50-ns", "", 2_000},
}

// writeGoals writes for each goal the query that is furthest from it.
func (f Figures) writeGoals(w io.Writer) {
	fmt.Fprint(w, "\n## The goals\n\nOf each the query that is furthest from it.\n\n| goal | lines | measured | limit | |\n| --- | --- | --- | --- | --- |\n")
	for _, g := range searchGoals {
		for size := range strings.FieldsSeq(g.sizes) {
			query, value, ok := f.furthest(g, size)
			if !ok {
				continue // not in this run
			}
			verdict := "met"
			if value > g.limit {
				verdict = "**missed**"
			}
			fmt.Fprintf(w, "| %s | %s | %s: %s | %s | %s |\n", g.what, size, query, g.format(value), g.format(g.limit), verdict)
		}
	}
}

func (g *searchGoal) format(value float64) string {
	if g.yardstick != "" {
		return fmt.Sprintf("%.2f", value)
	}
	return duration(value)
}

// furthest returns the query of a goal with the largest value in so many lines.
func (f Figures) furthest(g searchGoal, size string) (query string, largest float64, ok bool) {
	queries := strings.Fields(g.queries)
	if len(queries) == 0 {
		queries = f.queries(size)
	}
	for _, q := range queries {
		name := "lines=" + size + "/" + q
		value, err := f.median(fmt.Sprintf(g.figure, name), g.metric)
		if err != nil {
			continue
		}
		if g.yardstick != "" {
			by, err := f.median(fmt.Sprintf(g.yardstick, name), "ns/op")
			if err != nil {
				continue
			}
			value /= by
		}
		if !ok || value > largest {
			query, largest, ok = q, value, true
		}
	}
	return query, largest, ok
}
