package process

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Ready says how to tell that a process is ready: all parts that are given must
// hold together.
type Ready struct {
	Log *regexp.Regexp // a line of its output matches; nil for none
	Checks
	Interval time.Duration // between two looks; default 500 ms
	Timeout  time.Duration // then it is said to be late, which fails those that wait for it; default 60 s
}

// String says for people what is waited for: "port 5173 and http://localhost:5173/".
func (r *Ready) String() string {
	var parts []string
	add := func(is bool, text string) {
		if is {
			parts = append(parts, text)
		}
	}
	if r.Log != nil {
		parts = append(parts, fmt.Sprintf("a line that matches %q", r.Log))
	}
	if r.Port != nil && *r.Port != 0 {
		parts = append(parts, fmt.Sprintf("port %d", *r.Port))
	}
	add(r.Port != nil && *r.Port == 0, "a port of its own")
	add(r.TCP != "", r.TCP)
	add(r.HTTP != "", r.HTTP)
	add(r.Exec != nil, "a command that checks it")
	return strings.Join(parts, " and ")
}

// Live says how to tell that a process, once it is ready, still works: all parts
// that are given must hold together. One that fails too often in a row is ended;
// that counts as a failure, so its restart policy says what follows.
type Live struct {
	Checks
	Interval time.Duration // between two looks; default 10 s
	Timeout  time.Duration // of one look; default 5 s
	Failures int           // how many in a row end it; default 3
}

// Checks are what is asked of the world about a process.
type Checks struct {
	TCP  string // HOST:PORT takes a connection
	HTTP string // a GET of this URL is answered with a status from 200 to 399
	Exec *Exec  // this command ends with code 0
	Port *int   // the process or a descendant listens on this port; 0 is any
}

// Exec is a command that checks something, in the folder and environment of the
// process.
type Exec struct {
	Shell string   // a command line for the shell, or
	Args  []string // a program and its arguments
}

// The defaults of [Ready] and [Live].
const (
	DefaultReadyInterval = 500 * time.Millisecond
	DefaultReadyTimeout  = time.Minute
	DefaultLiveInterval  = 10 * time.Second
	DefaultLiveTimeout   = 5 * time.Second
	DefaultLiveFailures  = 3
)

// minInterval keeps a rule from taking a core.
const minInterval = 10 * time.Millisecond

func (r *Ready) interval() time.Duration { return orDefault(r.Interval, DefaultReadyInterval) }
func (r *Ready) timeout() time.Duration  { return orDefault(r.Timeout, DefaultReadyTimeout) }
func (l *Live) interval() time.Duration  { return orDefault(l.Interval, DefaultLiveInterval) }
func (l *Live) timeout() time.Duration   { return orDefault(l.Timeout, DefaultLiveTimeout) }
func (l *Live) failures() int            { return orDefault(l.Failures, DefaultLiveFailures) }
