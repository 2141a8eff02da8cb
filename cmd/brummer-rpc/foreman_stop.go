package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// stop stops what was started; the engine sees to the order. A second signal kills
// what is left. It names what it waits for as long as it waits.
func (m *foreman) stop(ctx context.Context) error {
	again := make(chan os.Signal, 1)
	signal.Notify(again, endSignals...)
	defer signal.Stop(again)
	m.say("stopping; Ctrl-C once more kills")
	if err := m.claim(ctx); err != nil {
		return err
	}
	var stops sync.WaitGroup
	stops.Go(func() { m.stopInOrder(ctx) })
	slow := time.NewTicker(time.Second)
	defer slow.Stop()
	for {
		if done, _ := m.over(); done {
			stops.Wait()
			return &codeError{code: m.p.exitCode()}
		}
		select {
		case <-m.news:
		case <-again:
			m.say("killing what is left")
			now := int64(0)
			for _, id := range m.ours() {
				stops.Go(func() { _ = m.Call(ctx, "process/stop", wire.StopParams{ID: id, GraceMs: &now}, nil) })
			}
		case <-slow.C:
			m.say("waiting for " + m.blocking())
		case <-m.Done():
			return errors.New("the engine has ended")
		}
	}
}

// stopInOrder stops what was started, dependents first. Their ends are seen in the
// list. If nothing else runs the engine does it, which knows what may go at the
// same time; otherwise one goes after the other.
func (m *foreman) stopInOrder(ctx context.Context) {
	ids := m.ours()
	m.mu.Lock()
	alone := true
	for id, p := range m.processes {
		alone = alone && (!active(p) || slices.Contains(ids, id))
	}
	m.mu.Unlock()
	if alone {
		_ = m.Call(ctx, "process/stopAll", wire.None{}, nil)
		return
	}
	for _, id := range slices.Backward(ids) {
		_ = m.Call(ctx, "process/stop", wire.StopParams{ID: id}, nil)
	}
}

// ours are the ids of what was started, in the order of their start.
func (m *foreman) ours() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.started)
}

// blocking names what has not ended.
func (m *foreman) blocking() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for _, id := range m.started {
		p := m.processes[id]
		if !active(p) {
			continue
		}
		text := fmt.Sprintf("%s (pid %d)", id, p.PID)
		if len(p.BlockedBy) > 0 {
			text = fmt.Sprintf("%s (which waits for %s)", id, strings.Join(p.BlockedBy, ", "))
		}
		names = append(names, text)
	}
	return strings.Join(names, ", ")
}
