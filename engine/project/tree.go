package project

import (
	"iter"
	"path"
	"slices"
	"strings"
)

// tree is what the walk saw: names, and nothing of what is in the files. It is
// not changed once the walk is over, and a nil tree is an empty one, so that
// parsers stay functions of what they are given.
type tree struct {
	files   map[string][]string // folder -> the sorted names of its files, links among them
	folders map[string][]string // folder -> the sorted names of those in it that were entered
}

func newTree() *tree {
	return &tree{files: make(map[string][]string), folders: make(map[string][]string)}
}

// in gives the sorted names of the files in a folder.
func (t *tree) in(dir string) []string {
	if t == nil {
		return nil
	}
	return t.files[dir]
}

// below gives the sorted names of the folders in a folder.
func (t *tree) below(dir string) []string {
	if t == nil {
		return nil
	}
	return t.folders[dir]
}

// has reports whether a file is there.
func (t *tree) has(file string) bool {
	_, ok := slices.BinarySearch(t.in(path.Dir(file)), path.Base(file))
	return ok
}

// match gives the files, relative to the root, that a name relative to dir means:
// the file itself, or those that match if it has wildcards in its last element.
func (t *tree) match(dir, name string) []string {
	file := path.Join(dir, name)
	if !strings.ContainsAny(path.Base(name), "*?[") {
		return []string{file}
	}
	var found []string
	for _, entry := range t.in(path.Dir(file)) {
		if ok, _ := path.Match(path.Base(file), entry); ok {
			found = append(found, path.Join(path.Dir(file), entry))
		}
	}
	return found
}

// nearest gives the nearest folder from dir upwards that has one of the files,
// and which.
func (t *tree) nearest(dir string, names ...string) (at, name string, ok bool) {
	for at := range ancestors(dir) {
		for _, name := range names {
			if t.has(path.Join(at, name)) {
				return at, name, true
			}
		}
	}
	return "", "", false
}

// ancestors gives dir and each of its parents, nearest first, up to the root,
// which is ".".
func ancestors(dir string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for yield(dir) && dir != "." {
			dir = path.Dir(dir)
		}
	}
}

// upTo gives the way from a folder up to one above it: "." or "../..".
func upTo(dir, above string) string {
	way := "."
	for at := range ancestors(dir) {
		if at == above {
			break
		}
		way = path.Join(way, "..")
	}
	return way
}

// join is path.Join for a folder and a name, without its look for dots: it is
// called once per folder and name that is asked for.
func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}
