// Package workload plays a developer's busy hour to the real program, over a real
// pipe: processes that log, processes that come and go, a client that follows,
// asks and fetches pages. It measures what the client sees and what the engine
// says of itself; it judges only what must be exact, such as that no line is lost.
//
//	Run -> brummer-rpc (stdin, stdout) -> 8 x this program as a child: Child
//	 |        ^ status, starts, HTTP          | lines with the time in them
//	 +-> recorder <- logs/lines, events/batch, metrics/sample
//	        +-> Result: figures, trends, checks, a point for each second
package workload
