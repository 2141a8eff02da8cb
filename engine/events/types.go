package events

// Type is a kind of event.
type Type uint8

// The types of PROTOCOL section 5 that have a publisher.
const (
	ProcessStarted Type = iota
	ProcessExited
	NumTypes
)

var typeNames = [NumTypes]string{"process.started", "process.exited"}

func (t Type) String() string { return typeNames[t] }

// ParseType is the inverse of [Type.String]. A type that nothing publishes yet
// is unknown.
func ParseType(name string) (Type, bool) {
	for i, n := range typeNames {
		if n == name {
			return Type(i), true
		}
	}
	return 0, false
}

// Set is a set of types.
type Set [NumTypes]bool

// All has every type.
func All() (s Set) {
	for t := range s {
		s[t] = true
	}
	return s
}

// Event is one thing that happened. Data is one of the structs below.
type Event struct {
	Type    Type
	Time    int64  // milliseconds since the epoch
	Process string // "" if it is about no process
	Data    any
}

// Started is the Data of [ProcessStarted].
type Started struct {
	Run uint32
	PID int
}

// Exited is the Data of [ProcessExited].
type Exited struct {
	Run      uint32
	ExitCode int    // -1 if a signal ended it
	Signal   string // "" if it ended by itself
	FinalSeq uint64 // the number of its last log line; 0 if it wrote none
}
