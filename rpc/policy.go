package rpc

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// setPolicies gives a process what is to become of it: when it starts, how it is
// watched over, and what follows its end. What is not said stays as the script's
// file has it. What can't be meant is for the process
// room to say.
func setPolicies(spec *process.Spec, p wire.StartParams) error {
	if len(p.DependsOn) > 0 {
		spec.DependsOn = make(map[string]process.Condition, len(p.DependsOn))
		for name, condition := range p.DependsOn {
			spec.DependsOn[name] = process.Condition(condition)
		}
	}
	if p.Ready != nil {
		var err error
		if spec.Ready, err = readyOf(p.Ready); err != nil {
			return err
		}
	}
	if p.Live != nil {
		spec.Live = liveOf(p.Live)
	}
	if p.Restart != (wire.Restart{}) {
		spec.Restart = process.Policy{
			When: process.When(p.Restart.Policy), Limit: p.Restart.Limit,
			Delay: ms(p.Restart.DelayMs), MaxDelay: ms(p.Restart.MaxDelayMs), Stable: ms(p.Restart.StableMs),
		}
	}
	if w := p.Watch; w != nil {
		spec.Watch = &process.Watch{Paths: w.Paths, Ignore: w.Ignore, Debounce: ms(w.DebounceMs), Cascade: w.Cascade}
	}
	spec.Replicas, spec.Nice = cmp.Or(p.Replicas, spec.Replicas), cmp.Or(p.Nice, spec.Nice)
	if p.Umask != "" {
		mask, err := strconv.ParseUint(p.Umask, 8, 9)
		if err != nil {
			return invalidParams("/umask", fmt.Sprintf("umask can't be %q: want an octal number up to 777", p.Umask))
		}
		n := int(mask)
		spec.Umask = &n
	}
	return nil
}

func ms(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func readyOf(r *wire.Ready) (*process.Ready, error) {
	if r == nil {
		return nil, nil
	}
	ready := &process.Ready{
		Checks:   process.Checks{TCP: r.TCP, HTTP: r.HTTP, Exec: execOf(r.Exec), Port: r.Port},
		Interval: ms(r.IntervalMs), Timeout: ms(r.TimeoutMs),
	}
	if r.Log != "" {
		var err error
		if ready.Log, err = regexp.Compile(r.Log); err != nil {
			return nil, invalidParams("/ready/log", fmt.Sprintf("ready/log can't be %q: %v", r.Log, err))
		}
	}
	return ready, nil
}

func liveOf(l *wire.Live) *process.Live {
	if l == nil {
		return nil
	}
	return &process.Live{
		Checks:   process.Checks{TCP: l.TCP, HTTP: l.HTTP, Exec: execOf(l.Exec), Port: l.Port},
		Interval: ms(l.IntervalMs), Timeout: ms(l.TimeoutMs), Failures: l.Failures,
	}
}

func execOf(c wire.Command) *process.Exec {
	if c.Shell == "" && c.Args == nil {
		return nil
	}
	return &process.Exec{Shell: c.Shell, Args: c.Args}
}
