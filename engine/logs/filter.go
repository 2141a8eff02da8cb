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

// picky reports whether f selects less than whole streams.
func (f *Filter) picky() bool { return f.Narrow() || f.Run != 0 }

// levels has a bit for each level of f.
func (f *Filter) levels() uint8 {
	mask := uint8(allLevels)
	if f.MinLevel != nil {
		mask = mask >> (*f.MinLevel + lowestLevel) << (*f.MinLevel + lowestLevel)
	}
	if len(f.Levels) > 0 {
		named := uint8(0)
		for _, l := range f.Levels {
			named |= 1 << (l + lowestLevel)
		}
		mask &= named
	}
	return mask
}

const allLevels = 1<<numLevels - 1

// takes reports whether f selects a batch by its time and run.
func (f *Filter) takes(m mark) bool {
	return (f.Run == 0 || m.run == f.Run) && (f.Since == 0 || m.t >= f.Since) && (f.Until == 0 || m.t <= f.Until)
}

// excludes reports whether f selects nothing of an indexed segment.
func (f *Filter) excludes(x *index) bool {
	return f.Run != 0 && (f.Run < x.minRun || f.Run > x.maxRun) ||
		f.Since != 0 && x.maxTime < f.Since || f.Until != 0 && x.minTime > f.Until ||
		x.present&f.levels() == 0
}

// includes reports whether f selects all of an indexed segment by time and run.
func (f *Filter) includes(x *index) bool {
	return (f.Run == 0 || x.minRun == f.Run && x.maxRun == f.Run) &&
		(f.Since == 0 || x.minTime >= f.Since) && (f.Until == 0 || x.maxTime <= f.Until)
}

// choose returns the lines that f's parts other than the text select, right for
// those within some. x is nil for a segment that is still written to.
func (f *Filter) choose(x *index, v view, within span) lineSet {
	levels := f.levels()
	all := levels == allLevels || x != nil && x.present&^levels == 0
	batches := f.Run != 0 || f.Since != 0 || f.Until != 0
	if x != nil && batches {
		batches = !f.includes(x)
	}
	if all && !batches || within.from == within.to {
		return full(within.to)
	}
	chosen := make([]uint64, (len(v.lines)+63)/64)
	switch {
	case all:
		setRange(chosen, within.from, within.to)
	case x != nil:
		for l := range x.levels {
			if levels>>l&1 != 0 {
				x.levels[l].putInto(chosen)
			}
		}
	default:
		for i := within.from; i < within.to; i++ {
			if levels>>(lineLevel(v.lines[i])+lowestLevel)&1 != 0 {
				chosen[i/64] |= 1 << (i % 64)
			}
		}
	}
	if batches {
		f.clearBatches(chosen, v, within)
	}
	return fromBits(chosen, len(v.lines))
}

// among returns those of a few lines that f's parts other than the text select.
func (f *Filter) among(lines *lineSet, v view) lineSet {
	if !f.picky() {
		return full(lines.of)
	}
	levels := f.levels()
	chosen := lineSet{of: lines.of}
	for _, i := range lines.list {
		if levels>>(lineLevel(v.lines[i])+lowestLevel)&1 != 0 && f.takes(v.marks[v.markOf(int(i))]) {
			chosen.add(int(i))
		}
	}
	return chosen
}

// clearBatches takes lines out whose batch f does not select.
func (f *Filter) clearBatches(chosen []uint64, v view, within span) {
	for i := v.markOf(within.from); i < len(v.marks) && int(v.marks[i].line) < within.to; i++ {
		if !f.takes(v.marks[i]) {
			clearRange(chosen, int(v.marks[i].line), v.markEnd(i))
		}
	}
}

// same reports whether two filters select the same in the same words.
func (f *Filter) same(as *Filter) bool {
	return slices.Equal(f.Processes, as.Processes) && slices.Equal(f.Streams, as.Streams) && f.Run == as.Run &&
		slices.Equal(f.Levels, as.Levels) && same(f.MinLevel, as.MinLevel) &&
		f.Since == as.Since && f.Until == as.Until &&
		(f.Match == nil) == (as.Match == nil) && (f.Match == nil || f.Match.key == as.Match.key)
}

func same[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// clone returns a filter that shares nothing with f that f's owner could change.
func (f Filter) clone() Filter {
	f.Processes, f.Streams, f.Levels = slices.Clone(f.Processes), slices.Clone(f.Streams), slices.Clone(f.Levels)
	if f.MinLevel != nil {
		f.MinLevel = new(*f.MinLevel)
	}
	return f
}
