package workload

import "time"

// The session that the seed of this project describes, by its rates.
const (
	Processes       = 8
	LinesPerSecond  = 200 // of all processes
	EventsPerSecond = 50  // starts and ends of short-lived processes
	StatusPerSecond = 10  // for each process
	PagesPerSecond  = 25  // HTTP requests
)

// Options say how long and how hard. The zero value is not usable.
type Options struct {
	Binary   string        // brummer-rpc
	Child    []string      // the command that calls [Child]
	Duration time.Duration // of the load; a few seconds come before and after
	Factor   int           // times the seed's rates
	Progress func(string)  // is told how it goes, every few seconds
}

// lines is how many each process writes in all.
func (o Options) lines() int {
	return int(o.Duration.Seconds() * float64(LinesPerSecond*o.Factor) / Processes)
}

// every is the time between two of so many a second.
func (o Options) every(perSecond int) time.Duration {
	return time.Second / time.Duration(perSecond*o.Factor)
}
