package match

import "unicode/utf8"

// The DFA finds where the first match ends; one for the reversed expression,
// anchored there, goes back to where it begins. This is RE2's way, and like
// FindAllIndex of Go's regexp it goes on behind each match.

func (e *expression) ranges(dst [][2]int, line []byte, most int) [][2]int {
	return e.rangesUntil(never, dst, line, most)
}

func (e *expression) rangesUntil(stop func() bool, dst [][2]int, line []byte, most int) [][2]int {
	if e.texts != nil {
		if at, _ := e.texts.find(line, 0); at < 0 {
			return dst
		}
	}
	d := e.take(stop)
	defer e.dfas.Put(d)
	n := len(dst)
	dst, ok := findAll(dst, line, most, func(from int) (start, end int, ok bool) { return e.find(d, line, from) })
	if !ok && !stop() {
		dst, _ = findAll(dst[:n], line, most, func(from int) (start, end int, ok bool) { return e.findSlowly(stop, line, from) })
	}
	return dst
}

// findAll appends the matches that find returns one after the other; ok is false if
// find has given up.
func findAll(dst [][2]int, line []byte, most int, find func(from int) (start, end int, ok bool)) (_ [][2]int, ok bool) {
	before := -1 // the end of the match before
	for at := 0; at <= len(line) && most != 0; {
		start, end, ok := find(at)
		if !ok || start < 0 {
			return dst, ok
		}
		empty := end == at // and so is the match
		if !empty || start != before {
			dst = append(dst, [2]int{start, end})
			most--
		}
		before, at = end, end
		if empty {
			_, size := utf8.DecodeRune(line[at:])
			at += max(size, 1)
		}
	}
	return dst, true
}

// find returns the first match that begins at from or later; start is -1 if
// there is none, ok is false if the DFA has been given up or the search is to end.
func (e *expression) find(d *dfa, line []byte, from int) (start, end int, ok bool) {
	if d.forward.gaveUp || d.stop() {
		return 0, 0, false
	}
	end, ok = d.forward.matchEnd(line, from)
	if !ok || end < 0 {
		return -1, -1, ok
	}
	if d.backward == nil {
		d.backward = newCache(must(e.backward()), e.limit)
	}
	d.backward.stop = d.stop
	if d.backward.gaveUp {
		return 0, 0, false
	}
	start, ok = d.backward.matchStart(line, from, end)
	if ok && start < 0 {
		panic("BUG: a match that begins nowhere")
	}
	return start, end, ok
}
