package logs

// index is what is known of a sealed segment without looking at its text.
type index struct {
	minTime, maxTime int64 // a stream's clock can be set back, so neither is at an end
	minRun, maxRun   uint32
	present          uint8 // a bit for each level that occurs
	levels           [numLevels]lineSet
	odd              lineSet // lines that a pattern can't be looked for in as they lie there
}

// newIndex makes the index of a view. levels has a bit for each level that
// occurs, odd is how many lines are odd: most segments have one level and no odd
// line, and then the line table need not be looked at.
func newIndex(v view, levels uint8, odd uint32) *index {
	x := &index{present: levels}
	for i, m := range v.marks {
		if i == 0 {
			x.minTime, x.maxTime, x.minRun, x.maxRun = m.t, m.t, m.run, m.run
			continue
		}
		x.minTime, x.maxTime = min(x.minTime, m.t), max(x.maxTime, m.t)
		x.minRun, x.maxRun = min(x.minRun, m.run), max(x.maxRun, m.run)
	}
	n := len(v.lines)
	for i := range x.levels {
		x.levels[i].of = n
		if levels == 1<<i {
			x.levels[i] = full(n)
		}
	}
	x.odd.of = n
	if levels&(levels-1) != 0 || odd > 0 {
		x.addLines(v, levels&(levels-1) != 0)
	}
	return x
}

func (x *index) addLines(v view, mixed bool) {
	for i, e := range v.lines {
		if mixed {
			x.levels[lineLevel(e)+lowestLevel].add(i)
		}
		if lineOdd(e) {
			x.odd.add(i)
		}
	}
	for i := range x.levels {
		x.levels[i] = x.levels[i].sealed()
	}
	x.odd = x.odd.sealed()
}

// bytes is what the index costs.
func (x *index) bytes() int64 {
	n := indexBytes + x.odd.bytes()
	for i := range x.levels {
		n += x.levels[i].bytes()
	}
	return int64(n)
}

const indexBytes = 600 // of an empty one
