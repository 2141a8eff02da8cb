package match

import (
	"bytes"
	"unicode/utf8"
)

// Of the two loads that a byte takes, one waits for the one before, so a
// processor has time for several lines at once: skip runs through lanes of whole
// lines side by side.
const (
	lanes   = 4
	maxLane = 2 << 10 // bytes, without the rest of the last line
	minLane = 128     // less is not worth the cutting
)

// skip returns the beginning of the first line from which on something may
// match, or a state is not made yet; or where there is too little left for lanes.
func (c *cache) skip(buf []byte, from int) int {
	for {
		lane, ends, ok := cutLanes(buf, from)
		if !ok {
			return from
		}
		if i := c.passLanes(&lane); i < lanes {
			at := ends[i] - len(lane[i])
			return from + bytes.LastIndexByte(buf[from:at], '\n') + 1
		}
		from = ends[lanes-1]
	}
}

// cutLanes cuts lanes from what is left of buf; ok is false if there is too
// little, or lines are too long.
func cutLanes(buf []byte, from int) (lane [lanes][]byte, ends [lanes]int, ok bool) {
	size := min((len(buf)-from)/lanes, maxLane)
	if size < minLane {
		return lane, ends, false
	}
	for i := range lane {
		end := lineEnd(buf, from+size-1)
		if lane[i] = buf[from:end]; len(lane[i]) < size/2 || buf[end-1] != '\n' {
			return lane, ends, false
		}
		ends[i], from = end, end
	}
	return lane, ends, true
}

// passLanes goes through lanes as long as entries are plain rows, and returns the
// first that did not get to its end, or lanes. Of each lane what has been passed
// is cut off. The lanes behind one that has stopped are not looked at any more.
func (c *cache) passLanes(lane *[lanes][]byte) int {
	start := c.start(afterNothing)
	rows := [lanes]uint32{start, start, start, start}
	going := lanes
	for going == lanes && len(lane[0]) > 0 && len(lane[1]) > 0 && len(lane[2]) > 0 && len(lane[3]) > 0 {
		c.runLanes(&rows, lane)
		for i := range lane {
			if !c.passWide(&rows[i], &lane[i]) {
				going = i
				break
			}
		}
	}
	for i := range going {
		for len(lane[i]) > 0 {
			row, n := c.run(rows[i], lane[i], 0)
			rows[i], lane[i] = row, lane[i][n:]
			if !c.passWide(&rows[i], &lane[i]) {
				return i
			}
		}
	}
	return going
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
	table, classes := c.table, c.p.classes
	at, b, i := *row, *lane, 0
	for i < len(b) {
		class, size := classes.next(b[i:])
		entry := table[at+uint32(class)]
		if entry >= special {
			return false
		}
		if size == 1 && b[i] < utf8.RuneSelf {
			break
		}
		at, i = entry, i+size
	}
	*row, *lane = at, b[i:]
	return true
}
