package rpc

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// methods is the protocol: every method and notification a client can send, by
// name. It is filled in init because initialize tells what is in it.
var methods map[string]*method

func init() {
	methods = index(
		on("initialize", initialize, "Opens the session, as LSP has it: the workspace root, the client, its capabilities.").fails("engine.unavailable"),
		note("initialized", initialized, "LSP's notification that the client is ready."),
		on("shutdown", shutdown, "Announces the end of the session; only exit may follow."),
		note("exit", exit, "Ends the session: with exit code 0 after shutdown, else 1."),
		note("$/cancelRequest", cancelRequest, "Cancels a call in flight; it is still answered."),
		note("$/setTrace", setTrace, "Sets whether $/logTrace tells of each request: off, messages, verbose."),

		on("rpc.discover", discover, "Gives this protocol as an OpenRPC document."),

		on("session/info", sessionInfo, "Versions, limits and the clients that are connected.").atOnce(),
		on("session/hello", sessionHello, "Tells the environment and folder of the client, for what it will start."),
		on("session/watch", sessionWatch, "Chooses which */changed notifications this session gets.").atOnce(),
		on("session/stopEngine", sessionStopEngine, "Stops every process and ends the engine for all clients."),

		on("project/scripts", projectScripts, "Lists everything runnable that was found in the workspace."),
		on("project/config", projectConfig, "Gives the configuration as it counts, each value with the place that it comes from."),

		on("process/list", processList, "Lists the processes, with the revision that process/changed continues.").atOnce("usage"),
		on("process/status", processStatus, "Tells how one process is.").atOnce("usage").fails("process.notFound"),
		on("process/start", processStart, "Starts a script or a command; answers once it has been spawned, or is pending because of what it depends on.").progress("Starting").
			fails("process.alreadyRunning", "process.spawnFailed", "process.cycle", "process.dependencyFailed", "process.envFile", "project.scriptNotFound", "engine.closing"),
		on("process/stop", processStop, "Stops a process; answers once its whole process set is gone.").progress("Stopping").fails("process.notFound"),
		on("process/restart", processRestart, "Stops a process and starts it with the same command, folder and environment.").progress("Restarting").
			fails("process.notFound", "process.spawnFailed", "process.cycle", "process.dependencyFailed", "engine.closing"),
		on("process/stopAll", processStopAll, "Stops every process, each once those that depend on it are gone; answers when all are.").progress("Stopping all"),
		on("process/wait", processWait, "Waits until a process is running or ready, or has ended.").progress("Waiting").
			fails("process.notFound", "process.ended", "process.notReady", "wait.timeout"),
		on("process/input", processInput, "Writes to a process's standard input, and may close it behind that.").fails("process.notFound", "process.ended", "process.input"),
		on("process/signal", processSignal, "Sends a signal to every process of the set: the process and all that it has started.").fails("process.notFound", "process.ended"),
		on("process/resize", processResize, "Tells a process on a pty of a new size.").fails("process.notFound", "process.ended", "process.noTerminal"),
		on("process/remove", processRemove, "Forgets a process that is not running, and its logs.").fails("process.notFound", "process.running"),

		on("logs/query", logsQuery, "Pages through output by process, stream, run, level, time and text.").fails("logs.badCursor", "logs.badRegexp", "limit.tooLarge"),
		on("logs/search", logsSearch, "Finds lines by text or regular expression, the newest first.").fails("logs.badCursor", "logs.badRegexp", "limit.tooLarge"),
		on("logs/subscribe", logsSubscribe, "Follows output: logs/lines in batches, against credit.").
			fails("logs.badCursor", "logs.badRegexp", "limit.tooLarge", "session.noPush"),
		note("logs/ack", logsAck, "Gives a batch's credit back to a subscription."),
		on("logs/unsubscribe", logsUnsubscribe, "Ends a subscription and tells what it has delivered.").fails("subscription.notFound"),
		on("logs/clear", logsClear, "Hides the output held now; followers are told of a cleared gap.").fails("logs.badRegexp"),
		on("logs/export", logsExport, "Writes output to a file, whole or not at all.").progress("Exporting").fails("file.refused", "logs.badRegexp"),

		on("proxy/register", proxyRegister, "Puts a proxy in front of a server; answers once it listens.").
			fails("proxy.badUrl", "proxy.portInUse", "limit.tooLarge"),
		on("proxy/unregister", proxyUnregister, "Ends a proxy and its connections.").fails("proxy.notFound"),
		on("proxy/list", proxyList, "Lists the proxies."),
		on("proxy/requests", proxyRequests, "Lists the requests that went through the proxies, and what has changed since a cursor.").fails("logs.badCursor"),
		on("proxy/request", proxyRequest, "Tells everything about one request: headers, timings, bodies.").fails("proxy.requestNotFound"),
		on("proxy/replay", proxyReplay, "Sends a request again, as it was or edited, and tells how it went.").fails("proxy.requestNotFound", "proxy.replay"),
		on("proxy/curl", proxyCurl, "Gives a request as a command for a shell.").fails("proxy.requestNotFound", "proxy.replay"),
		on("proxy/har", proxyHAR, "Gives the requests as an HTTP archive, HAR 1.2, or writes it to a file.").fails("limit.tooLarge", "file.refused"),
		on("proxy/clear", proxyClear, "Forgets the requests that have ended."),
		on("timeline/query", timelineQuery, "Puts side by side what browser, proxy and processes know of a request, a page or a time.").
			fails("proxy.requestNotFound", "telemetry.sessionNotFound"),
		on("telemetry/sessions", telemetrySessions, "Lists the pages that report, with their web vitals."),
		on("telemetry/events", telemetryEvents, "Lists what pages have told: loads, console, errors, requests, vitals.").fails("logs.badCursor"),

		on("problems/list", problemsList, "Lists the problems that the output tells of and that hold now, with their places.").fails("limit.tooLarge"),
		on("problems/clear", problemsClear, "Forgets the problems found so far, crashes included.").fails("process.notFound"),
		on("tests/list", testsList, "Lists the last result of each test that the output names.").fails("limit.tooLarge", "logs.badCursor"),
		on("urls/list", urlsList, "Lists the addresses that processes serve, as the kernel and the output tell."),

		on("events/subscribe", eventsSubscribe, "Follows events by type: events/batch.").fails("logs.badCursor", "limit.tooLarge", "session.noPush"),
		on("events/unsubscribe", eventsUnsubscribe, "Ends a subscription and tells what it has delivered.").fails("subscription.notFound"),

		on("metrics/get", metricsGet, "Gives the engine's metrics now; docs/metrics.md says what they mean."),
		on("metrics/subscribe", metricsSubscribe, "Samples metrics at an interval: metrics/sample.").fails("limit.tooLarge", "session.noPush"),
		on("metrics/unsubscribe", metricsUnsubscribe, "Ends a subscription of metrics.").fails("subscription.notFound"),
		on("metrics/trend", metricsTrend, "Says whether a metric rises or falls, and whether that may be chance. Sampling starts with the first question."),
		on("metrics/gates", metricsGates, "Judges the budgets of the running engine."),
	)
}

// notifications is what the server sends without being asked.
var notifications = []Notification{
	{"process/changed", "Tells what has changed in the list of processes, for who watches the topic process.", []any{wire.ProcessChanged{}}},
	{"project/changed", "Tells what has changed in what can be run, for who watches the topic project.", []any{wire.ProjectChanged{}}},
	{"problems/changed", "Tells which problems have come, changed and gone, for who watches the topic problems.", []any{wire.ProblemsChanged{}}},
	{"tests/changed", "Tells which tests have another result, for who watches the topic tests.", []any{wire.TestsChanged{}}},
	{"urls/changed", "Tells which addresses have come, changed and gone, for who watches the topic urls.", []any{wire.URLsChanged{}}},
	{"textDocument/publishDiagnostics", "Brings an editor the problems of a file, always all of them.", []any{wire.PublishDiagnosticsParams{}}},
	{"logs/lines", "Brings lines to a subscription, or tells how many were lost.", []any{wire.LinesObjects{}, wire.LinesColumns{}, wire.LinesRaw{}}},
	{"proxy/activity", "Brings the requests that have changed, for who has subscribed to events proxy.*.", []any{wire.ProxyActivity{}}},
	{"telemetry/activity", "Brings what pages tell, for who has subscribed to events telemetry.*.", []any{wire.TelemetryActivity{}}},
	{"events/batch", "Brings events to a subscription, or tells how many were lost.", []any{wire.EventsBatch{}}},
	{"metrics/sample", "Brings the values of metrics to a subscription.", []any{wire.MetricsSample{}}},

	{"$/progress", "Tells of the work of a request that has a workDoneToken, from begin to end, or brings hits of a logs/search that has a partialResultToken.", []any{wire.ProgressParams{}, wire.SearchPartParams{}}},
	{"$/logTrace", "Tells of a request that was answered, if $/setTrace asks for that.", []any{wire.LogTraceParams{}}},
	{"window/logMessage", "Brings what the program has to say to an editor's log.", []any{wire.LogMessageParams{}}},
}

// kinds are the values of error.data.kind: what can go wrong in the domain.
var kinds = []Kind{
	{"engine.closing", "The engine is shutting down and starts nothing more."},
	{"engine.unavailable", "The workspace has no engine, and it can't be had; a script's first call may say so."},
	{"file.refused", "The file can't be written there."},
	{"limit.tooLarge", "More was asked for than can be had at once; see session/info's limits."},
	{"logs.badCursor", "That is no cursor."},
	{"logs.badRegexp", "The text or regular expression can't be searched for."},
	{"process.alreadyRunning", "A process of this name runs."},
	{"process.cycle", "Processes would wait for each other for ever."},
	{"process.dependencyFailed", "What the process depends on has failed; the process is failed, too."},
	{"process.ended", "The process has ended, and nothing will start it again."},
	{"process.envFile", "An env file is missing or can't be read; the message names file and line."},
	{"process.input", "The process does not take its input."},
	{"process.noTerminal", "The process has pipes, not a pty."},
	{"process.notFound", "There is no process with this id."},
	{"process.notReady", "The process runs, but was not ready in time."},
	{"process.running", "The process runs: it must be stopped first."},
	{"process.spawnFailed", "The operating system would not start the command; the process is failed."},
	{"project.scriptNotFound", "No script has this id or name, or several have this name."},
	{"proxy.badUrl", "That can't be forwarded to."},
	{"proxy.notFound", "There is no proxy with this id."},
	{"proxy.portInUse", "The port is somebody else's."},
	{"proxy.replay", "The request can't be sent again."},
	{"proxy.requestNotFound", "There is no request with this id, or it had to make room for newer ones."},
	{"session.noPush", "Nothing can be sent to this client unasked: HTTP has no subscriptions."},
	{"subscription.notFound", "The session has no subscription with this id."},
	{"telemetry.sessionNotFound", "Nothing is held of a page with this id."},
	{"wait.timeout", "It did not come to that in time."},
}

// method is one entry of the table.
type method struct {
	name         string
	at           int    // its place in the table
	doc          string // one sentence for people
	notification bool   // it has no answer
	prompt       bool   // its handler never overlaps, unless the params have one of unless
	unless       [][]byte
	title        string // of its work-done progress; "" if it has none
	kinds        []string
	params       reflect.Type
	result       reflect.Type
	serve        func(c *call, params []byte) ([]byte, error)
}

// on adapts a typed handler: params are decoded into P, what it returns is
// encoded. The handler does one thing in between.
func on[P, R any](name string, handle func(*call, P) (R, error), doc string) *method {
	m := &method{name: name, doc: doc, params: reflect.TypeFor[P](), result: reflect.TypeFor[R]()}
	byPointer := m.result.Kind() == reflect.Pointer
	lenient := ofLSP(name)
	m.serve = func(c *call, raw []byte) ([]byte, error) {
		var params P
		if err := decode(raw, &params, c.strict && !lenient); err != nil {
			return nil, err
		}
		if m.title != "" {
			defer c.begin(m.title, params)()
		}
		result, err := handle(c, params)
		switch {
		case err != nil:
			return nil, err
		case byPointer:
			return wire.EncodeIn(c.request.Room, result)
		}
		return wire.EncodeIn(c.request.Room, &result) // a copy would be one more allocation
	}
	return m
}

// note is on for a notification.
func note[P any](name string, handle func(*call, P) (wire.Null, error), doc string) *method {
	m := on(name, handle, doc)
	m.notification = true
	return m
}

// progress makes the method tell of its work to a client that gives a token.
func (m *method) progress(title string) *method {
	m.title = title
	return m
}

// atOnce promises that the handler never calls overlap, unless the params have one
// of some members. A front spares such a call what only one that waits needs.
func (m *method) atOnce(unless ...string) *method {
	m.prompt = true
	for _, member := range unless {
		m.unless = append(m.unless, strconv.AppendQuote(nil, member))
	}
	return m
}

// answersAtOnce reports whether the promise holds for these params. An escape could
// hide a member's name.
func (m *method) answersAtOnce(params []byte) bool {
	if !m.prompt || len(m.unless) > 0 && bytes.IndexByte(params, '\\') >= 0 {
		return false
	}
	return !slices.ContainsFunc(m.unless, func(member []byte) bool { return bytes.Contains(params, member) })
}

// fails lists the kinds of errors that are the method's own.
func (m *method) fails(names ...string) *method {
	for _, name := range names {
		if !slices.ContainsFunc(kinds, func(k Kind) bool { return k.Name == name }) {
			panic("BUG: " + name + " is not in kinds")
		}
	}
	m.kinds = names
	return m
}

// ofLSP reports whether a message is LSP's own: its params may always have
// members that only other servers know.
func ofLSP(name string) bool {
	return !strings.ContainsAny(name, "/.") || strings.HasPrefix(name, "$/") || strings.HasPrefix(name, "window/")
}

func index(list ...*method) map[string]*method {
	table := make(map[string]*method, len(list))
	for i, m := range list {
		m.at = i
		if _, double := table[m.name]; double {
			panic("BUG: two methods " + m.name)
		}
		table[m.name] = m
	}
	return table
}

// call is one request under way.
type call struct {
	*session
	request  *front.Request
	ctx      context.Context
	done     context.CancelFunc // releases ctx; nil before overlap
	progress *progress          // nil if the client does not want to hear of it
}

// overlap ends the part of the call that later requests wait for: everything
// that changes the engine's tables has been done, the rest only waits or reads.
// The context it returns ends when the client hangs up or cancels the call.
func (c *call) overlap() context.Context {
	if c.done == nil {
		c.ctx, c.done = c.request.Call.Bind(c.ctx)
		c.request.Overlap()
	}
	return c.ctx
}
