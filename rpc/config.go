package rpc

import (
	"maps"
	"slices"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func projectConfig(c *call, _ wire.None) (wire.Config, error) {
	known, err := c.engine.Project.List(c.overlap())
	if err != nil {
		return wire.Config{}, err
	}
	out := wire.Config{Values: []wire.ConfigValue{}, Files: append([]string{}, known.ConfigFiles...)}
	for _, path := range slices.Sorted(maps.Keys(known.Config.Origins)) {
		o := known.Config.Origins[path]
		if o.Value == nil {
			continue // a table, whose values follow
		}
		value, err := wire.Encode(o.Value)
		if err != nil {
			return wire.Config{}, err
		}
		out.Values = append(out.Values, wire.ConfigValue{Path: path, Value: value, File: o.File, Line: o.Line, Column: o.Column})
	}
	out.Issues, out.Warnings = issuesOf(known.Issues), issuesOf(known.Warnings)
	return out, nil
}

func issuesOf(list []config.Issue) []wire.ConfigIssue {
	out := make([]wire.ConfigIssue, len(list))
	for n, i := range list {
		out[n] = wire.ConfigIssue{File: i.File, Line: i.Line, Column: i.Column, EndLine: i.End.Line, EndColumn: i.End.Column, Message: i.Message}
	}
	return out
}

// configChanged tells what a change of the configuration has done, nil if it is as
// it was.
func (p *pump) configChanged(before, now *project.Known) *wire.ConfigChanged {
	if before.SameConfiguration(now) {
		return nil
	}
	w := &wire.ConfigChanged{
		Applied: len(now.Issues) == 0, Issues: issuesOf(now.Issues), Warnings: issuesOf(now.Warnings),
		Added: []string{}, Changed: []string{}, Removed: []string{}, Stale: []string{}, Later: []string{},
	}
	if !w.Applied {
		return w
	}
	for _, s := range now.Redefined(before) {
		if before.Defines(s.ID) {
			w.Changed = append(w.Changed, s.Name)
		} else {
			w.Added = append(w.Added, s.Name)
		}
	}
	for _, s := range before.Configured() {
		if !now.Defines(s.ID) {
			w.Removed = append(w.Removed, s.Name)
		}
	}
	for _, s := range p.engine.Process.List().Processes {
		if s.Stale {
			w.Stale = append(w.Stale, s.ID)
		}
	}
	w.Later = append(w.Later, engine.Later(before.Config, now.Config)...)
	return w
}
