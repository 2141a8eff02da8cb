// Package logs holds the output of all processes in memory and answers
// questions about it. It is not a file, not an event queue and knows nothing
// of processes but their names.
//
// The shape, from the outside in:
//
//	Store                one per engine: the sequence, the byte budget, the list of streams
//	└─ stream            one per process and output: one producer, an immutable list of segments
//	   └─ segment        an arena of raw bytes with a line table, published by one atomic word
//	      └─ index       of a sealed segment: levels, times, runs, odd lines
//
// A producer claims sequence numbers for a batch, publishes the batch, and
// wakes who waits. Readers see every record up to [Store.Head], the highest
// number below which nothing is claimed but unpublished, so they never see a
// hole that is filled later.
//
// What is lock-free: appending into a segment, reading a page that follows the
// sequence, and looking through text. No reader waits for a producer or another
// reader, no producer for a reader. What is not:
//
//   - When a segment is full, every mebibyte of a busy stream, its producer takes
//     the store's mutex to add the next one and, over budget, to drop the oldest
//     segment of the process that holds most. Producers that roll at the same
//     time wait for each other there, and only there.
//   - The Go allocator may lock when that segment is made, and the collector
//     takes its share of every goroutine's time. So none of this is wait-free.
//   - A search takes a mutex of its own to look up and to note what is remembered
//     of a pattern. Producers never come by it. Whole answers (answers.go) are
//     replaced without a lock: a producer that drops a segment takes those away
//     that speak of it.
//
// A dropped segment stays readable for whoever is in the middle of it; the
// garbage collector frees it afterwards. So a reader that stands still costs
// memory, at most what the store held when it began, but nobody's time. Only of a
// segment that no reader can have seen, or that followers have left behind, the
// memory is used again at once (evict.go, follow.go).
//
// Nothing is lost silently: each stream remembers which sequence numbers were
// dropped, so a reader that comes late is told exactly how many lines it
// missed ([Gap]).
package logs
