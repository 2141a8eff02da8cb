package match

// nextLine returns a place in the first line that matches, as [Pattern.Next]
// does. If the cache is given up, ok is false and at is a place in the line that
// was being looked at; none before it matches.
func (c *cache) nextLine(buf []byte, from int) (at int, ok bool) {
	for {
		end := lineEnd(buf, from+near(len(buf)-from))
		at, ok = c.nextOf(buf[:end], from)
		if at >= 0 || !ok || end == len(buf) {
			return at, ok
		}
		from = c.skip(buf, end)
	}
}

// near is how many bytes, of those that are left, are looked at one after the other
// before lanes are cut: the next match may be there. Of a few lines, as they come while
// somebody follows a search, most are rather looked at side by side at once.
func near(left int) int {
	if left < lanes*few {
		return 128
	}
	return 512
}

const few = 1 << 10

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
