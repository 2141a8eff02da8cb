package process

import "fmt"

// State is where a process is in its life; PROTOCOL section 3 has the meanings.
type State uint8

// The states. The zero value is that of an entry that was never started.
const (
	Idle     State = iota // not yet started; never published
	Pending               // waits for its dependencies
	Starting              // being spawned
	Running
	Stopping // the set is being ended, or waits for those that depend on it
	Backoff  // has ended, and waits to be started again
	Stopped  // ended because somebody asked
	Exited   // ended by itself with code 0
	Failed   // ended by itself otherwise, could not be spawned, or was given up
	numStates
)

var stateNames = [numStates]string{"idle", "pending", "starting", "running", "stopping", "backoff", "stopped", "exited", "failed"}

func (s State) String() string { return stateNames[s] }

// Alive reports whether the process has a run that is not over.
func (s State) Alive() bool { return s == Starting || s == Running || s == Stopping }

// Active reports whether the process goes on by itself: it has a run, or waits
// for one.
func (s State) Active() bool { return s.Alive() || s == Pending || s == Backoff }

// Ended reports whether the process is over unless somebody starts it.
func (s State) Ended() bool { return s == Stopped || s == Exited || s == Failed }

// transitions lists what may follow each state; anything else is a bug here.
//
//	        +-------> Pending ----+-> Stopped      a stop takes a start back
//	        |            |        +-> Failed       a dependency has failed
//	Idle ---+            v
//	        +------> Starting ------> Failed       could not be spawned
//	        |            |
//	        |            v
//	        |         Running --> Exited, Failed
//	        |            |             |
//	        |            v             v
//	        |        Stopping       Backoff -----> Stopped
//	        |            |             |
//	        |            v             |
//	        |   Stopped, Failed        |           Failed: it was ended for its liveness
//	        |            |             |
//	        +------------+-------------+
var transitions = [numStates][]State{
	Idle:     {Pending, Starting},
	Pending:  {Starting, Stopped, Failed},
	Starting: {Running, Failed},
	Running:  {Stopping, Exited, Failed},
	Stopping: {Stopped, Failed},
	Backoff:  {Pending, Starting, Stopped},
	Stopped:  {Pending, Starting},
	Exited:   {Pending, Starting, Backoff},
	Failed:   {Pending, Starting, Backoff},
}

func checkTransition(id string, from, to State) {
	for _, s := range transitions[from] {
		if s == to {
			return
		}
	}
	panic(fmt.Sprintf("BUG: process %s: %s -> %s is no transition", id, from, to))
}

// word packs the hot part of a process: what a status check needs most often.
// From the low end: state (8 bits), ready (1), unused (23), run (32).
type word uint64

const readyBit word = 1 << 8

func packWord(s State, ready bool, run uint32) word {
	w := word(s) | word(run)<<32
	if ready {
		w |= readyBit
	}
	return w
}

func (w word) state() State { return State(w & 0xff) }
func (w word) ready() bool  { return w&readyBit != 0 }
func (w word) run() uint32  { return uint32(w >> 32) }
