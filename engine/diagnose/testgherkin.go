package diagnose

import (
	"maps"
	"slices"
	"strings"
)

// gherkin is the scenarios that a runner of Gherkin has printed and the ones that
// it says have failed: cucumber in its languages, behave, godog.
//
//	Scenario: it is wrong      # features/cart.feature:8
//	Failing scenarios:
//	  features/cart.feature:8  it is wrong
//	2 scenarios (1 failed, 1 passed)
type gherkin struct {
	names   []string
	at      map[string]uint64
	place   map[string]Place
	failed  map[string]bool
	failing bool // the list of failures has begun
}

const maxScenarios = 2000

func (g *gherkin) seen() bool { return len(g.names) > 0 || len(g.failed) > 0 }

// gherkinLine takes the lines that name scenarios.
func gherkinLine(r *Reader, text, s string, width int) bool {
	g := &r.tests.gherkin
	lower := strings.ToLower(strings.Trim(s, "-():. "))
	if lower == "failing scenarios" || lower == "failed scenarios" || lower == "failed steps" {
		g.failing = true
		return true
	}
	before, rest, ok := strings.Cut(s, "Scenario")
	_, name, ok2 := strings.Cut(strings.TrimPrefix(rest, " Outline"), ": ")
	switch {
	case ok && ok2 && (rest[0] == ':' || strings.HasPrefix(rest, " Outline:")):
	case g.failing && width > 0 && g.failedAt(r, s):
		return true
	default:
		return false
	}
	if before != "" && !g.failing && !strings.HasSuffix(before, ") ") {
		return false
	}
	p := gherkinPlace(name)
	if name, _, _ = strings.Cut(name, "#"); trim(name) == "" {
		return false
	}
	if p.File == "" {
		p = gherkinPlace(before)
	}
	g.note(r, trim(name), p, g.failing || before != "")
	return true
}

// failedAt takes "features/cart.feature:8  it is wrong" of behave's list.
func (g *gherkin) failedAt(r *Reader, s string) bool {
	p, n := colonPlace(s)
	if n == 0 || !strings.HasSuffix(p.File, ".feature") || !strings.HasPrefix(s[n:], "  ") {
		return false
	}
	g.note(r, trim(s[n:]), p, true)
	return true
}

// note remembers a scenario.
func (g *gherkin) note(r *Reader, name string, p Place, failed bool) {
	if g.at == nil {
		g.at, g.place, g.failed = map[string]uint64{}, map[string]Place{}, map[string]bool{}
	}
	if _, ok := g.at[name]; !ok && len(g.at) < maxScenarios {
		g.at[name] = r.at
		if !failed {
			g.names = append(g.names, name)
		}
	}
	if _, ok := g.at[name]; !ok {
		return
	}
	if p.File != "" {
		g.place[name] = p
	}
	if failed {
		g.failed[name] = true
		r.raise(Error.level())
	}
}

// gherkinPlace is the place of the feature that a scenario is printed with.
func gherkinPlace(s string) (p Place) {
	for word := range strings.FieldsSeq(s) {
		if q, n := colonPlace(word); n > 0 && strings.HasSuffix(q.File, ".feature") {
			p = q
		}
	}
	return p
}

// tell emits the scenarios at the end of a run: those that are not said to have
// failed have passed, if all were printed.
func (g *gherkin) tell(r *Reader, total int) {
	if !g.seen() {
		return
	}
	t := &r.tests
	t.known(r, "gherkin")
	for _, name := range slices.Sorted(maps.Keys(g.failed)) {
		t.emit(r, Test{Name: name, Status: Failed, Place: g.place[name], At: g.at[name]})
	}
	if len(g.names) == total {
		for _, name := range g.names {
			if !g.failed[name] {
				t.emit(r, Test{Name: name, Status: Passed, Place: g.place[name], At: g.at[name]})
			}
		}
	}
	*g = gherkin{}
}
