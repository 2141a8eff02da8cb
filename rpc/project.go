package rpc

import (
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func projectScripts(c *call, _ wire.None) (wire.Scripts, error) {
	listing, err := c.engine.Scripts(c.overlap())
	if err != nil {
		return wire.Scripts{}, err
	}
	return scriptsOf(listing), nil
}

func scriptsOf(l project.Listing) wire.Scripts {
	out := wire.Scripts{
		Scripts:  make([]wire.Script, len(l.Scripts)),
		Problems: make([]wire.ScriptProblem, len(l.Problems)),
	}
	for i, s := range l.Scripts {
		out.Scripts[i] = wire.Script{ID: s.ID, Name: s.Name, Command: s.Command, Cwd: s.Dir, Source: s.Source, Group: s.Group}
	}
	for i, p := range l.Problems {
		out.Problems[i] = wire.ScriptProblem{File: p.File, Line: p.Line, Column: p.Column, Message: p.Message}
	}
	return out
}
