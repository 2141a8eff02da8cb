package logs

import (
	"slices"
)

// Filter selects records; every part that is set must hold. Processes, Streams
// and Run select whole streams and runs, so a [Gap] under them is exact; the
// other parts look at each record, and lost records can't be looked at, so a
// Gap under them says that it is an upper bound.
type Filter struct {
	Processes []string // any of them; empty: all
	Streams   []Stream // any of them; empty: stdout and stderr
	Run       uint32   // 0: all

	Levels   []Level // any of them; empty: all
	MinLevel *Level
	Since    int64 // milliseconds since the epoch, inclusive; 0: no bound
	Until    int64 // milliseconds since the epoch, inclusive; 0: no bound
	Match    *Matcher
}

// Narrow reports whether f has parts that look at each record.
func (f *Filter) Narrow() bool {
	return len(f.Levels) > 0 || f.MinLevel != nil || f.Since != 0 || f.Until != 0 || f.Match != nil
}

// wants reports whether a stream can hold records of f. The engine's own
// remarks on a stream are shown only to those who ask for them by name.
func (f *Filter) wants(s *stream) bool {
	if len(f.Processes) > 0 && !slices.Contains(f.Processes, s.process) {
		return false
	}
	if len(f.Streams) == 0 {
		return s.kind != System
	}
	return slices.Contains(f.Streams, s.kind)
}

// accepts reports whether the record under it is one of f's. scratch is for
// the text that a Matcher looks at.
func (f *Filter) accepts(it *iterator, scratch *[]byte) bool {
	m := it.view.marks[it.mk]
	if f.Run != 0 && m.run != f.Run {
		return false
	}
	if f.Since != 0 && m.t < f.Since || f.Until != 0 && m.t > f.Until {
		return false
	}
	if level := lineLevel(it.view.lines[it.line]); f.MinLevel != nil && level < *f.MinLevel ||
		len(f.Levels) > 0 && !slices.Contains(f.Levels, level) {
		return false
	}
	if f.Match == nil {
		return true
	}
	*scratch = AppendText((*scratch)[:0], it.raw(), false)
	return f.Match.Match(*scratch)
}
