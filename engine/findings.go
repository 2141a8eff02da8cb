package engine

import (
	"path/filepath"
	"strconv"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
)

// findings puts what a lookout has found into the sets and publishes the events
// that tell of it. It reports whether there was anything.
func (o *lookout) findings() (found bool) {
	o.reader.Take(func(tag string, f diagnose.Finding) {
		found = true
		origin := diagnose.Origin{Process: o.id, Run: o.run.Load(), Tag: tag, Dir: o.dir, Time: o.time}
		switch {
		case f.Problem != nil:
			o.problem(*f.Problem, origin)
		case f.Stack != nil:
			o.stack(f.Stack)
		case f.Test != nil:
			o.test(*f.Test, origin)
		case f.Summary != nil:
			o.summary(f.Summary)
		case f.Build != nil:
			o.build(f.Build, tag)
		case f.Clear != nil:
			o.e.Problems.Clear(o.id, tag, f.Clear.Sources)
		}
	})
	return found
}

func (o *lookout) event(t events.Type, data events.Data) {
	if o.quiet {
		return
	}
	o.e.Events.Publish(events.Event{Type: t, Time: o.time, Process: o.id, Data: data})
}

func (o *lookout) problem(p diagnose.Problem, origin diagnose.Origin) {
	origin.Seq = o.numbers.seq(p.At)
	entry, isNew := o.e.Problems.Add(o.key+origin.Tag, p, origin)
	if !isNew || p.Severity != diagnose.Error || p.Sticky { // a crash has been told by its stack
		return
	}
	o.event(events.ErrorDetected, events.Detected{
		Seq: origin.Seq, Problem: entry.ID, Severity: p.Severity.String(), Source: p.Source, Message: p.Message,
		File: o.file(p.Place), Line: max(0, p.Line-1), Character: max(0, p.Col-1), Final: true,
	})
}

// file is a printed path as an absolute one, by its name alone: whether it is
// there, those see who read the sets.
func (o *lookout) file(p diagnose.Place) string {
	if p.File == "" || filepath.IsAbs(p.File) {
		return p.File
	}
	return filepath.Join(o.dir, filepath.FromSlash(p.File))
}

// stack tells of a crash at its head, and once more when it is whole.
func (o *lookout) stack(s *diagnose.Stack) {
	d := events.Detected{
		Seq: o.numbers.seq(s.First), LastSeq: o.numbers.seq(s.Last), Severity: "error", Source: s.Kind, Type: s.Type, Message: s.Message,
		File: o.file(s.Top.Place), Line: max(0, s.Top.Line-1), Character: max(0, s.Top.Col-1), Final: s.Final,
	}
	if s.Warning {
		d.Severity = "warning"
	}
	if s.Final {
		d.Group = strconv.FormatUint(s.Fingerprint, 36)
	}
	o.event(events.ErrorDetected, d)
}

func (o *lookout) test(t diagnose.Test, origin diagnose.Origin) {
	origin.Seq = o.numbers.seq(t.At)
	if !o.e.Tests.Add(t, origin) {
		return
	}
	data := events.Test{Seq: origin.Seq, Name: t.Name, Message: t.Message, DurationMs: t.DurationMs}
	switch t.Status {
	case diagnose.Passed:
		o.event(events.TestPassed, data)
	case diagnose.Failed:
		o.event(events.TestFailed, data)
	}
}

// summary tells of the end of a test run as of a build's.
func (o *lookout) summary(s *diagnose.Summary) {
	phase := "succeeded"
	if !s.OK {
		phase = "failed"
	}
	o.event(events.BuildEvent, events.Build{Seq: o.numbers.seq(s.At), Tool: s.Framework, Phase: phase, Errors: s.Failed, Tests: s.Total, Percent: -1})
}

func (o *lookout) build(b *diagnose.Build, tag string) {
	phase := "started"
	switch {
	case b.Phase == diagnose.Started:
		o.e.Problems.Clear(o.id, tag, b.Sources())
	case b.Phase == diagnose.Progress:
		if o.percent == b.Percent {
			return
		}
		o.percent, phase = b.Percent, "progress"
	default:
		if b.Phase == diagnose.Ended {
			o.e.Problems.Ended(o.id, tag, b.Sources())
			o.e.later.hint(o.id)
		}
		phase = "succeeded"
		if !b.OK {
			phase = "failed"
		}
	}
	o.event(events.BuildEvent, events.Build{
		Seq: o.numbers.seq(b.At), Tool: b.Tool, Phase: phase, Part: b.Name, Errors: max(0, b.Errors), Warnings: max(0, b.Warnings), Percent: b.Percent,
	})
}

// publish lets readers of the sets see what has changed.
func (e *Engine) publish() {
	e.Problems.Publish()
	e.Tests.Publish()
}
