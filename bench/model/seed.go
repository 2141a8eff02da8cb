package model

// The models of the seed, with its own constants: what the plan that this project
// began with says of event bus, locks and memory. It is
// requests/race-condition-fixes/research/performance-benchmarks.md in the public
// repository standardbeagle/brummer, commit 16bc754, "Performance Impact Modeling".

const (
	SeedStack    = 8 << 10 // bytes of a goroutine
	SeedPublish  = 1127    // ns, an event to three handlers, alone
	SeedHop      = 45      // ns, send and receive on a channel
	SeedMutex    = 23      // ns, lock and unlock, uncontended
	SeedAtomic   = 7       // ns, however many there are
	SeedLogEntry = 512     // bytes
	SeedRequest  = 1 << 10 // bytes of a request's record
	SeedStatus   = 256     // bytes of a copy of a process's status
	SeedPerGC    = 2 << 20 // bytes allocated between two collections
)

// SeedGoroutineMemory is what a goroutine for each handler allocates, in bytes a
// second.
func SeedGoroutineMemory(eventsPerSecond, handlers float64) float64 {
	return eventsPerSecond * handlers * SeedStack
}

// SeedGoroutineLatency is how long an event takes with a goroutine for each
// handler, in ns: it grows with the goroutines started in a second.
func SeedGoroutineLatency(eventsPerSecond, handlers float64) float64 {
	return SeedPublish * (1 + eventsPerSecond*handlers/1000)
}

// SeedPoolLatency is the same with a pool of workers, in ns: "60% improvement".
func SeedPoolLatency(eventsPerSecond, handlers float64) float64 {
	return 0.4 * SeedGoroutineLatency(eventsPerSecond, handlers)
}

// SeedPoolSaturation is how many events a second so many workers take before they
// queue.
func SeedPoolSaturation(workers int) float64 { return float64(workers) * 100 }

// SeedLocked is what an operation under a lock costs, in ns. The seed's code adds
// the contention to the uncontended time; its text multiplies, and so does this.
func SeedLocked(contention float64) float64 { return SeedMutex * contention }

// SeedAllocated is what the seed's state allocates in its session, in bytes a
// second: goroutines, log entries, records of requests, copies of statuses.
func SeedAllocated(events, handlers, lines, requests, statuses float64) float64 {
	return SeedGoroutineMemory(events, handlers) + lines*SeedLogEntry + requests*SeedRequest + statuses*SeedStatus
}

// SeedOptimized is the same after its improvements: no goroutines and no copies.
func SeedOptimized(lines, requests float64) float64 {
	return lines*SeedLogEntry + requests*SeedRequest
}

// SeedCollections is how many collections there are a second.
func SeedCollections(bytesPerSecond float64) float64 { return bytesPerSecond / SeedPerGC }
