// Package model predicts what designs cost, from what their parts cost: pure
// functions with their constants beside them. It measures nothing; the report
// sets each prediction against a measurement and says how wrong it was.
package model

import "time"

// What primitives cost, in ns: medians measured with Go 1.26 on two x86-64 cores
// before this project began. On another machine all of them move, and so do the
// predictions; their ratios move little.
const (
	Mutex          = 4.4 // lock and unlock, uncontended
	AtomicLoad     = 0.6
	Copy64         = 8   // a record of a cache line and its pointers into a ring
	GoroutineStart = 290 // start and wait
	ChannelHop     = 28  // send and receive
	CallbackHold   = 500 // a callback under a lock: a line is looked at, lower-cased and handed on
)

// HeapMin is the heap below which Go does not collect: 4 MiB at GOGC=100
// (runtime/mgcpacer.go, heapMinimum).
const HeapMin = 4 << 20

// PublishByGoroutines is the cost of an event, in ns, if each handler gets a
// goroutine of its own: it grows with the handlers.
func PublishByGoroutines(handlers int) float64 { return float64(handlers) * GoroutineStart }

// PublishByPool is the cost of an event, in ns, if it is copied into a ring under
// a lock and somebody may have to be woken: it does not depend on the handlers.
func PublishByPool() float64 { return Mutex + Copy64 + 3*AtomicLoad }

// Drain is how long workers take to give so many events to so many handlers that
// each take their time: all work, divided by those who do it.
func Drain(events, handlers, workers int, handler time.Duration) time.Duration {
	return time.Duration(events) * time.Duration(handlers) * handler / time.Duration(workers)
}

// PeakGoroutines is how many goroutines there are if every event of a flood
// starts one for each handler before the first has ended.
func PeakGoroutines(events, handlers int) float64 { return float64(events) * float64(handlers) }

// Load is one kind of work that holds a lock: so often a second, for so many ns.
type Load struct {
	PerSecond float64
	HoldNs    float64
}

// Blocked is the share of time for which a lock is held, and so the share of
// arrivals that find it held if they come at random (an M/G/1 queue's
// utilisation; Poisson arrivals see time averages).
func Blocked(loads ...Load) (share float64) {
	for _, l := range loads {
		share += l.PerSecond * l.HoldNs / 1e9
	}
	return min(1, share)
}

// Collections is how many garbage collections there are a second, if so many
// bytes are allocated a second and so many stay: the heap may grow from what is
// live to twice that, or to HeapMin, before the next one (GOGC=100).
func Collections(bytesPerSecond, live float64) float64 {
	goal := max(HeapMin, 2*live)
	return bytesPerSecond / (goal - live)
}
