package engine

import (
	"fmt"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// Options configure an [Engine]. Zero values mean the defaults.
type Options struct {
	Root      string        // absolute folder of the workspace; required
	LogBudget int64         // bytes of output kept
	MaxLine   int           // bytes of one record
	Grace     time.Duration // between asking a process to end and killing it

	Guard *guard.Command // how to run the program as the guard of the processes; nil for none

	Detection Detection // what is looked for in the output
	Matchers  []string  // files with the user's problem matchers; see [diagnose.Load]

	UserConfig string // path of the user's own configuration; "" for none

	Logf func(format string, args ...any) // the program's own log; nil for none
}

// Detection says whether output is looked at; "" means [DetectionOn].
type Detection string

// The values of [Detection].
const (
	DetectionOn  Detection = "on"  // levels, problems, stacks, tests, builds, addresses
	DetectionOff Detection = "off" // output is stored as it comes, each line at level info
)

func (d Detection) check() error {
	switch d {
	case "", DetectionOn, DetectionOff:
		return nil
	}
	return fmt.Errorf("there is no detection %q: on, off", string(d))
}

func (d Detection) off() bool { return d == DetectionOff }

// Limits of what a user may set.
const (
	MinLogBudget = 1 << 20
	MaxMaxLine   = 128 << 10 // a record must fit into one message of 1 MiB, escaped
)

func (o Options) logBudget() int64 {
	if o.LogBudget == 0 {
		return logs.DefaultBudget
	}
	return max(o.LogBudget, MinLogBudget)
}

func (o Options) maxLine() int {
	if o.MaxLine <= 0 {
		return process.DefaultMaxLine
	}
	return min(o.MaxLine, MaxMaxLine)
}

func (o Options) grace() time.Duration {
	if o.Grace <= 0 {
		return process.DefaultGrace
	}
	return o.Grace
}

func (o Options) logf() func(string, ...any) {
	if o.Logf == nil {
		return func(string, ...any) {}
	}
	return o.Logf
}
