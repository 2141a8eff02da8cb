package workload

import (
	"bufio"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// filler makes a line about as long as those of a real server, 106 bytes.
const filler = ` level=info msg="request served" path=/api/items status=200 took=12ms`

// Child is a process of the workload: it writes lines, each with its number and
// the time at which it was written, and serves pages if asked to. It ends when
// all lines are written. It returns its exit code.
func Child(args []string) int {
	flags := flag.NewFlagSet("child", flag.ContinueOnError)
	count := flags.Int("lines", 0, "lines to write")
	every := flags.Duration("every", time.Second, "time between two")
	after := flags.Duration("after", 0, "time before the first")
	serve := flags.Bool("serve", false, "serve pages on a free port and say where")
	if flags.Parse(args) != nil {
		return 2
	}
	if *serve {
		if err := servePages(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	time.Sleep(*after)
	begun := time.Now()
	for i := range *count {
		time.Sleep(time.Until(begun.Add(time.Duration(i) * *every)))
		if _, err := fmt.Printf("%d %d%s\n", i, time.Now().UnixNano(), filler); err != nil {
			return 1
		}
	}
	if *serve {
		time.Sleep(linger)
	}
	return 0
}

// linger is for how long pages are served after the last line: a request may be
// under way.
const linger = 2 * time.Second

// parseLine is the number and the time of a line that a child has written.
func parseLine(text string) (n int, at time.Time, ok bool) {
	number, rest, _ := strings.Cut(text, " ")
	stamp, _, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0, time.Time{}, false
	}
	ns, err := strconv.ParseInt(stamp, 10, 64)
	return n, time.Unix(0, ns), err == nil
}

const urlMark = "serving "

// servePages serves a page of 10 KB on loopback until the process ends.
func servePages() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	page := "<!doctype html><html><body>" + strings.Repeat("<p>the quick brown fox</p>", 400) + "</body></html>"
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		out := bufio.NewWriter(w)
		defer out.Flush()
		out.WriteString(page)
	}))
	fmt.Printf("%shttp://%s/\n", urlMark, l.Addr())
	return nil
}
