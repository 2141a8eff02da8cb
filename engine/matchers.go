package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// matching says which of the user's matchers read which process's output. It is
// immutable: other files, or another configuration, make a new one.
type matching struct {
	all *diagnose.Rules                // of all files; nil for none
	own map[scriptName]*diagnose.Rules // of scripts that say which
}

// scriptName is what a process and its script have in common.
type scriptName struct{ source, name string }

// of gives the matchers for a process.
func (m *matching) of(script scriptName) *diagnose.Rules {
	if m == nil {
		return nil
	}
	if own, ok := m.own[script]; ok {
		return own
	}
	return m.all
}

// newMatching reads the user's matchers, and those that scripts bring with them.
// What can't be used is in the error; the rest is used.
func newMatching(files []project.MatcherFile, scripts []project.Script) (*matching, error) {
	list, missing := matcherFiles(files)
	all, wrong := diagnose.Load(list)
	m := &matching{all: all, own: make(map[scriptName]*diagnose.Rules)}
	errs := append(missing, wrong...)
	for _, s := range scripts {
		if s.Policy == nil || s.Policy.Matchers == nil {
			continue
		}
		own, wrong := ownMatchers(list, s)
		m.own[scriptName{s.Source, s.Name}] = own
		errs = append(errs, wrong...)
	}
	return m, errors.Join(errs...)
}

// ownMatchers are those that a script names, and those that it has written out. The
// errors are about the latter.
func ownMatchers(files []diagnose.File, s project.Script) (*diagnose.Rules, []error) {
	written := s.Policy.Matchers.Written()
	own := s.Source + ": the matchers of " + s.Name
	if written != nil {
		files = append(slices.Clip(files), diagnose.File{Name: own, Data: written})
	}
	rules, wrong := diagnose.Load(files)
	named := make(map[string]bool)
	for _, name := range s.Policy.Matchers.Names() {
		named[strings.TrimPrefix(name, "$")] = true
	}
	wrong = slices.DeleteFunc(wrong, func(err error) bool { return !strings.HasPrefix(err.Error(), own) })
	return rules.Choose(func(file, name string) bool { return file == own || named[name] }), wrong
}

func matcherFiles(files []project.MatcherFile) (list []diagnose.File, missing []error) {
	for _, f := range files {
		if f.Err != "" {
			missing = append(missing, fmt.Errorf("%s: %s", f.Name, f.Err))
			continue
		}
		list = append(list, diagnose.File{Name: f.Name, Data: f.Data})
	}
	return list, missing
}

// useMatchers replaces the user's problem matchers, and looks at the lines that
// are held once more.
func (e *Engine) useMatchers(files []project.MatcherFile, scripts []project.Script) {
	m, err := newMatching(files, scripts)
	if err != nil {
		e.options.logf()("matchers: %v", err)
	}
	e.matching.Store(m)
	for _, o := range e.later.present() {
		o.replay()
	}
	e.publish()
}

// sameMatchers reports whether two states of the workspace mean the same matchers.
func sameMatchers(a, b *project.Known) bool {
	return reflect.DeepEqual(a.Matchers, b.Matchers) && reflect.DeepEqual(matchersOf(a.Scripts), matchersOf(b.Scripts))
}

func matchersOf(scripts []project.Script) map[scriptName]config.Matchers {
	of := make(map[scriptName]config.Matchers)
	for _, s := range scripts {
		if s.Policy != nil && s.Policy.Matchers != nil {
			of[scriptName{s.Source, s.Name}] = s.Policy.Matchers
		}
	}
	return of
}

// ReadMatchers reads files whose names are relative to root. Those that can be
// read are returned also with an error.
func ReadMatchers(root string, files []string) (list []diagnose.File, err error) {
	var errs []error
	for _, name := range files {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(root, path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		list = append(list, diagnose.File{Name: name, Data: data})
	}
	return list, errors.Join(errs...)
}

// replay looks at the held lines of the run once more, with the matchers that
// there are now. Its writer waits for that long.
func (o *lookout) replay() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.refreshRules()
	run := o.run.Load()
	if run == 0 {
		return
	}
	o.e.Problems.Reread(o.key)
	o.begin()
	o.at, o.numbers = 0, numbering{}
	o.quiet = true
	defer func() { o.quiet = false }()
	q := logs.Query{Filter: logs.Filter{Processes: []string{o.id}, Streams: []lines.Stream{o.stream}, Run: run}, Limit: 1000, Bytes: 1 << 20}
	for more := true; more; {
		page, err := o.e.Logs.Read(context.Background(), q)
		if err != nil {
			return
		}
		for i := range page.Records {
			r := &page.Records[i]
			o.numbers.add(o.at+1, r.Seq)
			o.time = r.Time
			o.contain(func() { o.record(r.Raw, r.Partial) })
		}
		o.tell()
		q.After, more = page.Next, page.More
	}
}
