// Command worker works off a list of jobs and talks about it in every way that a
// terminal program does: colours, a progress bar, warnings, stack traces.
//
// It handles no signals on purpose: SIGTERM ends it as a signal does, which is
// what a supervisor should then report, unlike the web server's exit code 0.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"example.com/shop/internal/price"
)

// Colours are the SGR sequences that a log viewer shows or strips.
const (
	green = "\x1b[32m"
	red   = "\x1b[1;31m"
	plain = "\x1b[0m"
)

// job is an order to be priced.
type job struct {
	id   int
	item string
	n    []int // pieces, per address
}

// jobs makes the list of one round. The fifth of each five has no addresses,
// which price does not expect: it fails always, and always in the same place.
func jobs(round int) []job {
	var list []job
	for i, item := range []string{"tea", "coffee", "cup", "tea", "coffee", "cup", "tea", "coffee", "cup", "tea"} {
		j := job{id: round*10 + i + 1, item: item, n: []int{i + 1, 2}}
		if j.id%5 == 0 {
			j.n = nil
		}
		list = append(list, j)
	}
	return list
}

func main() {
	rounds := flag.Int("rounds", 1, "how often to go through the ten jobs; 0 = for ever")
	pace := flag.Duration("pace", 100*time.Millisecond, "time per step")
	fail := flag.Bool("fail", os.Getenv("WORKER_FAIL") == "1", "exit with 1 at the first job that fails (or WORKER_FAIL=1)")
	flag.Parse()

	for round := 0; *rounds == 0 || round < *rounds; round++ {
		for _, j := range jobs(round) {
			if err := run(j, *pace); err != nil {
				fmt.Fprintf(os.Stderr, "%sERROR%s job %d: %v\n", red, plain, j.id, err)
				if *fail {
					os.Exit(1)
				}
			}
		}
	}
	fmt.Println("all jobs done")
}

// run does one job. A panic in it becomes an error, and its stack trace is
// printed as the runtime would; with WORKER_CRASH=1 the runtime does that
// itself, and the process ends with exit code 2.
func run(j job, pace time.Duration) (err error) {
	if os.Getenv("WORKER_CRASH") != "1" {
		defer func() {
			if p := recover(); p != nil {
				fmt.Fprintf(os.Stderr, "panic: %v [recovered]\n\n%s", p, debug.Stack())
				err = errors.New("gave up")
			}
		}()
	}
	fmt.Printf("job %d: %s\n", j.id, j.item)
	progress(pace)
	first, err := cost(j)
	if err != nil {
		return err
	}
	if j.n[0] >= 10 || j.id%4 == 0 {
		fmt.Fprintf(os.Stderr, "WARN job %d: a large order (%d pieces)\n", j.id, j.n[0])
	}
	fmt.Printf("%sdone%s job %d: %v\n", green, plain, j.id, first)
	return nil
}

// cost prices what goes to the first address; that there is one is the mistake.
func cost(j job) (price.Cents, error) {
	return price.Of(j.item, j.n[0])
}

// progress draws a bar that a carriage return takes back at each step, so that
// the one line which remains is the last of five.
func progress(pace time.Duration) {
	const steps = 5
	for i := 1; i <= steps; i++ {
		fmt.Printf("\r[%s%s] %d%%", strings.Repeat("#", i), strings.Repeat(".", steps-i), 100*i/steps)
		time.Sleep(pace)
	}
	fmt.Println()
}
