package match

import "unicode/utf8"

// The DFA finds where the first match ends; one for the reversed expression,
// anchored there, goes back to where it begins. This is RE2's way, and like
// FindAllIndex of Go's regexp it goes on behind each match.

func (e *expression) ranges(dst [][2]int, line []byte, most int) [][2]int {
	if e.texts != nil {
		if at, _ := e.texts.find(line, 0); at < 0 {
			return dst
		}
	}
	d := e.take(never)
	defer e.dfas.Put(d)
	n := len(dst)
	dst, ok := e.rangesByDFA(d, dst, line, most)
	if ok {
		return dst
	}
	dst = dst[:n]
	for _, loc := range must(e.slow()).FindAllIndex(line, most) {
		dst = append(dst, [2]int{loc[0], loc[1]})
	}
	return dst
}

func (e *expression) rangesByDFA(d *dfa, dst [][2]int, line []byte, most int) (_ [][2]int, ok bool) {
	before := -1 // the end of the match before
	for at := 0; at <= len(line) && most != 0; {
		start, end, ok := e.find(d, line, at)
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
// there is none, ok is false if the DFA has been given up.
func (e *expression) find(d *dfa, line []byte, from int) (start, end int, ok bool) {
	if d.forward.gaveUp {
		return 0, 0, false
	}
	end, ok = d.forward.matchEnd(line, from)
	if !ok || end < 0 {
		return -1, -1, ok
	}
	if d.backward == nil {
		d.backward = newCache(must(e.backward()), e.limit)
	}
	if d.backward.gaveUp {
		return 0, 0, false
	}
	start, ok = d.backward.matchStart(line, from, end)
	if ok && start < 0 {
		panic("BUG: a match that begins nowhere")
	}
	return start, end, ok
}
