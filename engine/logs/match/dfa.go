package match

import "unicode/utf8"

// nextLine returns a place in the first line that matches, as [Pattern.Next]
// does. If the cache is given up, ok is false and at is a place in the line that
// was being looked at; none before it matches.
func (c *cache) nextLine(buf []byte, from int) (at int, ok bool) {
	for {
		end := lineEnd(buf, from+2*minLane) // first, as the next match may be near
		at, ok = c.nextOf(buf[:end], from)
		if at >= 0 || !ok || end == len(buf) {
			return at, ok
		}
		from = c.skip(buf, end)
	}
}

// Of the two loads that a byte takes, one waits for the one before, so a
// processor has time for several lines at once: skip runs through lanes of whole
// lines side by side.
const (
	lanes   = 4
	maxLane = 4 << 10 // bytes, without the rest of the last line
	minLane = 1 << 10
)

// skip returns the beginning of a line from which on something may match; it is
// from if the lines there have to be looked at one after the other, for a match
// or a state that is not made yet.
func (c *cache) skip(buf []byte, from int) int {
	for {
		lane, end, ok := cutLanes(buf, from)
		if !ok || !c.passLanes(&lane) {
			return from
		}
		from = end
	}
}

// cutLanes cuts lanes from what is left of buf, and returns where the last ends;
// ok is false if there is too little, or lines are too long.
func cutLanes(buf []byte, from int) (lane [lanes][]byte, end int, ok bool) {
	size := min((len(buf)-from)/lanes, maxLane)
	if size < minLane {
		return lane, 0, false
	}
	for i := range lane {
		end = lineEnd(buf, from+size-1)
		if lane[i] = buf[from:end]; len(lane[i]) < size/2 || buf[end-1] != '\n' {
			return lane, 0, false
		}
		from = end
	}
	return lane, end, true
}

// passLanes goes through lanes to their ends and reports whether all entries
// were plain rows. What has been passed is cut off.
func (c *cache) passLanes(lane *[lanes][]byte) bool {
	start := c.start(afterNothing)
	rows := [lanes]uint32{start, start, start, start}
	for len(lane[0]) > 0 && len(lane[1]) > 0 && len(lane[2]) > 0 && len(lane[3]) > 0 {
		c.runLanes(&rows, lane)
		for i := range lane {
			if !c.passWide(&rows[i], &lane[i]) {
				return false
			}
		}
	}
	for i := range lane {
		for len(lane[i]) > 0 {
			row, n := c.run(rows[i], lane[i], 0)
			rows[i], lane[i] = row, lane[i][n:]
			if !c.passWide(&rows[i], &lane[i]) {
				return false
			}
		}
	}
	return true
}

// runLanes goes through all lanes to where one ends, or has an entry that is no
// plain row.
func (c *cache) runLanes(rows *[lanes]uint32, lane *[lanes][]byte) {
	table, classOf := c.table, &c.p.classes.ofByte
	n := min(len(lane[0]), len(lane[1]), len(lane[2]), len(lane[3]))
	a, b, d, e := lane[0][:n], lane[1][:n], lane[2][:n], lane[3][:n]
	ra, rb, rd, re := rows[0], rows[1], rows[2], rows[3]
	for i := range n {
		na := table[ra+uint32(classOf[a[i]])]
		nb := table[rb+uint32(classOf[b[i]])]
		nd := table[rd+uint32(classOf[d[i]])]
		ne := table[re+uint32(classOf[e[i]])]
		if na|nb|nd|ne >= special {
			n = i
			break
		}
		ra, rb, rd, re = na, nb, nd, ne
	}
	*rows = [lanes]uint32{ra, rb, rd, re}
	c.served += lanes * n
	for i := range lane {
		lane[i] = lane[i][n:]
	}
}

// passWide takes the runes that a lane begins with as long as they are not ASCII.
// It reports false if what comes then, or one of them, has no plain row.
func (c *cache) passWide(row *uint32, lane *[]byte) bool {
	at, b := *row, *lane
	for len(b) > 0 {
		class, size := c.p.classes.next(b)
		entry := c.table[at+uint32(class)]
		if entry >= special {
			return false
		}
		if b[0] < utf8.RuneSelf {
			break
		}
		at, b = entry, b[size:]
	}
	*row, *lane = at, b
	return true
}

// lineEnd returns the end of the line that holds a place, with its newline, or
// that of buf.
func lineEnd(buf []byte, at int) int {
	if at >= len(buf) {
		return len(buf)
	}
	return min(at+lineLen(buf[at:])+1, len(buf))
}

// nextOf is nextLine for some lines, one after the other.
func (c *cache) nextOf(buf []byte, from int) (at int, ok bool) {
	row := c.start(afterNothing)
	for i := from; ; {
		if row, i = c.run(row, buf, i); i >= len(buf) {
			break
		}
		class, size := c.p.classes.next(buf[i:])
		if row, ok = c.room(row, size); !ok {
			return i, false
		}
		entry := c.entry(row, class)
		switch {
		case entry&matched != 0:
			return i, true
		case entry&dead != 0: // a newline leads to a row: there is one to come, or none
			if i += lineLen(buf[i:]) + 1; i >= len(buf) {
				return -1, true
			}
			row = c.start(afterNothing)
		default:
			row, i = entry, i+size
		}
	}
	unended := from < len(buf) && buf[len(buf)-1] != '\n'
	if unended && c.entry(row, endOfLine)&matched != 0 {
		return len(buf) - 1, true
	}
	return -1, true
}

// run goes through b from i on as long as entries are plain rows. This is the
// loop that the time is spent in: two loads for a byte, one of which waits for
// the one before.
func (c *cache) run(row uint32, b []byte, i int) (uint32, int) {
	table, classOf := c.table, &c.p.classes.ofByte
	begin := i
	for ; i < len(b); i++ {
		entry := table[row+uint32(classOf[b[i]])]
		if entry >= special {
			break
		}
		row = entry
	}
	c.served += i - begin
	return row, i
}

func (c *cache) entry(row uint32, class uint16) uint32 {
	if e := c.table[row+uint32(class)]; e != unknown {
		return e
	}
	return c.fill(row, class)
}

// matchEnd returns where the first match in a line that begins at from or later
// ends, or -1; ok is false if the cache is given up.
func (c *cache) matchEnd(line []byte, from int) (end int, ok bool) {
	end = -1
	row := c.start(c.before(line, from))
	for i := from; ; {
		row, i = c.run(row, line, i)
		class, size := uint16(endOfLine), 0
		if i < len(line) {
			class, size = c.p.classes.next(line[i:])
		}
		if row, ok = c.room(row, size); !ok {
			return 0, false
		}
		entry := c.entry(row, class)
		if entry&matched != 0 {
			end = i
		}
		if entry&dead != 0 || i == len(line) {
			return end, true
		}
		row, i = entry&rowsMask, i+size
	}
}

// matchStart returns where the longest match that ends at end begins, which is
// not before from. There has to be one.
func (c *cache) matchStart(line []byte, from, end int) (start int, ok bool) {
	start = -1
	row := c.start(c.behind(line, end))
	for i := end; ; {
		class, size := uint16(endOfLine), 0
		if i > 0 {
			class, size = c.p.classes.last(line[:i])
		}
		if row, ok = c.room(row, size); !ok {
			return 0, false
		}
		entry := c.entry(row, class)
		if entry&matched != 0 {
			start = i
		}
		if entry&dead != 0 || i == from {
			return start, true
		}
		row, i = entry&rowsMask, i-size
	}
}

// room sees to it that a state can be added before the next size bytes.
func (c *cache) room(row uint32, size int) (uint32, bool) {
	c.served += size
	if !c.full() {
		return row, true
	}
	return c.renew(row)
}

// before and behind are the contexts of a place for the two directions.
func (c *cache) before(line []byte, at int) uint8 {
	if at == 0 {
		return afterNothing
	}
	class, _ := c.p.classes.last(line[:at])
	return c.contextOf(class)
}

func (c *cache) behind(line []byte, at int) uint8 {
	if at == len(line) {
		return afterNothing
	}
	class, _ := c.p.classes.next(line[at:])
	return c.contextOf(class)
}

func (c *cache) contextOf(class uint16) uint8 {
	if c.p.classes.word[class] {
		return afterWord
	}
	return afterOther
}
