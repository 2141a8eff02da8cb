package rpc

import (
	"context"
	"reflect"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// methods is the protocol: every method and notification a client can send, by
// name. It is filled in init because initialize tells what is in it.
var methods map[string]method

func init() {
	methods = index(
		on("initialize", initialize, "Opens the session, as LSP has it: the workspace root, the client, its capabilities."),
		note("initialized", initialized, "LSP's notification that the client is ready."),
		on("shutdown", shutdown, "Announces the end of the session; only exit may follow."),
		note("exit", exit, "Ends the session: with exit code 0 after shutdown, else 1."),
		note("$/cancelRequest", cancelRequest, "Cancels a call in flight; it is still answered."),
		note("$/setTrace", setTrace, "Sets whether $/logTrace tells of each request: off, messages, verbose."),

		on("session/info", sessionInfo, "Versions, limits and the clients that are connected."),
		on("session/hello", sessionHello, "Tells the environment and folder of the client, for what it will start."),
		on("session/watch", sessionWatch, "Chooses which */changed notifications this session gets."),
		on("session/stopEngine", sessionStopEngine, "Stops every process and ends the engine for all clients."),

		on("project/scripts", projectScripts, "Lists everything runnable that was found in the workspace."),

		on("process/list", processList, "Lists the processes, with the revision that process/changed continues."),
		on("process/status", processStatus, "Tells how one process is."),
		on("process/start", processStart, "Starts a script or a command; answers once it has been spawned."),
		on("process/stop", processStop, "Stops a process; answers once its whole process set is gone.").progress("Stopping"),
		on("process/restart", processRestart, "Stops a process and starts it with the same command, folder and environment.").progress("Restarting"),
		on("process/stopAll", processStopAll, "Stops every process; answers once all are gone.").progress("Stopping all"),
		on("process/wait", processWait, "Waits until a process is running or ready, or has ended.").progress("Waiting"),
		on("process/input", processInput, "Writes to a process's standard input, and may close it behind that."),
		on("process/remove", processRemove, "Forgets a process that is not running, and its logs."),

		on("logs/query", logsQuery, "Pages through output by process, stream, run, level, time and text."),
		on("logs/search", logsSearch, "Finds lines by text or regular expression, the newest first."),
		on("logs/subscribe", logsSubscribe, "Follows output: logs/lines in batches, against credit."),
		note("logs/ack", logsAck, "Gives a batch's credit back to a subscription."),
		on("logs/unsubscribe", logsUnsubscribe, "Ends a subscription and tells what it has delivered."),
		on("logs/clear", logsClear, "Hides the output held now; followers are told of a cleared gap."),

		on("events/subscribe", eventsSubscribe, "Follows events by type: events/batch."),
		on("events/unsubscribe", eventsUnsubscribe, "Ends a subscription and tells what it has delivered."),
	)
}

// notifications is what the server sends without being asked.
var notifications = []string{"process/changed", "logs/lines", "events/batch"}

// method is one entry of the table.
type method struct {
	name         string
	doc          string // one sentence for people
	notification bool   // it has no answer
	title        string // of its work-done progress; "" if it has none
	params       reflect.Type
	result       reflect.Type
	serve        func(c *call, params []byte) ([]byte, error)
}

// on adapts a typed handler: params are decoded into P, what it returns is
// encoded. The handler does one thing in between.
func on[P, R any](name string, handle func(*call, P) (R, error), doc string) *method {
	m := &method{name: name, doc: doc, params: reflect.TypeFor[P](), result: reflect.TypeFor[R]()}
	m.serve = func(c *call, raw []byte) ([]byte, error) {
		var params P
		if err := decode(raw, &params, c.strict && !ofLSP(name)); err != nil {
			return nil, err
		}
		defer c.begin(m.title, params)()
		result, err := handle(c, params)
		if err != nil {
			return nil, err
		}
		return wire.Encode(result)
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

// ofLSP reports whether a method is LSP's own: its params may always have
// members that only other servers know.
func ofLSP(name string) bool {
	return !strings.Contains(name, "/") || strings.HasPrefix(name, "$/")
}

func index(list ...*method) map[string]method {
	table := make(map[string]method, len(list))
	for _, m := range list {
		if _, double := table[m.name]; double {
			panic("BUG: two methods " + m.name)
		}
		table[m.name] = *m
	}
	return table
}

// call is one request under way.
type call struct {
	*session
	request *front.Request
	ctx     context.Context
	done    context.CancelFunc // releases ctx; nil before overlap
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
