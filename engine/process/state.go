package process

import "fmt"

// State is where a process is in its life; PROTOCOL section 3 has the meanings.
type State uint8

// The states. The zero value is that of an entry that was never started.
const (
	Idle     State = iota // not yet started; never published
	Starting              // being spawned
	Running
	Stopping // the set is being ended
	Stopped  // ended because somebody asked
	Exited   // ended by itself with code 0
	Failed   // ended by itself otherwise, or could not be spawned
)

var stateNames = [...]string{"idle", "starting", "running", "stopping", "stopped", "exited", "failed"}

func (s State) String() string { return stateNames[s] }

// Active reports whether the process has a run that is not over.
func (s State) Active() bool { return s == Starting || s == Running || s == Stopping }

// Ended reports whether the last run is over.
func (s State) Ended() bool { return s == Stopped || s == Exited || s == Failed }

// transitions lists what may follow each state; anything else is a bug here.
var transitions = map[State][]State{
	Idle:     {Starting},
	Starting: {Running, Failed},
	Running:  {Stopping, Exited, Failed},
	Stopping: {Stopped},
	Stopped:  {Starting},
	Exited:   {Starting},
	Failed:   {Starting},
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
// From the low end: state (8 bits), unused (24), run (32).
type word uint64

func packWord(s State, run uint32) word { return word(s) | word(run)<<32 }

func (w word) state() State { return State(w & 0xff) }
func (w word) run() uint32  { return uint32(w >> 32) }
