package rpc

import (
	"context"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func projectScripts(c *call, _ wire.None) (wire.Scripts, error) {
	known, err := c.engine.Project.List(c.overlap())
	if err != nil {
		return wire.Scripts{}, err
	}
	c.pump.mu.Lock()
	c.pump.project.listed(known)
	c.pump.mu.Unlock()
	return scriptsOf(known), nil
}

func scriptsOf(k *project.Known) wire.Scripts {
	out := wire.Scripts{
		Scripts:  make([]wire.Script, len(k.Scripts)),
		Problems: make([]wire.ScriptProblem, len(k.Problems)),
		Revision: k.Revision,
	}
	for i, s := range k.Scripts {
		out.Scripts[i] = scriptOf(s)
	}
	for i, p := range k.Problems {
		out.Problems[i] = wire.ScriptProblem{File: p.File, Line: p.Line, Column: p.Column, Message: p.Message}
	}
	return out
}

func scriptOf(s project.Script) wire.Script {
	return wire.Script{ID: s.ID, Name: s.Name, Command: s.Command, Cwd: s.Dir, Source: s.Source, Line: s.Line, Group: s.Group}
}

// projectWatch is a session that wants to know what can be run in the workspace.
// The pump's mutex guards it.
type projectWatch struct {
	stop func()         // nil while it does not
	told *project.Known // nil until something is known, or the client has asked
}

// listed notes what a client knows that has asked before the watcher's first look.
func (w *projectWatch) listed(known *project.Known) {
	if w.told == nil {
		w.told = known
	}
}

// set begins or ends it. What is known then is what the client may ask for, and
// is not told; but the mistakes in it are, so the pump must look when it has begun.
func (w *projectWatch) set(on bool, room *project.Workspace, bell *engine.Bell) (begun bool) {
	switch {
	case !on:
		w.end()
	case w.stop == nil:
		w.told = room.Known()
		w.stop = room.Watch(bell)
		return true
	}
	return false
}

func (w *projectWatch) end() {
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
}

// maxAdded is how many scripts a message brings. A larger change, such as a
// branch that was switched, is told as one that continues no revision: then the
// client asks for the list, which is no larger than what would be told.
const maxAdded = 100

// sendProject tells what has changed in the workspace since the client was told.
func (p *pump) sendProject(ctx context.Context) error {
	p.mu.Lock()
	w := &p.project
	before, now := w.told, p.engine.Project.Known()
	w.told = now
	watching := w.stop != nil
	p.mu.Unlock()
	if watching && before != nil && now.Revision != before.Revision {
		if err := p.sendProjectChanged(ctx, before, now); err != nil {
			return err
		}
	}
	if !watching {
		now = nil
	}
	return p.sendMistakes(ctx, now)
}

func (p *pump) sendProjectChanged(ctx context.Context, before, now *project.Known) error {
	added, removed := now.Difference(before)
	m := wire.ProjectChanged{
		Previous: before.Revision, Revision: now.Revision,
		Added: make([]wire.Script, 0, len(added)), Removed: append([]string{}, removed...), Counts: map[string]int{},
		Config: p.configChanged(before, now),
	}
	if len(added)+len(removed) > maxAdded {
		m.Previous, added, m.Removed = 0, nil, []string{}
	}
	for _, s := range added {
		m.Added = append(m.Added, scriptOf(s))
	}
	for _, s := range now.Scripts {
		m.Counts[s.Group]++
	}
	params, err := wire.Encode(m)
	if err != nil {
		return err
	}
	return p.notify(ctx, "project/changed", params)
}
