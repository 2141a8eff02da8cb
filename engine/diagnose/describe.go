package diagnose

import (
	"fmt"
	"strings"
)

// String says for people what was found.
func (f Finding) String() string {
	switch {
	case f.Problem != nil:
		return "problem " + f.Problem.describe()
	case f.Stack != nil:
		return f.Stack.describe()
	case f.Test != nil:
		return f.Test.describe()
	case f.Summary != nil:
		s := f.Summary
		return fmt.Sprintf("test run of %s: %d passed, %d failed, %d skipped", s.Framework, s.Passed, s.Failed, s.Skipped)
	case f.Build != nil:
		return f.Build.describe()
	case f.Clear != nil && f.Clear.Sources != nil:
		return "the problems of " + strings.Join(f.Clear.Sources, ", ") + " no longer hold"
	}
	return "the problems so far no longer hold"
}

// String is the place as tools print it.
func (p Place) String() string {
	s := p.File
	if p.Line > 0 {
		s += fmt.Sprintf(":%d", p.Line)
	}
	if p.Col > 0 {
		s += fmt.Sprintf(":%d", p.Col)
	}
	return s
}

func (p *Problem) describe() string {
	first, _, more := strings.Cut(p.Message, "\n")
	if more {
		first += " ..."
	}
	code := ""
	if p.Code != "" {
		code = " " + p.Code
	}
	return fmt.Sprintf("%s %s%s (%s): %s", p.Place, p.Severity, code, p.Source, first)
}

func (s *Stack) describe() string {
	if !s.Final {
		return "a " + s.Kind + " stack begins: " + s.title()
	}
	top := ""
	if s.Top.File != "" {
		top = " at " + s.Top.Place.String()
	}
	return fmt.Sprintf("%s stack, lines %d-%d%s, %d frames, %d causes: %s", s.Kind, s.First, s.Last, top, len(s.Frames), len(s.Causes), s.title())
}

func (t *Test) describe() string {
	s := fmt.Sprintf("test %s (%s): %s", t.Status, t.Framework, t.Name)
	if t.Place.File != "" {
		s += " at " + t.Place.String()
	}
	return s
}

func (b *Build) describe() string {
	s := "build " + b.Phase.String() + " (" + b.Tool + ")"
	if b.Name != "" {
		s += " " + b.Name
	}
	switch {
	case b.Phase == Progress && b.Percent >= 0:
		s += fmt.Sprintf(" %d %%", b.Percent)
	case b.Phase == Ended && b.OK:
		s += ": succeeded"
	case (b.Phase == Ended || b.Phase == Part) && !b.OK:
		s += ": failed"
	}
	return s
}
