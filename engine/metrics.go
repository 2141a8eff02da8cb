package engine

// Metric is what a metric means, for docs/metrics.md and who reads it.
type Metric struct {
	Name string
	Doc  string // one sentence for people
}

// Described are the engine's metrics. A test in rpc/generate holds it to the metrics that the
// rooms register (each room's metrics.go): one that is not here, or not there,
// fails it.
var Described = []Metric{
	{"brummer_process_running", "Processes that run now, starting and stopping ones included."},
	{"brummer_process_started_total", "Runs that have begun."},
	{"brummer_process_restarts_total", "Restarts that nobody asked for: after a failure, or a changed file."},
	{"brummer_process_given_up_total", "Processes that were given up, because they failed too often in a row."},
	{"brummer_process_ended_total", "Runs that have ended."},
	{"brummer_process_spawn_failures_total", "Starts that the operating system has refused."},
	{"brummer_process_killed_total", "Process groups that had to be killed after the grace time."},

	{"brummer_logs_lines_total", "Records written to the log: lines, and parts of lines."},
	{"brummer_logs_appended_bytes_total", "Bytes of output ever logged."},
	{"brummer_logs_held_bytes", "Bytes of memory that the log holds now."},
	{"brummer_logs_budget_bytes", "What the log may hold."},
	{"brummer_logs_evicted_lines_total", "Records dropped to stay within the budget."},
	{"brummer_logs_searches_total", "Searches of the log."},
	{"brummer_logs_searched_lines_total", "Lines that searches have looked at."},
	{"brummer_logs_recalled_segments_total", "Segments whose matches were remembered from an earlier search."},
	{"brummer_logs_cache_hits_total", "Questions that the cache of matches could answer."},
	{"brummer_logs_cache_misses_total", "Questions that it could not."},
	{"brummer_logs_cache_evicted_total", "Answers dropped to stay within its budget."},
	{"brummer_logs_cache_bytes", "Bytes of matches that it holds."},
	{"brummer_logs_cache_budget_bytes", "What it may hold."},

	{"brummer_detection_panics_total", "Panics in looking at lines, contained: each has cost one line its meaning."},

	{"brummer_events_published_total", "Events that have happened."},
	{"brummer_events_held", "Events that can still be read."},
	{"brummer_events_held_bytes", "Bytes of texts in them."},
	{"brummer_events_handlers", "Handlers of events within the engine."},
	{"brummer_events_delivered_total", "Events given to handlers."},
	{"brummer_events_lost_total", "Events overwritten before a handler could take them; it was told how many."},
	{"brummer_events_undelivered_total", "Events that handlers had not been given when the engine ended."},
	{"brummer_events_panics_total", "Panics in handlers, contained."},
	{"brummer_events_refused_total", "Events published after the engine's end."},

	{"brummer_proxy_registrations", "Proxies that there are."},
	{"brummer_proxy_requests_total", "Requests that went through proxies."},
	{"brummer_proxy_refused_total", "Requests refused because no page of this machine sends such."},
	{"brummer_proxy_failures_total", "Requests that broke off, by whatever side."},
	{"brummer_proxy_injected_total", "Pages that got the script."},
	{"brummer_proxy_request_seconds", "Time that requests took, until their last byte."},
	{"brummer_proxy_history_bytes", "Bytes of memory that the recorded requests hold."},
	{"brummer_proxy_history_dropped_total", "Recorded requests that had to make room for newer ones."},
	{"brummer_telemetry_events_total", "Events that pages have reported, as far as they were kept."},
	{"brummer_telemetry_dropped_total", "Events of pages that came too fast, were not sent or had to make room."},
	{"brummer_telemetry_refused_total", "Reports that came from elsewhere or made no sense."},
	{"brummer_telemetry_held_bytes", "Bytes of memory that the events of pages hold."},

	{"brummer_runtime_goroutines", "Goroutines of the engine."},
	{"brummer_runtime_threads", "Threads of the operating system that it has."},
	{"brummer_runtime_heap_live_bytes", "Heap that the last garbage collection found in use."},
	{"brummer_runtime_heap_bytes", "Heap taken by objects now, garbage included."},
	{"brummer_runtime_memory_bytes", "Memory that Go has mapped."},
	{"brummer_runtime_allocated_total", "Objects ever allocated on the heap."},
	{"brummer_runtime_gc_cycles_total", "Garbage collections."},
	{"brummer_runtime_gc_pause_p99_seconds", "Pause of a garbage collection that 99 of 100 keep below, since the start."},
	{"brummer_runtime_scheduling_delay_p99_seconds", "Wait of a goroutine that could run that 99 of 100 keep below, since the start."},
	{"brummer_runtime_mutex_wait_seconds_total", "Time that goroutines have waited for locks, all added up."},
}
