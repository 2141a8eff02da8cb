package process

import "reflect"

// Redefine tells the table how a process is defined now, by its name; replicas by
// the one that they have in common. Those that were started with another
// definition become stale, and others are not any more; nothing is restarted: a
// new definition takes effect at the next [Table.Start]. It returns how many are
// stale. A name that nothing has is none.
func (t *Table) Redefine(spec Spec) (stale int) {
	if spec.check() != nil {
		return 0 // it could not be started, so it changes nothing
	}
	t.mu.Lock()
	defer t.unlock()
	for i, p := range t.membersLocked(spec.Name) {
		differs := !p.spec.same(spec.replica(i))
		if differs {
			stale++
		}
		p.mu.Lock()
		if s := p.Snapshot(); s.State != Idle && s.Stale != differs {
			p.setLocked(s.State, func(s *Snapshot) { s.Stale = differs })
		}
		p.mu.Unlock()
	}
	return stale
}

// same reports whether two definitions mean the same. The environment of a client
// is no part of one.
func (s *Spec) same(o Spec) bool {
	a, b := *s, o
	a.Env, b.Env = nil, nil
	a.Name, b.Name = "", ""
	return a.Ready.pattern() == b.Ready.pattern() && reflect.DeepEqual(a.plain(), b.plain())
}

func (r *Ready) pattern() string {
	if r == nil || r.Log == nil {
		return ""
	}
	return r.Log.String()
}

// plain is s without its expression, which can't be compared, and with one way
// to say nothing.
func (s Spec) plain() Spec {
	if s.Ready != nil {
		r := *s.Ready
		r.Log = nil
		s.Ready = &r
	}
	if len(s.Vars) == 0 {
		s.Vars = nil
	}
	if len(s.DependsOn) == 0 {
		s.DependsOn = nil
	}
	s.Replicas = max(1, s.Replicas)
	return s
}
