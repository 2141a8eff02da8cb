package rpc

import (
	"context"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// autostartLocked starts what wants to be started with the engine, if this client
// or the flag allows that: once in the engine's life, so that a second window
// brings nothing back that was stopped. The answer to initialize does not wait.
func (s *session) autostartLocked(wanted bool) {
	if !wanted && !s.server.o.Autostart {
		return
	}
	s.server.autostart.Do(func() { s.watches.Go(func() { (&call{session: s, ctx: s.ctx}).startAll() }) })
}

// Autostart does the same for an engine that was started with the flag, before
// anybody has come. It returns when all have been started.
func (s *Server) Autostart(ctx context.Context, e *engine.Engine) {
	s.autostart.Do(func() { (&call{session: &session{server: s, engine: e}, ctx: ctx}).startAll() })
}

// startAll starts the configured processes with autostart. One that can't be
// started keeps no other one from it.
func (c *call) startAll() {
	known, err := c.engine.Project.List(c.ctx)
	if err != nil {
		if c.ctx.Err() == nil {
			c.server.Logf("autostart: %v", err)
		}
		return
	}
	for _, s := range known.Scripts {
		if s.Policy == nil || !s.Policy.Autostart {
			continue
		}
		for _, need := range append(known.Needed(s), project.Need{Script: s}) {
			if c.satisfied(need.Name, need.Condition) {
				continue
			}
			spec, err := c.scriptSpec(need.Script, wire.StartParams{})
			if err == nil {
				_, err = c.engine.Process.Start(spec)
			}
			if err != nil {
				c.server.Logf("autostart of %s: %v", need.Name, err)
			}
		}
	}
}
