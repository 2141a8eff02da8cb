// Command report writes docs/performance.md from a run of the benchmarks that has
// been kept; with -search the table of searches, docs/performance/search.md. `make
// bench-report` and `make bench-search` make the run first.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/machine"
	"github.com/brummer-rpc/brummer-rpc/bench/report"
)

func main() {
	o := report.Options{Machine: machine.Name(), Date: time.Now().Format("2 January 2006"), Commit: commit()}
	flag.StringVar(&o.Run, "run", "bench/baselines/report.txt", "output of go test -bench")
	flag.StringVar(&o.Rows, "rows", "bench/projections.toml", "the rows of the table")
	flag.StringVar(&o.Out, "out", "docs/performance.md", "the report; its diagrams go into the folder of the same name")
	search := flag.Bool("search", false, "write the table of searches")
	flag.Parse()
	write := report.Write
	if *search {
		write = report.WriteSearch
	}
	if err := write(o); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
