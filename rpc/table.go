package rpc

import (
	"context"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// methods is the protocol: every method and notification a client can send, by
// name. It is filled in init because initialize tells what is in it.
var methods map[string]method

func init() {
	methods = index(
		on("initialize", initialize),
		on("initialized", initialized),
		on("shutdown", shutdown),
		on("exit", exit),
		on("$/cancelRequest", cancelRequest),
		on("session/info", sessionInfo),
		on("session/hello", sessionHello),
		on("session/stopEngine", sessionStopEngine),
		on("session/watch", sessionWatch),

		on("project/scripts", projectScripts),

		on("process/list", processList),
		on("process/status", processStatus),
		on("process/start", processStart),
		on("process/stop", processStop),
		on("process/restart", processRestart),
		on("process/stopAll", processStopAll),
		on("process/wait", processWait),
		on("process/input", processInput),
		on("process/remove", processRemove),

		on("logs/query", logsQuery),
		on("logs/search", logsSearch),
		on("logs/subscribe", logsSubscribe),
		on("logs/ack", logsAck),
		on("logs/unsubscribe", logsUnsubscribe),
		on("logs/clear", logsClear),

		on("events/subscribe", eventsSubscribe),
		on("events/unsubscribe", eventsUnsubscribe),
	)
}

// notifications is what the server sends without being asked.
var notifications = []string{"process/changed", "logs/lines", "events/batch"}

// method is one entry of the table.
type method struct {
	name  string
	serve func(c *call, params []byte) ([]byte, error)
}

// on adapts a typed handler: params are decoded into P, what it returns is
// encoded. The handler does one thing in between.
func on[P, R any](name string, handle func(*call, P) (R, error)) method {
	return method{name, func(c *call, raw []byte) ([]byte, error) {
		var params P
		if err := decode(raw, &params, c.strict && !ofLSP(name)); err != nil {
			return nil, err
		}
		result, err := handle(c, params)
		if err != nil {
			return nil, err
		}
		return wire.Encode(result)
	}}
}

// ofLSP reports whether a method is LSP's own: its params may always have
// members that only other servers know.
func ofLSP(name string) bool {
	return !strings.Contains(name, "/") || strings.HasPrefix(name, "$/")
}

func index(list ...method) map[string]method {
	table := make(map[string]method, len(list))
	for _, m := range list {
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
