package match

import (
	"regexp/syntax"
	"slices"
	"unicode"
)

// Most expressions hold texts that every match has: `timeout after \d+ms` has
// "timeout after ", and `https?://` one of two. They are found much faster than
// the DFA runs, which then looks only at the lines that have one. The analysis
// is that of RE2's prefilter (and of Cox's codesearch, which takes trigrams):
// from the leaves up, either all the texts that a part can match, or the best
// set of texts of which it must have one.

// need says what a part of an expression is known to match.
type need struct {
	all     []text  // if not nil: it matches nothing but these
	any     []text  // if not nil: each match has one of these
	cost    float64 // of finding any, as newTextFinder says
	loosely bool    // all has more than it matches: it looks around, or at case
}

// text is to be found as a needle.
type text struct {
	s    string // folded, if fold
	fold bool
}

// maxAll bounds the texts that are kept for a part.
const maxAll = 16

// dfaByte is what the DFA takes for a byte, in the unit of newTextFinder. Texts
// so common that finding them is not twice as fast are no help.
const dfaByte = 1.3

// requiredTexts returns a search for the texts of which each match of re has
// one, nil if there are none that help, and whether to have one is to match.
func requiredTexts(re *syntax.Regexp) (finder textFinder, decisive bool) {
	n := analyse(re)
	texts := n.any
	if n.all != nil {
		texts = n.all
	}
	finder, cost := finderOf(texts)
	decisive = finder != nil && n.all != nil && !n.loosely
	if !decisive && 2*cost >= dfaByte {
		return nil, false
	}
	return finder, decisive
}

// finderOf returns nil if the texts can't be looked for.
func finderOf(texts []text) (textFinder, float64) {
	needles := minimal(texts)
	if len(needles) == 0 || len(needles) > maxTexts || len(needles[0].text) == 0 {
		return nil, dfaByte
	}
	return newTextFinder(needles)
}

// minimal makes needles of the texts but for those that hold another one, the
// shortest first.
func minimal(texts []text) (out []*needle) {
	var all []*needle
	for _, t := range texts {
		all = append(all, newNeedle(t.s, t.fold))
	}
	slices.SortStableFunc(all, func(a, b *needle) int { return len(a.text) - len(b.text) })
	for _, n := range all {
		if !slices.ContainsFunc(out, n.holds) {
			out = append(out, n)
		}
	}
	return out
}

// nothing is known.
var nothing = need{}

func analyse(re *syntax.Regexp) need {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return need{all: []text{{}}}
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return need{all: []text{{}}, loosely: true}
	case syntax.OpLiteral:
		return ofLiteral(re)
	case syntax.OpCharClass:
		return ofClass(re.Rune)
	case syntax.OpCapture:
		return analyse(re.Sub[0])
	case syntax.OpConcat:
		return ofConcat(re.Sub)
	case syntax.OpAlternate:
		return ofAlternate(re.Sub)
	case syntax.OpQuest:
		return union(analyse(re.Sub[0]), need{all: []text{{}}})
	case syntax.OpPlus:
		return once(analyse(re.Sub[0]))
	case syntax.OpRepeat:
		if re.Min > 0 {
			return once(analyse(re.Sub[0]))
		}
	}
	return nothing
}

func ofLiteral(re *syntax.Regexp) need {
	s := string(re.Rune)
	if !plain(s) {
		return nothing
	}
	if re.Flags&syntax.FoldCase != 0 && hasCase(s) {
		return need{all: []text{{string(appendFolded(nil, []byte(s))), true}}}
	}
	return need{all: []text{{s, false}}}
}

// ofClass knows classes of a few runes, and those of one in each case.
func ofClass(set runeSet) need {
	var runes []rune
	for i := 0; i < len(set); i += 2 {
		for r := set[i]; r <= set[i+1]; r++ {
			if len(runes) == maxAll || !plain(string(r)) {
				return nothing
			}
			runes = append(runes, r)
		}
	}
	if len(runes) == 0 {
		return nothing // and nothing matches
	}
	if isOrbit(runes) {
		return need{all: []text{{string(foldRune(runes[0])), true}}}
	}
	var all []text
	for _, r := range runes {
		all = append(all, text{string(r), false})
	}
	return need{all: all}
}

// isOrbit reports whether some runes are all those that are equal without case.
func isOrbit(runes []rune) bool {
	n := 1
	for f := unicode.SimpleFold(runes[0]); f != runes[0]; f = unicode.SimpleFold(f) {
		if !slices.Contains(runes, f) {
			return false
		}
		n++
	}
	return n > 1 && n == len(runes)
}

// ofConcat joins texts as long as there are not too many, and else begins anew;
// the best run is what the whole needs.
func ofConcat(subs []*syntax.Regexp) need {
	run := need{all: []text{{}}}
	var best need
	whole := true
	for _, sub := range subs {
		n := analyse(sub)
		if joined, ok := join(run, n); ok {
			run = joined
			continue
		}
		whole = false
		best = better(better(best, once(run)), once(n))
		run = need{all: []text{{}}}
		if n.all != nil {
			run = n
		}
	}
	if whole {
		return run
	}
	return better(best, once(run))
}

// join is what two parts in a row match, if all of it can be told.
func join(a, b need) (need, bool) {
	if a.all == nil || b.all == nil || len(a.all)*len(b.all) > maxAll {
		return nothing, false
	}
	out := need{loosely: a.loosely || b.loosely}
	for _, x := range a.all {
		for _, y := range b.all {
			t, exact := concat(x, y)
			out.all = append(out.all, t)
			out.loosely = out.loosely || !exact
		}
	}
	return out, true
}

// concat is one text behind another. If case counts in one of them only, it is
// said not to count at all, which finds more.
func concat(a, b text) (t text, exact bool) {
	if a.fold == b.fold {
		return text{a.s + b.s, a.fold}, true
	}
	exact = (a.fold || !hasCase(a.s)) && (b.fold || !hasCase(b.s))
	return text{string(appendFolded(nil, []byte(a.s+b.s))), true}, exact
}

func ofAlternate(subs []*syntax.Regexp) need {
	out := analyse(subs[0])
	for _, sub := range subs[1:] {
		out = union(out, analyse(sub))
	}
	return out
}

// union is what is known if one or the other matches.
func union(a, b need) need {
	if a.all != nil && b.all != nil && len(a.all)+len(b.all) <= maxTexts {
		return need{all: append(slices.Clip(a.all), b.all...), loosely: a.loosely || b.loosely}
	}
	a, b = once(a), once(b)
	if a.any == nil || b.any == nil || len(a.any)+len(b.any) > maxTexts {
		return nothing
	}
	any := append(slices.Clip(a.any), b.any...)
	_, cost := finderOf(any)
	return need{any: any, cost: cost}
}

// once is what is known of text that has a match of n somewhere.
func once(n need) need {
	if n.all == nil {
		return n
	}
	_, cost := finderOf(n.all)
	return need{any: n.all, cost: cost}
}

// better is the need whose texts are found faster.
func better(a, b need) need {
	if a.any == nil || b.any != nil && b.cost < a.cost {
		return b
	}
	return a
}
