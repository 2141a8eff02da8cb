package rpc

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// mistakes are the diagnostics of configuration files that an editor shows. They
// belong to the pump's goroutine.
type mistakes struct {
	of  *project.Known // that they are from; nil for none
	set map[string][]wire.Diagnostic
}

// sendMistakes publishes what is wrong in the files of a configuration, and takes
// back what is not any more. known is nil if the client does not watch the project.
func (p *pump) sendMistakes(ctx context.Context, known *project.Known) error {
	if known == p.mistakes.of || !p.session.header() {
		return nil
	}
	before := p.mistakes.set
	l := p.session.locator()
	p.mistakes = mistakes{known, l.mistakes(known)}
	files := make(map[string]bool)
	for _, set := range []map[string][]wire.Diagnostic{before, p.mistakes.set} {
		for uri := range set {
			files[uri] = true
		}
	}
	for _, uri := range slices.Sorted(maps.Keys(files)) {
		if reflect.DeepEqual(before[uri], p.mistakes.set[uri]) {
			continue
		}
		if err := p.publishFile(ctx, uri, l.diagnosticsOf(p.found.problems, uri)); err != nil {
			return err
		}
	}
	return nil
}

// diagnosticsOf gives what processes have told of a file.
func (l *locator) diagnosticsOf(list *diagnose.ProblemList, uri string) (set []wire.Diagnostic) {
	for _, e := range list.Entries {
		if fileURI(e.Spot(l.engine.Spot).Path) == uri {
			set = append(set, l.diagnostic(e))
		}
	}
	return set
}

// mistakes gives the diagnostics of each file of a configuration.
func (l *locator) mistakes(known *project.Known) map[string][]wire.Diagnostic {
	if known == nil {
		return nil
	}
	sets := make(map[string][]wire.Diagnostic)
	add := func(list []config.Issue, severity diagnose.Severity) {
		for _, i := range list {
			if i.File == "" {
				continue // of a flag
			}
			uri, d := l.mistake(i)
			d.Severity = int(severity)
			sets[uri] = append(sets[uri], d)
		}
	}
	add(known.Issues, diagnose.Error)
	add(known.Warnings, diagnose.Warning)
	return sets
}

func (l *locator) mistake(i config.Issue) (uri string, d wire.Diagnostic) {
	at := l.at(diagnose.Place{
		Line: i.Line, Col: i.Column, EndLine: i.End.Line, EndCol: i.End.Column, Unit: diagnose.Runes,
	}, diagnose.Spot{Path: l.engine.Project.Path(i.File), Found: true})
	return at.URI, wire.Diagnostic{Range: rangeOf(at), Source: "brummer-rpc", Message: i.Message}
}
