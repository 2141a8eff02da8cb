package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
)

// LoadMatchers replaces the user's problem matchers by those in files, whose
// names are relative to the workspace, and looks at the lines that are held once
// more. What can't be used is in the error; the rest is used.
func (e *Engine) LoadMatchers(files []string) error {
	list, missing := ReadMatchers(e.Root, files)
	rules, wrong := diagnose.Load(list)
	e.rules.Store(rules)
	for _, o := range e.later.present() {
		o.replay()
	}
	e.publish()
	return errors.Join(append([]error{missing}, wrong...)...)
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
	o.scanner, o.reader = detect.Scanner{Literals: o.rules.Literals()}, diagnose.NewStream(o.rules)
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
			o.record(r.Raw, r.Partial)
		}
		o.tell()
		q.After, more = page.Next, page.More
	}
}
