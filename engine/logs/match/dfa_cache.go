package match

import (
	"encoding/binary"
	"regexp/syntax"
)

// The DFA is made while it is used, as RE2's (Cox, "Regular Expression Matching
// in the Wild", https://swtch.com/~rsc/regexp/regexp3.html): a state is an
// ordered list of the steps a program can be at, and is made when a text first
// leads there. What holds of a place between two runes (`^`, `$`, `\b`) is known
// only with the rune behind it, so the steps that ask for it stay in the list
// until then, and so a match is noticed one rune late.

// maxCache bounds the memory of a cache, in bytes, but for the last state.
const maxCache = 1 << 20

// A cache that is full is emptied. If its states have served for fewer than
// minServed bytes each, patience times in a row, it is given up: to make a state
// takes about as long as a byte does in Go's regexp. (RE2 has such a rule with
// 10, as its other engine is faster than Go's.)
const (
	minServed = 2
	patience  = 3
)

// An entry of the table: the row of the next state, and flags.
const (
	matched  = 1 << 31 // a match ends before this rune
	unknown  = 1 << 30 // not looked at yet
	dead     = 1 << 29 // nothing can match any more; there is no next state
	special  = dead    // entries from here on are not simply rows
	rowsMask = special - 1
)

// cache is the part of a DFA that has been needed so far. It is for one search
// at a time.
type cache struct {
	p      *program
	stride uint32
	table  []uint32 // rows of stride entries; a row is named by its offset
	states []state  // of each row
	rows   map[string]uint32
	size   int // in bytes, estimated
	limit  int
	starts [3]uint32 // rows of the states to begin with, by context; unknown

	served int // bytes since the cache was empty
	wasted int // how often in a row it was emptied too early
	gaveUp bool
	stop   func() bool // asked whenever the cache is full

	now, then list
	stack     []int32
	key       []byte
}

// state is what a row stands for.
type state struct {
	steps   []int32 // in order of priority: runes, loop, match, and conditions not decided
	context uint8   // what comes before; 0 if no condition is in steps
	asks    bool    // there is a condition in steps
}

// What comes before a place.
const (
	afterOther = iota // a rune that is not of a word
	afterWord
	afterNothing // the line begins, or in a search backwards ends
)

func newCache(p *program, limit int) *cache {
	c := &cache{p: p, limit: limit, stride: uint32(p.classes.count + 1), stop: never}
	c.now.init(len(p.steps))
	c.then.init(len(p.steps))
	c.empty()
	return c
}

func (c *cache) empty() {
	c.table, c.states = c.table[:0], c.states[:0]
	c.rows = map[string]uint32{}
	c.size, c.served = 0, 0
	c.starts = [3]uint32{unknown, unknown, unknown}
}

func (c *cache) full() bool { return c.size > c.limit }

// renew empties a full cache but for the state in use, and returns its new row.
// It reports false if the cache has to be given up, or the search is to end.
func (c *cache) renew(row uint32) (uint32, bool) {
	if c.stop() {
		return 0, false
	}
	if c.wasted++; c.served >= minServed*len(c.states) {
		c.wasted = 0
	}
	if c.wasted == patience {
		c.gaveUp = true
		return 0, false
	}
	s := c.states[row/c.stride]
	c.empty()
	return c.row(s.steps, s.context), true
}

// start returns the row to begin with after something.
func (c *cache) start(context uint8) uint32 {
	if c.starts[context] == unknown {
		c.then.clear()
		c.add(&c.then, c.p.start, 0, true)
		if !c.p.anchored {
			c.add(&c.then, int32(len(c.p.steps)-1), 0, true)
		}
		c.starts[context] = c.row(c.then.steps, context)
	}
	return c.starts[context]
}

// row returns the row of a state, which is made if there is none.
func (c *cache) row(steps []int32, context uint8) uint32 {
	s := state{context: context}
	for _, at := range steps {
		s.asks = s.asks || c.p.steps[at].op == opEmpty
	}
	if !s.asks {
		s.context = 0 // nobody asks
	}
	c.key = append(c.key[:0], s.context)
	for _, at := range steps {
		c.key = binary.LittleEndian.AppendUint16(c.key, uint16(at))
	}
	if row, ok := c.rows[string(c.key)]; ok {
		return row
	}
	row := uint32(len(c.table))
	s.steps = append([]int32(nil), steps...)
	c.states = append(c.states, s)
	for range c.stride {
		c.table = append(c.table, unknown)
	}
	c.rows[string(c.key)] = row
	const overhead = 120 // of the state, the map and two slices
	c.size += overhead + len(c.key) + 4*len(steps) + 4*int(c.stride)
	return row
}

// fill finds out where a class leads to from a row, and returns the entry.
func (c *cache) fill(row uint32, class uint16) uint32 {
	from := c.states[row/c.stride]
	steps := from.steps
	if from.asks {
		c.now.clear()
		holds := c.holds(from.context, class)
		for _, at := range steps {
			c.add(&c.now, at, holds, false)
		}
		steps = c.now.steps
	}
	entry := c.take(steps, class)
	switch {
	case class == endOfLine && entry&matched == 0:
		entry = c.start(afterNothing) // of the next line
	case class == endOfLine || len(c.then.steps) == 0:
		entry |= dead
	default:
		context := uint8(afterOther)
		if c.p.classes.word[class] {
			context = afterWord
		}
		entry |= c.row(c.then.steps, context)
	}
	c.table[row+uint32(class)] = entry
	return entry
}

// take puts into c.then where the steps are after a rune of a class, and
// returns the flag of a match before it.
func (c *cache) take(steps []int32, class uint16) (flag uint32) {
	c.then.clear()
	for _, at := range steps {
		switch s := &c.p.steps[at]; s.op {
		case opMatch:
			flag = matched
			if !c.p.longest {
				return flag // what follows has lower priority
			}
		case opRune:
			if c.p.sets[s.set][class] {
				c.add(&c.then, s.out, 0, true)
			}
		case opLoop:
			c.add(&c.then, c.p.start, 0, true)
			c.add(&c.then, at, 0, true)
		}
	}
	return flag
}

// holds are the conditions that hold between a context and a rune.
func (c *cache) holds(context uint8, class uint16) (ops syntax.EmptyOp) {
	if context == afterNothing {
		ops |= syntax.EmptyBeginText | syntax.EmptyBeginLine
	}
	if class == endOfLine {
		ops |= syntax.EmptyEndText | syntax.EmptyEndLine
	}
	if (context == afterWord) != c.p.classes.word[class] {
		return ops | syntax.EmptyWordBoundary
	}
	return ops | syntax.EmptyNoWordBoundary
}

// add puts a step into a list, or what it leads to without a rune, in order of
// priority. Conditions that don't hold are kept as they are, if undecided.
func (c *cache) add(l *list, at int32, holds syntax.EmptyOp, undecided bool) {
	c.stack = append(c.stack[:0], at)
	for len(c.stack) > 0 {
		at := c.stack[len(c.stack)-1]
		c.stack = c.stack[:len(c.stack)-1]
		if !l.visit(at) {
			continue
		}
		switch s := &c.p.steps[at]; s.op {
		case opFail:
		case opAlt:
			c.stack = append(c.stack, s.arg, s.out)
		case opNop:
			c.stack = append(c.stack, s.out)
		case opEmpty:
			switch {
			case s.empty&^holds == 0:
				c.stack = append(c.stack, s.out)
			case undecided:
				l.steps = append(l.steps, at)
			}
		default:
			l.steps = append(l.steps, at)
		}
	}
}

// list is a list of steps without repetitions.
type list struct {
	steps   []int32
	visited []uint32 // by step: the turn in which it was
	turn    uint32
}

func (l *list) init(n int) { l.visited = make([]uint32, n) }

func (l *list) clear() {
	l.steps = l.steps[:0]
	l.turn++
	if l.turn == 0 { // after 2^32 turns
		clear(l.visited)
		l.turn = 1
	}
}

// visit reports whether a step is visited for the first time in this turn.
func (l *list) visit(at int32) bool {
	first := l.visited[at] != l.turn
	l.visited[at] = l.turn
	return first
}
