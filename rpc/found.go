package rpc

import (
	"context"
	"slices"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// found is what a client knows of the problems, tests and addresses. It belongs
// to the pump's goroutine.
type found struct {
	problems  *diagnose.ProblemList
	tests     *diagnose.TestList
	urls      *engine.URLList
	at        time.Time       // when it was last told
	published map[string]bool // the files that it has diagnostics of
}

func newFound(e *engine.Engine) found {
	return found{problems: e.Problems.List(), tests: e.Tests.List(), urls: e.URLs.List(), published: map[string]bool{}}
}

// introduce has an editor told of the problems that hold already: diagnostics come
// to it in no other way. It waits for initialized, before which LSP allows no
// notification.
func (p *pump) introduce() {
	p.mu.Lock()
	p.introduced = true
	p.mu.Unlock()
	p.kick()
}

// introducing reports, once, whether an editor is to be told of everything.
func (p *pump) introducing() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	due := p.introduced
	p.introduced = false
	return due
}

// watchFound rings the pump when something is found.
func (p *pump) watchFound() (stop func()) {
	stops := []func(){p.engine.Problems.Watch(p.bell), p.engine.Tests.Watch(p.bell), p.engine.URLs.Watch(p.bell)}
	return func() {
		for _, stop := range stops {
			stop()
		}
	}
}

// sendFound tells what has changed in the sets of what the output means, not more
// often than every changedDelay, and returns when to look again.
func (p *pump) sendFound(ctx context.Context, now bool) (time.Duration, error) {
	p.mu.Lock()
	topics := [3]bool{p.topics["problems"], p.topics["tests"], p.topics["urls"]}
	p.mu.Unlock()
	f := &p.found
	if p.introducing() && len(f.problems.Entries) > 0 {
		f.problems = &diagnose.ProblemList{}
	}
	problems, tests, urls := p.engine.Problems.List(), p.engine.Tests.List(), p.engine.URLs.List()
	changed := topics[0] && problems != f.problems || topics[1] && tests != f.tests || topics[2] && urls != f.urls
	if !changed {
		return never, nil
	}
	if wait := time.Until(f.at.Add(changedDelay)); wait > 0 && !now {
		return wait, nil
	}
	f.at = time.Now()
	for _, tell := range []struct {
		wanted bool
		send   func(context.Context) error
	}{
		{topics[0] && problems != f.problems, func(ctx context.Context) error { return p.sendProblems(ctx, problems) }},
		{topics[1] && tests != f.tests, func(ctx context.Context) error { return p.sendTests(ctx, tests) }},
		{topics[2] && urls != f.urls, func(ctx context.Context) error { return p.sendURLs(ctx, urls) }},
	} {
		if !tell.wanted {
			continue
		}
		if err := tell.send(ctx); err != nil {
			return 0, err
		}
	}
	return never, nil
}

// difference compares two states of a set: the members that are new or have
// changed, and those that are gone.
func difference[T any](before, after []*T, id func(*T) string) (added, removed []*T) {
	old := make(map[string]*T, len(before))
	for _, m := range before {
		old[id(m)] = m
	}
	for _, m := range after {
		k := id(m)
		if old[k] != m {
			added = append(added, m)
		}
		delete(old, k)
	}
	for _, m := range before {
		if old[id(m)] != nil {
			removed = append(removed, m)
		}
	}
	return added, removed
}

func (p *pump) sendProblems(ctx context.Context, list *diagnose.ProblemList) error {
	before := p.found.problems
	added, removed := difference(before.Entries, list.Entries, func(e *diagnose.Entry) string { return e.ID })
	l := p.session.locator()
	w := wire.ProblemsChanged{Previous: before.Revision, Revision: list.Revision, Added: []wire.Problem{}, Removed: []string{}, Counts: problemCounts(list)}
	for _, e := range added {
		if len(w.Added) == maxFound {
			break // a client that wants the rest calls problems/list
		}
		w.Added = append(w.Added, l.problem(e))
	}
	for _, e := range removed {
		w.Removed = append(w.Removed, e.ID)
	}
	p.found.problems = list
	if err := p.notifyValue(ctx, "problems/changed", w); err != nil {
		return err
	}
	if p.session.header() {
		return p.publishDiagnostics(ctx, l, list, slices.Concat(added, removed, moved(before, added)))
	}
	return nil
}

// moved are the former states of entries that have changed: a place that they
// have left must be published, too.
func moved(before *diagnose.ProblemList, added []*diagnose.Entry) (old []*diagnose.Entry) {
	now := map[string]*diagnose.Entry{}
	for _, e := range added {
		now[e.ID] = e
	}
	for _, e := range before.Entries {
		if n := now[e.ID]; n != nil && n.File != e.File {
			old = append(old, e)
		}
	}
	return old
}

// publishDiagnostics sends the whole set of each file that one of the entries is
// in.
func (p *pump) publishDiagnostics(ctx context.Context, l *locator, list *diagnose.ProblemList, changed []*diagnose.Entry) error {
	sets := map[string][]wire.Diagnostic{}
	var order []string
	for _, e := range changed {
		uri := fileURI(e.Spot(p.engine.Spot).Path)
		if sets[uri] == nil {
			sets[uri] = []wire.Diagnostic{}
			order = append(order, uri)
		}
	}
	for _, e := range list.Entries {
		if uri := fileURI(e.Spot(p.engine.Spot).Path); sets[uri] != nil {
			sets[uri] = append(sets[uri], l.diagnostic(e))
		}
	}
	for _, uri := range order {
		if len(sets[uri]) == 0 && !p.found.published[uri] {
			continue // it came and went between two looks
		}
		p.found.published[uri] = len(sets[uri]) > 0
		if err := p.publishFile(ctx, uri, sets[uri]); err != nil {
			return err
		}
	}
	return nil
}

// publishFile sends the whole set of a file: what processes have told of it, and
// what is wrong in it as a configuration.
func (p *pump) publishFile(ctx context.Context, uri string, told []wire.Diagnostic) error {
	set := slices.Concat([]wire.Diagnostic{}, told, p.mistakes.set[uri])
	return p.notifyValue(ctx, "textDocument/publishDiagnostics", wire.PublishDiagnosticsParams{URI: uri, Diagnostics: set})
}

func (p *pump) sendTests(ctx context.Context, list *diagnose.TestList) error {
	before := p.found.tests
	added, removed := difference(before.Cases, list.Cases, testID)
	l := p.session.locator()
	w := wire.TestsChanged{Previous: before.Revision, Revision: list.Revision, Added: []wire.TestCase{}, Removed: []string{}, Counts: testSummary(list)}
	for _, k := range added {
		if len(w.Added) == maxFound {
			break
		}
		w.Added = append(w.Added, l.testCase(k))
	}
	for _, k := range removed {
		w.Removed = append(w.Removed, testID(k))
	}
	p.found.tests = list
	return p.notifyValue(ctx, "tests/changed", w)
}

func (p *pump) sendURLs(ctx context.Context, list *engine.URLList) error {
	before := p.found.urls
	added, removed := difference(before.URLs, list.URLs, urlID)
	w := wire.URLsChanged{Previous: before.Revision, Revision: list.Revision, Added: []wire.URL{}, Removed: []string{}}
	proxies := proxiesOf(p.engine)
	for _, u := range added {
		w.Added = append(w.Added, urlOf(u, proxies))
	}
	for _, u := range removed {
		w.Removed = append(w.Removed, urlID(u))
	}
	for _, u := range list.URLs {
		switch u.State {
		case engine.Verified:
			w.Counts.Verified++
		case engine.Claimed:
			w.Counts.Claimed++
		default:
			w.Counts.Link++
		}
	}
	p.found.urls = list
	return p.notifyValue(ctx, "urls/changed", w)
}

func (p *pump) notifyValue(ctx context.Context, method string, value any) error {
	params, err := wire.Encode(value)
	if err != nil {
		return err
	}
	return p.notify(ctx, method, params)
}
