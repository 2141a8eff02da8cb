package events

import "math/bits"

// Type is a kind of event.
type Type uint8

// The types of PROTOCOL section 5 whose rooms exist.
const (
	ProcessStarted Type = iota
	ProcessReady
	ProcessExited
	ProcessRestarting
	LogLine // published only while somebody asks for it: see Pool.Wants
	ErrorDetected
	BuildEvent
	TestPassed
	TestFailed
	URLDetected
	ClientConnected
	ClientDisconnected
	MCPConnected
	MCPDisconnected
	MCPActivity
	EngineGap // to a handler: events were lost before it could read them
	PortConflict
	ProxyRequest
	TelemetryError
	NumTypes
)

var typeNames = [NumTypes]string{
	ProcessStarted:     "process.started",
	ProcessReady:       "process.ready",
	ProcessExited:      "process.exited",
	ProcessRestarting:  "process.restarting",
	LogLine:            "log.line",
	ErrorDetected:      "error.detected",
	BuildEvent:         "build.event",
	TestPassed:         "test.passed",
	TestFailed:         "test.failed",
	URLDetected:        "url.detected",
	ClientConnected:    "client.connected",
	ClientDisconnected: "client.disconnected",
	MCPConnected:       "mcp.connected",
	MCPDisconnected:    "mcp.disconnected",
	MCPActivity:        "mcp.activity",
	EngineGap:          "engine.gap",
	PortConflict:       "port.conflict",
	ProxyRequest:       "proxy.request",
	TelemetryError:     "telemetry.error",
}

func (t Type) String() string { return typeNames[t] }

// ParseType is the inverse of [Type.String]. A type of a room that does not
// exist yet is unknown.
func ParseType(name string) (Type, bool) {
	for i, n := range typeNames {
		if n == name {
			return Type(i), true
		}
	}
	return 0, false
}

// Set is a set of types, a bit for each.
type Set uint32

// Of is the set of these types.
func Of(types ...Type) (s Set) {
	for _, t := range types {
		s |= 1 << t
	}
	return s
}

// All has every type but [LogLine], which is had only by its name.
func All() Set { return (1<<NumTypes - 1) &^ Of(LogLine) }

// Has reports whether t is in the set.
func (s Set) Has(t Type) bool { return s>>t&1 != 0 }

// each calls f with every type of the set.
func (s Set) each(f func(Type)) {
	for ; s != 0; s &= s - 1 {
		f(Type(bits.TrailingZeros32(uint32(s))))
	}
}
