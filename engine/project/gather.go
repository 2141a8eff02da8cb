package project

import (
	"context"
	"path"
)

// maxIncluded is how many files one file may bring in, itself or through others.
const maxIncluded = 100

// maxReads is how often such files are read for one, each time one is named: of
// files that each name the next one twice, the last of twenty would be read a
// million times.
const maxReads = 500

// gathered is one file that a line of the kinds table is for, with those that it
// includes.
type gathered struct {
	kind   kind
	dir    string // of the folder that it is about
	path   string
	data   []byte
	more   map[string][]byte // the included ones, by path
	unread []unread          // what could not be read
}

// unread is a file and why it could not be read.
type unread struct{ path, why string }

// gather reads the files of all folders that any kind is for.
func (w *walk) gather(ctx context.Context) ([]gathered, error) {
	found := make([][]gathered, len(w.folders))
	err := each(ctx, len(w.folders), func(i int) { found[i] = w.gatherFolder(w.folders[i].path) })
	if err != nil {
		return nil, err
	}
	var all []gathered
	total := int64(0)
	for _, of := range found {
		for _, g := range of {
			if total += int64(len(g.data)); total > w.lim.total {
				g.data, g.more = nil, nil
				g.unread = []unread{{g.path, "not read: the limit of what is read of all files is reached"}}
			}
			all = append(all, g)
		}
	}
	return all, nil
}

func (w *walk) gatherFolder(dir string) []gathered {
	var found []gathered
	for _, k := range kinds {
		for _, name := range k.pick(w.tree, dir) {
			found = append(found, w.gatherFile(k, dir, path.Join(dir, name)))
		}
	}
	return found
}

// gatherFile reads a file and, if its kind has such, those that it includes.
func (w *walk) gatherFile(k kind, dir, file string) gathered {
	g := gathered{kind: k, dir: dir, path: file}
	data, err := w.disk.read(file, w.lim.file)
	if err != nil {
		g.unread = append(g.unread, unread{file, reason(err)})
		return g
	}
	g.data = data
	if k.includes != nil {
		w.include(&g, file, data)
	}
	return g
}

// include reads what a file includes, each once. Files that are not there are no
// problem: an include may be optional, or of a file that is generated.
func (w *walk) include(g *gathered, file string, data []byte) {
	for _, name := range g.kind.includes(w.tree, g.dir, file, data) {
		if _, known := g.more[name]; known || name == g.path || !w.tree.has(name) || len(g.more) == maxIncluded {
			continue
		}
		if g.more == nil {
			g.more = make(map[string][]byte)
		}
		included, err := w.disk.read(name, w.lim.file)
		if err != nil {
			g.unread = append(g.unread, unread{name, reason(err)})
			continue
		}
		g.more[name] = included
		w.include(g, name, included)
	}
}
