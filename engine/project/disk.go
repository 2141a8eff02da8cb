package project

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"
)

// disk reads folders and files of a workspace, and keeps what it has read until
// the file system says that it has changed. It may be used by several goroutines.
//
// What is asked again costs one stat instead of listing or reading. A time of
// change that is not yet in the past is not believed: a second change within the
// clock's grain would not show.
type disk struct {
	fsys fs.FS
	now  func() time.Time

	mu      sync.Mutex
	listed  map[string]listed
	content map[string]content
	held    int64             // bytes in content
	failed  map[string]failed // what could not be listed or read since the last begin
	unkept  bool              // since then something was read that is not kept
}

// heldBytes bounds what is kept of the files' content.
const heldBytes = 32 << 20

// racy is how old a change must be to be told from a later one: the grain of
// the coarsest file system in use (FAT's two seconds).
const racy = 2 * time.Second

// listed is a folder's entries; they are not changed.
type listed struct {
	changed        time.Time
	files, folders []string // sorted; links are files
	hasIgnore      bool     // a .gitignore is among the files
}

type content struct {
	changed time.Time
	size    int64
	data    []byte
}

func newDisk(fsys fs.FS) *disk {
	return &disk{fsys: fsys, now: time.Now, listed: make(map[string]listed), content: make(map[string]content), failed: make(map[string]failed)}
}

// list gives what is in a folder.
func (d *disk) list(dir string) (listed, error) {
	l, err := d.listing(dir)
	d.note(dir, failed{folder: true}, err)
	return l, err
}

func (d *disk) listing(dir string) (listed, error) {
	d.mu.Lock()
	known, ok := d.listed[dir]
	d.mu.Unlock()
	if ok {
		info, err := fs.Stat(d.fsys, dir)
		if err != nil {
			return listed{}, err
		}
		if d.settled(info, known.changed) {
			return known, nil
		}
	}
	changed, entries, err := d.entries(dir)
	if err != nil {
		return listed{}, err
	}
	l := listed{changed: changed}
	for _, e := range entries {
		// A link to a folder is among the files, as its type is not a folder's:
		// that is what keeps a loop of links from being followed.
		if e.IsDir() {
			l.folders = append(l.folders, e.Name())
			continue
		}
		l.files = append(l.files, e.Name())
		l.hasIgnore = l.hasIgnore || e.Name() == ".gitignore"
	}
	d.mu.Lock()
	d.listed[dir] = l
	d.mu.Unlock()
	return l, nil
}

// entries reads a folder. Its time is taken first: what changes in between is then
// found to be new. The order is by name; the whole listing's rests on this.
func (d *disk) entries(dir string) (changed time.Time, entries []fs.DirEntry, err error) {
	info, err := fs.Stat(d.fsys, dir)
	if err != nil {
		return changed, nil, err
	}
	entries, err = fs.ReadDir(d.fsys, dir)
	return info.ModTime(), entries, err
}

// settled reports whether something is as it was at a time of change.
func (d *disk) settled(info fs.FileInfo, changed time.Time) bool {
	return info.ModTime().Equal(changed) && d.now().Sub(changed) > racy
}

// read gives the content of a file of at most most bytes, without its byte order
// mark, which npm and make skip too. It must not be changed.
func (d *disk) read(name string, most int64) ([]byte, error) {
	data, err := d.readHead(name, most+1)
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("larger than %d bytes", most)
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

var errNotRegular = errors.New("not a regular file")

// readHead gives the first most bytes of a file. The size that Stat gives is not
// relied on: a file that grows, or one in /proc, would be larger than it says.
func (d *disk) readHead(name string, most int64) ([]byte, error) {
	data, err := d.head(name, most)
	d.note(name, failed{most: most}, err)
	return data, err
}

func (d *disk) head(name string, most int64) ([]byte, error) {
	// Looked at before it is opened: opening a named pipe would wait for
	// somebody to write to it.
	info, err := fs.Stat(d.fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	if data, ok := d.kept(name, info); ok {
		return data, nil
	}
	f, err := d.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var data bytes.Buffer
	data.Grow(int(min(info.Size(), most)) + bytes.MinRead) // with room to see its end by
	if _, err := data.ReadFrom(io.LimitReader(f, most)); err != nil {
		return nil, err
	}
	d.keep(name, info, data.Bytes())
	return data.Bytes(), nil
}

func (d *disk) kept(name string, info fs.FileInfo) ([]byte, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.content[name]
	if !ok || c.size != info.Size() || !d.settled(info, c.changed) {
		return nil, false
	}
	return c.data, true
}

// keep keeps what was read, as long as there is room. Nothing is pushed out: a
// workspace with more than heldBytes of makefiles is read again each time.
func (d *disk) keep(name string, info fs.FileInfo, data []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	grown := d.held - int64(len(d.content[name].data)) + int64(len(data))
	if grown > heldBytes {
		d.unkept = true
		return
	}
	d.held = grown
	d.content[name] = content{info.ModTime(), info.Size(), data}
}

// forget drops what is known of folders and files that are no longer there.
func (d *disk) forget(t *tree) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for dir := range d.listed {
		if _, there := t.files[dir]; !there {
			delete(d.listed, dir)
		}
	}
	for name, c := range d.content {
		if !t.has(name) {
			d.held -= int64(len(c.data))
			delete(d.content, name)
		}
	}
}

// keeps reports whether the content of a file is kept.
func (d *disk) keeps(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.content[name]
	return ok
}

// reason is an error's text without the path that a Problem already has.
func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err.Error()
	}
	return err.Error()
}
