package workload

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// settle is how long the last lines and the ends of processes may take to come.
const settle = time.Minute

// Run plays the session and returns what was measured. An error means that it
// could not be played; what it found wrong is in [Result.Checks].
func Run(ctx context.Context, o Options) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, o.Duration+3*settle)
	defer cancel()
	dir, err := os.MkdirTemp("", "workload")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(dir)
	s, err := open(ctx, o, dir)
	if s != nil && s.cmd.Process != nil {
		defer s.cmd.Process.Kill() // a program that is still there has not been closed
	}
	if err != nil {
		return Result{}, err
	}
	s.r.mu.Lock()
	s.r.begun = time.Now()
	s.r.mu.Unlock()
	if err := s.startApps(ctx); err != nil {
		return Result{}, err
	}
	loading, end := context.WithTimeout(ctx, o.Duration)
	go s.progress(loading)
	s.load(loading)
	end()
	return s.finish(ctx)
}

// finish waits for the last lines, judges and ends the session.
func (s *session) finish(ctx context.Context) (Result, error) {
	want := s.o.lines() * Processes
	s.r.await(settle, func() bool { return s.r.counts["lines"] >= want && len(s.r.exited) == Processes })
	res := s.result()
	res.check("every line has come once and in order", s.r.counts["lines"] == want && s.r.lost == 0,
		fmt.Sprintf("%d of %d, %d told as lost", s.r.counts["lines"], want, s.r.lost))
	res.check("nothing went wrong", len(s.r.wrong) == 0, fmt.Sprint(s.r.wrong))

	var gates wire.Gates
	if err := s.client.Call(ctx, "metrics/gates", nil, &gates); err != nil {
		return res, fmt.Errorf("metrics/gates: %w", err)
	}
	for _, g := range gates.Gates {
		if strings.HasSuffix(g.Metric, "_seconds") {
			continue // a time is the machine's as much as ours; the trends show it
		}
		res.check("budget "+g.Name, g.Pass, fmt.Sprintf("%.6g of %.6g %s", g.Value, g.Limit, g.Reason))
	}
	left, err := s.running(ctx)
	if err != nil {
		return res, fmt.Errorf("process/list: %w", err)
	}
	res.check("every process has ended", len(left) == 0, fmt.Sprint(left))
	err = s.close(ctx)
	res.check("the program ends with 0", err == nil, fmt.Sprint(err))
	return res, nil
}

// progress tells how it goes every few seconds.
func (s *session) progress(ctx context.Context) {
	if s.o.Progress == nil {
		return
	}
	begun := time.Now()
	pace(ctx, 0, 1, 5*time.Second, func() {
		s.r.mu.Lock()
		lines, events := s.r.counts["lines"], s.r.counts["process.exited"]+s.r.counts["process.started"]
		p95 := 0.0
		if e := s.r.samples["event"]; e != nil {
			p95 = quantile(e.all, .95)
		}
		s.r.mu.Unlock()
		s.o.Progress(fmt.Sprintf("%v of %v: %d lines, %d starts and ends, an event takes %.0f us (p95)",
			time.Since(begun).Round(time.Second), s.o.Duration, lines, events, p95))
	})
}
