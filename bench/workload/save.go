package workload

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/chart"
	"github.com/brummer-rpc/brummer-rpc/bench/machine"
)

// Save writes the report and the plot into a folder: workload-1x.md and .svg.
func (r *Result) Save(dir string) error {
	name := filepath.Join(dir, fmt.Sprintf("workload-%dx", r.Options.Factor))
	if err := r.plot(name + ".svg"); err != nil {
		return err
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "<!-- written by `make workload`; DO NOT EDIT. -->\n%s, %s.\n\n", time.Now().Format("2 January 2006"), machine.Name())
	r.Write(&text)
	fmt.Fprintf(&text, "\n![latency, memory and goroutines over the session](%s)\n", filepath.Base(name)+".svg")
	return os.WriteFile(name+".md", text.Bytes(), 0o666)
}

func (r *Result) plot(file string) error {
	line := func(name, figure string, scale float64) chart.Line {
		l := chart.Line{Name: name}
		for _, p := range r.Points {
			if v, ok := p.Figures[figure]; ok && p.Second <= r.Options.Duration.Seconds() {
				l.X, l.Y = append(l.X, p.Second), append(l.Y, v*scale)
			}
		}
		return l
	}
	return chart.Lines(file, "seconds",
		chart.Panel{Title: "p95 of each second, us", Log: true, Lines: []chart.Line{
			line("event", "event p95 us", 1), line("status", "process/status p95 us", 1), line("line", "line p95 us", 1),
		}},
		chart.Panel{Title: "heap, MiB", Lines: []chart.Line{
			line("live", "brummer_runtime_heap_live_bytes", 1.0/(1<<20)), line("besides what is kept", "heap besides", 1.0/(1<<20)), line("with garbage", "brummer_runtime_heap_bytes", 1.0/(1<<20)),
		}},
		chart.Panel{Title: "goroutines", Lines: []chart.Line{line("goroutines", "brummer_runtime_goroutines", 1)}},
		chart.Panel{Title: "lines a second", Lines: []chart.Line{line("lines", "lines", 1)}},
	)
}
