package process

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// When says after which ends a process is started again.
type When string

// The policies.
const (
	Never     When = "never"
	OnFailure When = "onFailure" // after a code other than 0, a signal, or a failing liveness rule
	Always    When = "always"    // after any end that nobody asked for
)

// Policies are all of them.
var Policies = []When{Never, OnFailure, Always}

// Policy says whether a process is started again when it has ended by itself.
// Zero values mean the defaults.
type Policy struct {
	When     When          // default Never; with a liveness rule OnFailure
	Limit    int           // restarts in a row before it is given up; default 10
	Delay    time.Duration // before the first; it doubles with each; default 500 ms
	MaxDelay time.Duration // default 30 s, or Delay if that is more
	Stable   time.Duration // a run as long as this ends the row; default 10 s
}

// The defaults of [Policy]: ten restarts take some two and a half minutes.
const (
	DefaultLimit    = 10
	DefaultDelay    = 500 * time.Millisecond
	DefaultMaxDelay = 30 * time.Second
	DefaultStable   = 10 * time.Second
)

// jitter spreads the delays by a fifth in both directions, so that processes that
// fell together do not come back together.
const jitter = 0.2

// clashLimit is how often in a row a port that somebody else has is tried. It is
// not one, since a process of the run before may be on its way out.
const clashLimit = 3

func (r Policy) limit() int { return orDefault(r.Limit, DefaultLimit) }

func (r Policy) stable() time.Duration { return orDefault(r.Stable, DefaultStable) }

func orDefault[T int | time.Duration](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

// after reports whether a run that ended so is followed by another.
func (r Policy) after(end State) bool {
	return r.When == Always && (end == Exited || end == Failed) || r.When == OnFailure && end == Failed
}

// delay is the pause before the nth restart in a row, from 1; random is in [0, 1).
func (r Policy) delay(n int, random float64) time.Duration {
	d := orDefault(r.Delay, DefaultDelay)
	most := orDefault(r.MaxDelay, max(d, DefaultMaxDelay))
	for ; n > 1 && d < most; n-- {
		d *= 2
	}
	return time.Duration(float64(min(d, most)) * (1 - jitter + 2*jitter*random))
}

// Cause is why a run may have failed, as far as others can tell.
type Cause struct {
	Text  string // for people; "" if nothing is known
	Clash bool   // it wants what another process has, so trying again soon is in vain
}

// Restarting says of a restart that nobody has asked for why it comes, and when.
type Restarting struct {
	Attempt int           // how many in a row there have been, with this one; 0 if the run has not failed
	Delay   time.Duration // until it comes
	Reason  string
}

// restarting tells of a restart that nobody has asked for.
func (p *Process) restarting(s *Snapshot, why Restarting) {
	p.table.metrics.restarted.Inc()
	p.table.o.Restarting(s, why)
}

// cause asks why the run may have failed, if it has. It must be called without
// locks: it looks at the run's output and at other processes.
func (r *run) cause(e exit) Cause {
	if e.code == 0 || r.p.State() == Stopping {
		return Cause{}
	}
	return r.p.table.o.Cause(r.p.Snapshot())
}

// followLocked does what is to follow an end: what somebody asked for, or else
// what the policy says.
func (p *Process) followLocked(s *Snapshot, cause Cause) {
	switch {
	case p.table.closed && s.Again:
		p.setLocked(s.State, func(s *Snapshot) { s.Again = false })
	case p.table.closed:
	case s.Again:
		if err := p.launchLocked(s.Restarts + 1); err != nil {
			p.table.o.Logf("restart: %v", err)
		}
	case p.spec.Restart.after(s.State):
		p.tryAgainLocked(s, cause)
	}
}

// tryAgainLocked begins a backoff, or gives the process up and says why.
func (p *Process) tryAgainLocked(s *Snapshot, cause Cause) {
	rule := p.spec.Restart
	if s.Spawned() && s.ExitedAt.Sub(s.StartedAt) >= rule.stable() {
		p.tries, p.clashes = 0, 0
	}
	if !cause.Clash {
		p.clashes = 0
	} else if p.clashes++; p.clashes >= clashLimit {
		p.giveUpLocked(s, cause.Text+" (given up after "+times(p.clashes, "start")+")")
		return
	}
	if p.tries >= rule.limit() {
		p.giveUpLocked(s, fmt.Sprintf("given up after %s in a row: it %s", times(p.tries, "restart"), s.end()))
		return
	}
	p.tries++
	p.backOffLocked(rule.delay(p.tries, rand.Float64()))
}

func times(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (p *Process) giveUpLocked(s *Snapshot, reason string) {
	p.table.metrics.givenUp.Inc()
	p.setLocked(s.State, func(s *Snapshot) { s.Reason = reason })
	p.table.o.Logf("%s: %s", p.id, reason)
}

// end says how a run has ended.
func (s *Snapshot) end() string {
	if s.State == Exited || s.State == Backoff && s.Spawned() && s.ExitCode == 0 {
		return "has ended with exit code 0"
	}
	return "has " + s.outcome()
}

// backOffLocked starts the process again after a while, unless it is called off.
func (p *Process) backOffLocked(d time.Duration) {
	s := p.setLocked(Backoff, func(s *Snapshot) { s.RestartAt = time.Now().Add(d) })
	p.restarting(s, Restarting{p.tries, d, s.end()})
	callOff := make(chan struct{})
	p.callOff = callOff
	p.table.wg.Go(func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-callOff:
		case <-timer.C:
			p.comeBack(callOff)
		}
	})
}

// callOffLocked ends a backoff without a start.
func (p *Process) callOffLocked() {
	if p.callOff != nil {
		close(p.callOff)
		p.callOff = nil
	}
}

// comeBack ends the backoff that can be called off by callOff.
func (p *Process) comeBack(callOff chan struct{}) {
	p.table.mu.Lock()
	defer p.table.unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.callOff != callOff {
		return // called off while the timer rang
	}
	p.callOff = nil
	err := p.launchLocked(p.Snapshot().Restarts + 1)
	if _, ok := errors.AsType[*SpawnError](err); ok {
		p.tryAgainLocked(p.Snapshot(), Cause{}) // a program that is being rebuilt is missing for a moment
	}
}
