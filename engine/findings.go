package engine

import (
	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
)

// findings puts what a lookout has found into the sets and publishes the events
// that tell of it. It reports whether there was anything.
func (o *lookout) findings() (any bool) {
	o.reader.Take(func(tag string, f diagnose.Finding) {
		any = true
		origin := diagnose.Origin{Process: o.id, Run: o.run, Tag: tag, Dir: o.dir, Time: o.time}
		switch {
		case f.Problem != nil:
			o.problem(*f.Problem, origin)
		case f.Stack != nil:
			o.stack(f.Stack, origin)
		case f.Test != nil:
			o.test(*f.Test, origin)
		case f.Summary != nil:
			origin.Seq = o.numbers.seq(f.Summary.At)
			o.event(events.BuildEvent, origin, events.Built{Tool: f.Summary.Framework, Phase: "tests", OK: f.Summary.OK, Errors: f.Summary.Failed, Warnings: -1, Percent: -1})
		case f.Build != nil:
			o.build(f.Build, origin)
		case f.Clear != nil:
			o.e.Problems.Clear(o.id, tag, f.Clear.Source)
		}
	})
	return any
}

func (o *lookout) event(t events.Type, origin diagnose.Origin, data any) {
	o.e.Events.Publish(events.Event{Type: t, Time: origin.Time, Process: o.id, Data: data})
}

func (o *lookout) problem(p diagnose.Problem, origin diagnose.Origin) {
	origin.Seq = o.numbers.seq(p.At)
	entry, isNew := o.e.Problems.Add(o.key+origin.Tag, p, origin)
	if isNew && p.Severity == diagnose.Error && !p.Sticky { // a crash has been told by its stack
		o.event(events.ErrorDetected, origin, events.Detected{Seq: origin.Seq, ID: entry.ID, Kind: p.Source, Message: p.Message, Place: p.Place, Origin: origin, Final: true})
	}
}

// stack tells of a crash at its head, and once more when it is whole.
func (o *lookout) stack(s *diagnose.Stack, origin diagnose.Origin) {
	origin.Seq = o.numbers.seq(s.First)
	o.event(events.ErrorDetected, origin, events.Detected{
		Seq: origin.Seq, LastSeq: o.numbers.seq(s.Last), Kind: s.Kind, Type: s.Type, Message: s.Message, Place: s.Top.Place,
		Origin: origin, Fingerprint: s.Fingerprint, Causes: s.Causes, Fatal: s.Fatal, Final: s.Final,
	})
}

func (o *lookout) test(t diagnose.Test, origin diagnose.Origin) {
	origin.Seq = o.numbers.seq(t.At)
	if !o.e.Tests.Add(t, origin) {
		return
	}
	switch t.Status {
	case diagnose.Passed:
		o.event(events.TestPassed, origin, events.Tested{Test: t, Origin: origin})
	case diagnose.Failed:
		o.event(events.TestFailed, origin, events.Tested{Test: t, Origin: origin})
	}
}

func (o *lookout) build(b *diagnose.Build, origin diagnose.Origin) {
	origin.Seq = o.numbers.seq(b.At)
	switch b.Phase {
	case diagnose.Started:
		o.e.Problems.Clear(o.id, origin.Tag, b.Source())
	case diagnose.Ended:
		o.e.Problems.Ended(o.id, origin.Tag, b.Source())
	case diagnose.Progress:
		if o.percent == b.Percent {
			return
		}
		o.percent = b.Percent
	}
	o.event(events.BuildEvent, origin, events.Built{
		Seq: origin.Seq, Tool: b.Tool, Phase: b.Phase.String(), OK: b.OK, Errors: b.Errors, Warnings: b.Warnings, Percent: b.Percent, Name: b.Name,
	})
}

// publish lets readers of the sets see what has changed.
func (e *Engine) publish() {
	e.Problems.Publish()
	e.Tests.Publish()
}
