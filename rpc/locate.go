package rpc

import (
	"net/url"
	"path/filepath"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// locator turns the places that tools print into positions for one answer: it
// finds the files, and converts columns, which needs the lines of source.
type locator struct {
	engine  *engine.Engine
	sources engine.Sources
	utf8    bool // positions count bytes
}

func (s *session) locator() *locator {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &locator{engine: s.engine, utf8: s.utf8}
}

// entry is the place of a problem.
func (l *locator) entry(e *diagnose.Entry) (wire.Location, bool) {
	spot := e.Spot(l.engine.Spot)
	return l.at(e.Place, spot), spot.Found
}

// place is any other place that was found in a process's output.
func (l *locator) place(p diagnose.Place, o diagnose.Origin) wire.Location {
	return l.at(p, l.engine.Spot(p, o))
}

func (l *locator) at(p diagnose.Place, spot diagnose.Spot) wire.Location {
	w := wire.Location{File: spot.Path, URI: fileURI(spot.Path), Line: max(0, p.Line-1)}
	w.Character = l.character(spot.Path, p.Line, p.Col, p.Unit)
	if p.EndLine > 0 {
		line, char := p.EndLine-1, l.character(spot.Path, p.EndLine, p.EndCol, p.Unit)
		w.EndLine, w.EndCharacter = &line, &char
	}
	return w
}

// character converts a column. Without the source the tool's own count is the
// best there is.
func (l *locator) character(path string, line, col int, unit diagnose.Unit) int {
	if col <= 1 {
		return 0
	}
	text, ok := l.sources.Line(path, line)
	if !ok {
		return col - 1
	}
	return diagnose.Character(text, col, unit, l.utf8)
}

func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/x
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
