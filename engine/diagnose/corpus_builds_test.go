package diagnose

import (
	"maps"
	"slices"
)

// The part of the score that is of builds, of the ends of test runs and of where
// tests are. A capture whose truth has no list of builds is not judged by it.

// trueBuild is a step of a build, or the end of a run of tests.
type trueBuild struct {
	At    int
	Phase string // start, end; of what is found also part
	OK    *bool  // of an end
}

// buildsOf is what a finding says of builds. A tool that begins anew makes void
// what it said: that is a start, too.
func buildsOf(f Finding) []trueBuild {
	switch {
	case f.Summary != nil:
		return []trueBuild{{int(f.Summary.At), "end", &f.Summary.OK}}
	case f.Clear != nil:
		return []trueBuild{{int(f.Clear.At), "start", nil}}
	case f.Build == nil || f.Build.Phase == Progress:
		return nil
	}
	b := trueBuild{At: int(f.Build.At), Phase: f.Build.Phase.String()}
	if b.Phase != "start" {
		b.OK = &f.Build.OK
	}
	return []trueBuild{b}
}

// answers reports whether b is the step that is wanted, a few lines away at most. A
// part that has ended, a package, stands for the whole where nothing else does.
func (b trueBuild) answers(want trueBuild) bool {
	return near(b.At, want.At) && (b.Phase == want.Phase || b.Phase == "part" && want.Phase == "end") &&
		(want.OK == nil || b.OK != nil && *b.OK == *want.OK)
}

// builds judges the steps. An end that contradicts the true one, or stands where
// nothing ended, is false. Starts are not: a runner may clear the screen.
func (c *capture) builds() {
	if c.Build == nil {
		return
	}
	for _, want := range c.Build {
		if want.Phase != "start" && want.Phase != "end" {
			continue
		}
		if slices.ContainsFunc(c.got.builds, func(b trueBuild) bool { return b.answers(want) }) {
			c.score.builds.hit++
			continue
		}
		c.score.builds.missed++
		c.say("missed the %s of a build in line %d%s", want.Phase, want.At, outcome(want.OK))
	}
	for _, b := range c.got.builds {
		if b.Phase == "end" && !slices.ContainsFunc(c.Build, b.answers) {
			c.score.builds.wrong++
			c.say("made up the end of a build in line %d%s", b.At, outcome(b.OK))
		}
	}
}

func outcome(ok *bool) string {
	switch {
	case ok == nil:
		return ""
	case *ok:
		return ", good"
	}
	return ", bad"
}

// places judges where the tests are that were found: of a failure the line, of
// another the file, if the output has it.
func (c *capture) places() {
	if c.Tests == nil || c.Build == nil {
		return
	}
	for _, q := range c.Tests.Cases {
		if q.File == "" {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(c.got.tests)) {
			if !sameTest(q.Name, name) {
				continue
			}
			p := c.got.tests[name].Place
			if (p.File == q.File || c.rel(p.File) == q.File) && (q.Line == nil || p.Line == q.line()) {
				c.score.places.hit++
			} else {
				c.score.places.missed++
				c.say("the test %q is at %s:%d, want %s:%d", name, p.File, p.Line, q.File, q.line())
			}
			break
		}
	}
}
