package rpc

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"sync/atomic"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// toWire is the one place where an error becomes a code. An error that it does
// not know is a defect of ours: the client gets an incident number, the
// program's log the error.
func (s *session) toWire(c *call, err error) *wire.Error {
	var we *wire.Error
	switch {
	case errors.As(err, &we):
		return we
	case errors.Is(err, context.Canceled):
		if c.request.Call.Cancelled() {
			return &wire.Error{Code: wire.RequestCancelled, Message: "cancelled by the client"}
		}
		return &wire.Error{Code: wire.ServerCancelled, Message: "the session has ended"}
	}
	if path := invalidPath(err); path != "" {
		return invalidParams(path, err.Error())
	}
	if kind := failureKind(err); kind != "" {
		return failed(kind, err.Error())
	}
	return s.incident(fmt.Errorf("%s: %w", c.request.Method, err), nil)
}

// failureKind is error.data.kind of what can go wrong in the rooms.
func failureKind(err error) string {
	switch {
	case is[*process.NotFoundError](err):
		return "process.notFound"
	case is[*process.RunningError](err):
		return "process.alreadyRunning"
	case is[*process.SpawnError](err):
		return "process.spawnFailed"
	case is[*process.CycleError](err):
		return "process.cycle"
	case is[*process.DependencyError](err):
		return "process.dependencyFailed"
	case is[*process.LateError](err):
		return "process.notReady"
	case is[*process.EnvFileError](err):
		return "process.envFile"
	case is[*process.ActiveError](err):
		return "process.running"
	case is[*process.EndedError](err):
		return "process.ended"
	case is[*process.InputError](err):
		return "process.input"
	case is[*process.TerminalError](err):
		return "process.noTerminal"
	case is[*process.ClosedError](err):
		return "engine.closing"
	case is[*logs.PatternError](err):
		return "logs.badRegexp"
	case is[*engine.FileError](err):
		return "file.refused"
	case is[*proxy.NotFoundError](err):
		return "proxy.notFound"
	case is[*proxy.UnknownRequestError](err):
		return "proxy.requestNotFound"
	case is[*proxy.TargetError](err):
		return "proxy.badUrl"
	case is[*proxy.PortError](err):
		return "proxy.portInUse"
	case is[*proxy.ReplayError](err):
		return "proxy.replay"
	case is[*proxy.LimitError](err):
		return "limit.tooLarge"
	case is[*project.NotFoundError](err), is[*project.AmbiguousError](err):
		return "project.scriptNotFound"
	}
	return ""
}

// invalidPath is the parameter that a room's error is about.
func invalidPath(err error) string {
	if spec, ok := errors.AsType[*process.SpecError](err); ok {
		return "/" + spec.Field
	}
	switch {
	case is[*process.NameError](err):
		return "/name"
	case is[*process.SignalError](err):
		return "/signal"
	}
	return ""
}

func is[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

func failed(kind, message string) *wire.Error {
	return &wire.Error{Code: wire.RequestFailed, Message: message, Data: wire.ErrorData{Kind: kind}}
}

var incidents atomic.Uint64

// incident logs what should not have happened and returns what the client may
// see of it.
func (s *session) incident(err error, stack []byte) *wire.Error {
	id := strconv.Itoa(s.server.pid) + "-" + strconv.FormatUint(incidents.Add(1), 10)
	s.server.Logf("incident %s: %v\n%s", id, err, stack)
	return &wire.Error{
		Code: wire.InternalError, Message: "internal error; the log of brummer-rpc has more under incident " + id,
		Data: wire.ErrorData{Incident: id},
	}
}

// recovered turns a panic in a handler into an answer, so that the session and
// the processes live on.
func (s *session) recovered(method string, p any) *wire.Error {
	return s.incident(fmt.Errorf("panic in %s: %v", method, p), debug.Stack())
}
