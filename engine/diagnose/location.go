package diagnose

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
)

// fileBase is VS Code's fileLocation.
type fileBase struct {
	dir    string  // that paths are relative to; "" is the process's folder
	search *Search // where files are to be looked for; nil for nowhere
}

// Search says in which folders a file may be, however deep, that a tool prints
// without them. Folders are slash-separated and relative to the workspace, or
// absolute. It is immutable.
type Search struct {
	Include []string // never empty; "" is the workspace
	Exclude []string
}

// fileLocation reads VS Code's forms:
//
//	"absolute"  "relative"  "autoDetect"  "search"
//	["relative", "${workspaceFolder}/x"]  ["autoDetect", "${workspaceFolder}/x"]
//	["search", {"include": ["${workspaceFolder}/src"], "exclude": "${workspaceFolder}/src/gen"}]
//
// The first three are tried for every path anyway, so that only the folder of
// "relative" and what "search" says is kept.
func fileLocation(raw json.RawMessage) (b fileBase, err error) {
	var list []json.RawMessage
	var kind string
	if len(raw) == 0 {
		return b, nil
	}
	if json.Unmarshal(raw, &kind) != nil {
		if json.Unmarshal(raw, &list) != nil || len(list) == 0 || json.Unmarshal(list[0], &kind) != nil {
			return b, fmt.Errorf("fileLocation is neither a word nor a list that begins with one")
		}
		list = list[1:]
	}
	switch kind {
	case "absolute", "relative", "autoDetect":
		if len(list) > 0 {
			var dir string
			if json.Unmarshal(list[0], &dir) != nil {
				return b, fmt.Errorf("fileLocation: the folder behind %q is no text", kind)
			}
			b.dir = folder(dir)
		}
	case "search":
		b.search, err = searchIn(list)
	default:
		err = fmt.Errorf("fileLocation: there is no %q: absolute, relative, autoDetect, search", kind)
	}
	return b, err
}

func searchIn(list []json.RawMessage) (*Search, error) {
	s := &Search{}
	if len(list) > 0 {
		var where struct {
			Include stringList `json:"include"`
			Exclude stringList `json:"exclude"`
		}
		if err := json.Unmarshal(list[0], &where); err != nil {
			return nil, fmt.Errorf("fileLocation: search: %w", err)
		}
		for _, dir := range where.Include {
			s.Include = append(s.Include, folder(dir))
		}
		for _, dir := range where.Exclude {
			s.Exclude = append(s.Exclude, folder(dir))
		}
	}
	if len(s.Include) == 0 {
		s.Include = []string{""}
	}
	return s, nil
}

// folder is a folder as VS Code's files name it, relative to the workspace if it
// is inside.
func folder(s string) string {
	s = strings.ReplaceAll(s, `\`, "/")
	for _, v := range []string{"${workspaceFolder}", "${workspaceRoot}", "${cwd}"} {
		if rest, ok := strings.CutPrefix(s, v); ok {
			return strings.Trim(rest, "/")
		}
	}
	if s == "" || path.IsAbs(s) {
		return s
	}
	return strings.Trim(path.Clean(s), "/")
}

// Excludes reports whether a folder, relative to the workspace or absolute, is left
// out.
func (s *Search) Excludes(dir string) bool {
	for _, e := range s.Exclude {
		if dir == e || strings.HasPrefix(dir, e+"/") {
			return true
		}
	}
	return false
}

// Unkept is what a matcher asks for that is not done. The matcher is used.
type Unkept struct{ error }

// applyTo: which documents are open only an editor knows, so that problems are
// told for all of them.
func (l *loader) applyTo(m *codeMatcher) error {
	switch m.ApplyTo {
	case "", "allDocuments":
	case "openDocuments", "closedDocuments":
		l.errs = append(l.errs, Unkept{fmt.Errorf("%s: %s: applyTo %q is not kept: the engine does not know which documents are open, and reports the problems of all; an editor can leave out those it does not want", l.name, m.Name, m.ApplyTo)})
	default:
		return fmt.Errorf("there is no applyTo %q: allDocuments, openDocuments, closedDocuments", m.ApplyTo)
	}
	return nil
}
