package rpc

import (
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// Limits of the lists of what was found.
const (
	defaultFound = 200
	maxFound     = 1000
)

func problemsList(c *call, p wire.ProblemsParams) (wire.ProblemList, error) {
	limit, err := foundLimit(p.Limit)
	if err != nil {
		return wire.ProblemList{}, err
	}
	least := diagnose.Hint
	if p.Severity != "" {
		var ok bool
		if least, ok = diagnose.ParseSeverity(p.Severity); !ok {
			return wire.ProblemList{}, invalidParams("/severity", fmt.Sprintf("there is no severity %q: error, warning, info, hint", p.Severity))
		}
	}
	if p.File != "" && !filepath.IsAbs(p.File) {
		p.File = filepath.Join(c.engine.Root, p.File)
	}
	list, l := c.engine.Problems.List(), c.locator()
	out := wire.ProblemList{Problems: []wire.Problem{}, Counts: problemCounts(list), Revision: list.Revision}
	for _, e := range list.Entries {
		if e.Severity > least || p.Process != "" && e.Process != p.Process || p.File != "" && e.Spot(c.engine.Spot).Path != filepath.Clean(p.File) {
			continue
		}
		if len(out.Problems) == limit {
			out.More = true
			break
		}
		out.Problems = append(out.Problems, l.problem(e))
	}
	return out, nil
}

func foundLimit(limit *int) (int, error) {
	switch {
	case limit == nil:
		return defaultFound, nil
	case *limit < 0:
		return 0, invalidParams("/limit", "limit must not be negative")
	case *limit > maxFound:
		return 0, failed("limit.tooLarge", fmt.Sprintf("limit is %d, at most %d can be had at once", *limit, maxFound))
	}
	return *limit, nil
}

func problemsClear(c *call, p wire.ClearProblemsParams) (wire.Null, error) {
	if p.Process != "" {
		if _, err := c.process(p.Process); err != nil {
			return wire.Null{}, err
		}
	}
	c.engine.Problems.Drop(p.Process)
	c.engine.Problems.Publish()
	return wire.Null{}, nil
}

func problemCounts(l *diagnose.ProblemList) wire.ProblemCounts {
	return wire.ProblemCounts{Errors: l.Errors, Warnings: l.Warnings, Others: l.Others, Dropped: l.Dropped}
}

func (l *locator) problem(e *diagnose.Entry) wire.Problem {
	w := wire.Problem{
		ID: e.ID, Process: e.Process, Run: e.Run, Seq: e.Seq, T: e.Time, Severity: e.Severity.String(), Code: e.Code,
		Message: e.Message, Source: e.Source, Count: e.Count, FirstAt: e.First, Test: e.Test,
	}
	w.Location, w.Resolved = l.entry(e)
	if e.Fingerprint != 0 {
		w.Group = strconv.FormatUint(e.Fingerprint, 36)
	}
	for _, r := range e.Related {
		w.Related = append(w.Related, wire.RelatedProblem{Location: l.place(r.Place, e.Origin), Message: r.Message})
	}
	return w
}

// diagnostic is a problem as LSP has it. A place without an end is the character
// there.
func (l *locator) diagnostic(e *diagnose.Entry) wire.Diagnostic {
	at, _ := l.entry(e)
	d := wire.Diagnostic{
		Range: rangeOf(at), Severity: int(e.Severity), Code: e.Code, Source: e.Source, Message: e.Message,
		Data: &wire.DiagnosticData{Process: e.Process, Seq: e.Seq, ID: e.ID},
	}
	for _, r := range e.Related {
		at := l.place(r.Place, e.Origin)
		d.RelatedInformation = append(d.RelatedInformation, wire.RelatedInformation{
			Location: wire.URIRange{URI: at.URI, Range: rangeOf(at)}, Message: r.Message,
		})
	}
	return d
}

func rangeOf(at wire.Location) wire.Range {
	start := wire.Position{Line: at.Line, Character: at.Character}
	end := start
	if at.EndLine != nil && at.EndCharacter != nil {
		end = wire.Position{Line: *at.EndLine, Character: *at.EndCharacter}
	}
	return wire.Range{Start: start, End: end}
}
