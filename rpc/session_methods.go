package rpc

import (
	"slices"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func sessionHello(c *call, p wire.HelloParams) (wire.Null, error) {
	if p.Via != "" && p.Via != "mcp" {
		return wire.Null{}, invalidParams("/via", "there is no "+p.Via+": mcp is all")
	}
	c.mu.Lock()
	c.env = p.Env
	if p.Client != (wire.ClientInfo{}) {
		c.client = p.Client
	}
	c.mu.Unlock()
	if p.Via == "mcp" && c.viaMCP.CompareAndSwap(false, true) {
		c.tellMCP(events.MCPConnected, "")
	}
	return wire.Null{}, nil
}

// sessionStopEngine ends the engine for everyone, once this answer is on its way.
func sessionStopEngine(c *call, _ wire.None) (wire.Null, error) {
	c.server.o.Stop()
	return wire.Null{}, nil
}

func sessionWatch(c *call, p wire.WatchParams) (wire.Null, error) {
	for _, t := range p.Topics {
		if !slices.Contains(topics, t) {
			return wire.Null{}, invalidParams("/topics", "there is no topic "+t+": "+strings.Join(topics, ", ")+" are all")
		}
	}
	c.pump.watch(p.Topics)
	return wire.Null{}, nil
}

func sessionInfo(c *call, _ wire.None) (wire.SessionInfo, error) {
	e := c.engine
	return wire.SessionInfo{
		Version: c.server.o.Version, Protocol: wire.Protocol,
		Epoch: e.Epoch, Root: e.Root, PID: c.server.pid,
		Sessions: c.server.list(c.session),
		UptimeMs: time.Since(e.Started).Milliseconds(), Socket: c.server.socket(),
		Limits: wire.Limits{
			MessageBytes: front.MaxMessage, LogBudgetBytes: e.Logs.Budget(), LineBytes: e.MaxLine(),
			QueryLines: maxQuery, SearchHits: maxHits, BatchLines: maxBatch, GraceMs: e.Grace().Milliseconds(),
		},
	}, nil
}

// socket is the path of the workspace socket, nil without one.
func (s *Server) socket() *string {
	if s.o.Socket == "" {
		return nil
	}
	return &s.o.Socket
}

func (s *Server) list(self *session) []wire.Session {
	s.mu.Lock()
	sessions := slices.Clone(s.sessions)
	s.mu.Unlock()
	out := make([]wire.Session, len(sessions))
	for i, o := range sessions {
		o.mu.Lock()
		out[i] = wire.Session{
			ID: o.id, Client: o.client, Framing: o.framing.String(),
			SinceMs: o.since.UnixMilli(), Self: o == self,
		}
		o.mu.Unlock()
	}
	return out
}
