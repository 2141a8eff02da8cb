// Package engine joins the rooms: what a process prints goes to the log, what
// happens to it becomes an event. It knows nothing of clients or of the wire.
//
//	process --batches--> lookout --> logs
//	   |                    |          ^ readers pull, woken by a bell
//	   |                    +--> problems, tests, addresses --> events
//	   +------ started, ended ---------------------------------> events
package engine

import (
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/pace"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/monitor"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
)

// Bell wakes a reader of several rooms; see their Watch methods.
type Bell = wake.Bell

// NewBell returns a bell for one reader.
func NewBell() *Bell { return wake.NewBell() }

// Engine is one workspace's rooms. The rooms are used directly; Engine itself
// only makes them, joins them and ends them.
type Engine struct {
	Process *process.Table
	Logs    *logs.Store
	Events  *events.Pool
	Project *project.Workspace
	Proxy   *proxy.Registry
	Monitor *monitor.Monitor
	Metrics *metrics.Set

	// What the output means; see lookout.go.
	Problems *diagnose.Problems
	Tests    *diagnose.Tests
	URLs     *URLs

	Root    string
	Epoch   string // names this engine in cursors: a cursor of another is stale
	Started time.Time

	options  Options
	matching atomic.Pointer[matching]     // the user's matchers; nil before the first are read
	gates    atomic.Pointer[config.Gates] // the user's budgets; nil for none
	sampling sampling
	auto     autoProxies
	later    later
	pacer    pace.Pacer
	files    fileSearch   // where matchers have files searched
	faults   atomic.Int64 // of ours, in looking at lines
}

// New makes an engine for a workspace. It starts nothing; see [Engine.Run].
func New(o Options) (*Engine, error) {
	info, err := os.Stat(o.Root)
	if err != nil {
		return nil, fmt.Errorf("workspace: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("workspace: %s is not a folder", o.Root)
	}
	if err := o.Detection.check(); err != nil {
		return nil, err
	}
	e := &Engine{Root: o.Root, Started: time.Now(), Metrics: metrics.NewSet(), options: o}
	e.Epoch = newEpoch(e.Started)
	e.Project = e.newProject()
	o = e.options
	e.Metrics.NewGauge("brummer_detection_panics_total", func() float64 { return float64(e.faults.Load()) })
	e.Logs = logs.New(logs.Options{Budget: o.logBudget(), Metrics: e.Metrics})
	e.Events = events.New(events.Options{Metrics: e.Metrics, Logf: o.logf()})
	e.Process = process.NewTable(process.Options{
		Output: e.output, Pace: e.pace, Started: e.started, Ended: e.ended, Ready: e.ready, Restarting: e.restarting,
		Plain: plain, Ports: listening, Cause: e.cause, Guard: o.Guard, Epoch: e.Epoch,
		MaxLine: o.maxLine(), Grace: o.grace(), Logf: o.logf(), Metrics: e.Metrics,
	})
	e.files.root = e.Root
	e.Problems, e.Tests, e.URLs = diagnose.NewProblems(), diagnose.NewTests(), newURLs(e)
	e.later.init()
	e.Proxy = e.newProxy()
	e.Monitor = monitor.New(e.Metrics)
	settings, matchers := e.Project.Settings()
	e.useMatchers(matchers, configuredScripts(settings.Processes))
	e.useGates(settings.Gates)
	e.Monitor.SetInterval(settings.Metrics.Interval)
	e.sampling.wanted = settings.Metrics.Always
	return e, nil
}

var lastEpoch atomic.Int64

// newEpoch names an engine. Two of one program that start in the same millisecond
// have different names all the same: by it they know their processes.
func newEpoch(started time.Time) string {
	for {
		last := lastEpoch.Load()
		ms := max(started.UnixMilli(), last+1)
		if lastEpoch.CompareAndSwap(last, ms) {
			return strconv.FormatInt(ms, 36) + "-" + strconv.Itoa(os.Getpid())
		}
	}
}

// Run keeps the engine until ctx ends, then ends every process and returns once
// they and all goroutines of the rooms are gone.
func (e *Engine) Run(ctx context.Context) {
	e.sampling.begin(e.Monitor)
	e.later.run(ctx)
	e.Process.Shutdown()
	e.Proxy.Shutdown()
	e.Project.Close()
	e.Logs.Close()
	e.endEvents()
	e.Monitor.Close()
}

// endEvents gives the handlers of events what has happened until now, for a
// second at the most.
func (e *Engine) endEvents() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := e.Events.Shutdown(ctx); err != nil {
		e.options.logf()("%v", err)
	}
}

// MaxLine is how many bytes of a line one record holds.
func (e *Engine) MaxLine() int { return e.options.maxLine() }

// Grace is how long a process may take to end after it was asked to.
func (e *Engine) Grace() time.Duration { return e.options.grace() }

// Remove forgets a process that is not running, and its logs.
func (e *Engine) Remove(id string) error {
	return e.Process.Remove(id, func(id string) {
		e.Logs.Remove(id)
		e.forget(id, math.MaxUint32)
	})
}

// forget drops what was found in the runs of a process before one.
func (e *Engine) forget(id string, run uint32) {
	e.Problems.Forget(id, run)
	e.Tests.Forget(id, run)
	e.URLs.forget(id, run)
	e.publish()
}

func (e *Engine) started(s *process.Snapshot) {
	e.forget(s.ID, s.Run)
	e.later.watch(s.ID, s.PID)
	e.Events.Publish(events.Event{
		Type: events.ProcessStarted, Time: s.StartedAt.UnixMilli(), Process: s.ID,
		Data: events.Started{Run: s.Run, PID: s.PID},
	})
}

func (e *Engine) ended(s *process.Snapshot) {
	e.later.leave(s.ID, s.Run)
	e.URLs.closed(s.ID)
	e.Events.Publish(events.Event{
		Type: events.ProcessExited, Time: s.ExitedAt.UnixMilli(), Process: s.ID,
		Data: events.Exited{Run: s.Run, ExitCode: s.ExitCode, Signal: s.Signal, Core: s.Core, FinalSeq: s.FinalSeq},
	})
}

func (e *Engine) ready(s *process.Snapshot) {
	e.Events.Publish(events.Event{
		Type: events.ProcessReady, Time: s.ReadyAt.UnixMilli(), Process: s.ID,
		Data: events.Ready{Run: s.Run, AfterMs: s.ReadyAt.Sub(s.StartedAt).Milliseconds()},
	})
}

func (e *Engine) restarting(s *process.Snapshot, r process.Restarting) {
	e.Events.Publish(events.Event{
		Type: events.ProcessRestarting, Time: time.Now().UnixMilli(), Process: s.ID,
		Data: events.Restarting{Run: s.Run, Attempt: r.Attempt, DelayMs: r.Delay.Milliseconds(), Reason: r.Reason},
	})
}
