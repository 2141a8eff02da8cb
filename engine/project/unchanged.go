package project

import (
	"context"
	"io/fs"
	"time"
)

// failed is what could not be listed or read, and why.
type failed struct {
	folder bool
	most   int64 // of a file: how much of it was wanted
	why    string
}

// note remembers what could not be had, or forgets it.
func (d *disk) note(name string, what failed, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		delete(d.failed, name)
		return
	}
	what.why = err.Error()
	d.failed[name] = what
}

// begin begins a look at the whole workspace, by which [disk.unchanged] goes.
func (d *disk) begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.failed)
	d.unkept = false
}

// seen is one thing that was looked at, and how it was.
type seen struct {
	name    string
	changed time.Time
	size    int64 // of a file; -1 of a folder
}

// unchanged reports whether all that was listed and read is as it was: then who
// looks again finds what was found before. It costs one stat for each folder and
// file, and parses nothing.
func (d *disk) unchanged(ctx context.Context) bool {
	all, failures, whole := d.seen()
	if !whole {
		return false
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if each(ctx, len(all), func(i int) {
		if !d.asSeen(all[i]) {
			stop()
		}
	}) != nil {
		return false
	}
	for name, f := range failures {
		if ctx.Err() != nil || !d.failsAgain(name, f) {
			return false
		}
	}
	return true
}

// seen gives all that is known by its time, and what could not be had. whole is
// false if that is not all that was looked at.
func (d *disk) seen() (all []seen, failures map[string]failed, whole bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unkept || len(d.listed) == 0 {
		return nil, nil, false
	}
	all = make([]seen, 0, len(d.listed)+len(d.content))
	for name, l := range d.listed {
		all = append(all, seen{name, l.changed, -1})
	}
	for name, c := range d.content {
		all = append(all, seen{name, c.changed, c.size})
	}
	failures = make(map[string]failed, len(d.failed))
	for name, f := range d.failed {
		failures[name] = f
	}
	return all, failures, true
}

func (d *disk) asSeen(s seen) bool {
	info, err := fs.Stat(d.fsys, s.name)
	return err == nil && info.IsDir() == (s.size < 0) && (s.size < 0 || info.Size() == s.size) && d.settled(info, s.changed)
}

// failsAgain reports whether something can't be had for the same reason as before.
func (d *disk) failsAgain(name string, f failed) bool {
	var err error
	if f.folder {
		_, err = d.list(name)
	} else {
		_, err = d.readHead(name, f.most)
	}
	return err != nil && err.Error() == f.why
}
