package match

import (
	"bytes"
	"regexp"
)

// naive is the obvious implementation that everything is compared with: Go's
// regexp, line by line.
type naive struct {
	re    *regexp.Regexp
	whole bool // a text as a whole word: re is one occurrence at the beginning
}

// newNaive returns nil for what Go's regexp refuses.
func newNaive(query string, o Options) *naive {
	n := &naive{whole: o.WholeWord && !o.Regexp && plain(query)}
	text := expressionText(query, o)
	if n.whole {
		o.WholeWord = false
		text = "^" + expressionText(query, o)
	}
	var err error
	if n.re, err = regexp.Compile(text); err != nil {
		return nil
	}
	return n
}

func (n *naive) ranges(line []byte) [][2]int {
	if n.whole {
		return n.words(line)
	}
	var out [][2]int
	for _, loc := range n.re.FindAllIndex(line, -1) {
		out = append(out, [2]int{loc[0], loc[1]})
	}
	return out
}

func (n *naive) words(line []byte) [][2]int {
	var out [][2]int
	for at := 0; at < len(line); {
		loc := n.re.FindIndex(line[at:])
		if loc == nil || joined(line, at) || joined(line, at+loc[1]) {
			at++
			continue
		}
		out = append(out, [2]int{at, at + loc[1]})
		at += loc[1]
	}
	return out
}

// answer is what is to be found in a buffer: the ranges of each line that
// matches.
type answer map[int][][2]int

func (n *naive) answer(buf []byte) answer {
	out := answer{}
	for i, line := range splitLines(buf) {
		if ranges := n.ranges(line); ranges != nil {
			out[i] = ranges
		}
	}
	return out
}

// splitLines cuts buf into its lines; behind the last newline there is none.
func splitLines(buf []byte) [][]byte {
	if len(buf) == 0 {
		return nil
	}
	return bytes.Split(bytes.TrimSuffix(buf, []byte("\n")), []byte("\n"))
}
