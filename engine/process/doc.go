// Package process runs the processes of a workspace and is the one place that
// knows their states. It does not store their output, decide what may be run
// or speak to clients: it hands output on in batches and says when a process
// has changed.
//
//	Table                 every process by id, as immutable snapshots
//	└─ Process            one state, changed by one function that checks it
//	   └─ run             one life: a supervisor, two readers, perhaps a stdin writer
//
// Readers never lock: [Table.List] and [Process.Snapshot] are one atomic load,
// [Process.State] unpacks one word. Whoever changes a process holds its mutex
// and publishes a new snapshot.
//
// A run has ended when its set is empty, which is all that it has started, and
// its output has been read to the end; only then does its state become final, and
// the last line is in the log before that. On Linux processes are the children of
// a guard (package guard), which ends them when the engine disappears.
package process
