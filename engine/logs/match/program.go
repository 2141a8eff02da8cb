package match

import (
	"encoding/binary"
	"errors"
	"regexp/syntax"
	"slices"
	"unicode"
)

// maxSteps bounds a program. In the worst case each byte of a line takes time
// proportional to it, about 10 ns for a step.
const maxSteps = 2000

var errTooLarge = errors.New(tooLarge)

// program is an expression compiled by regexp/syntax, with classes for runes.
// It is immutable.
type program struct {
	steps    []step
	start    int32
	sets     [][]bool // by class
	classes  *classes
	words    bool // there is a \b or \B
	anchored bool // matches begin where the search does
	longest  bool // the longest match is wanted, not the first as Perl's
}

// step is an instruction: those of [syntax.Inst], and one more.
type step struct {
	op       stepOp
	out, arg int32
	set      int            // of opRune: which runes
	empty    syntax.EmptyOp // of opEmpty
}

type stepOp uint8

const (
	opFail  stepOp = iota
	opAlt          // goes on at out and, with lower priority, at arg
	opNop          // goes on at out
	opEmpty        // goes on at out if empty holds here
	opRune         // takes a rune of the set
	opMatch        // all of the expression has matched
	opLoop         // takes any rune, and goes on at start and, with lower priority, here
)

// compileForward makes the program that finds where the first match ends.
func compileForward(re *syntax.Regexp) (*program, error) {
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil, err
	}
	p, err := newProgram(prog)
	if err != nil {
		return nil, err
	}
	p.anchored = prog.StartCond()&(syntax.EmptyBeginText|syntax.EmptyBeginLine) != 0
	if !p.anchored {
		p.steps = append(p.steps, step{op: opLoop})
	}
	return p, nil
}

// compileBackward makes the program that finds, going back from the end of a
// match, where it begins.
func compileBackward(re *syntax.Regexp) (*program, error) {
	prog, err := syntax.Compile(reversed(re).Simplify())
	if err != nil {
		return nil, err
	}
	p, err := newProgram(prog)
	if err != nil {
		return nil, err
	}
	p.anchored, p.longest = true, true
	return p, nil
}

func newProgram(prog *syntax.Prog) (*program, error) {
	if len(prog.Inst) > maxSteps {
		return nil, errTooLarge
	}
	p := &program{start: int32(prog.Start)}
	var sets []runeSet
	known := map[string]int{}
	for _, in := range prog.Inst {
		s := step{op: opOf(in.Op), out: int32(in.Out), arg: int32(in.Arg)}
		switch s.op {
		case opEmpty:
			s.empty = syntax.EmptyOp(in.Arg)
			p.words = p.words || s.empty&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0
		case opRune:
			set := runesOf(&in)
			key := setKey(set)
			if _, ok := known[key]; !ok {
				known[key] = len(sets)
				sets = append(sets, set)
			}
			s.set = known[key]
		}
		p.steps = append(p.steps, s)
	}
	p.classes = newClasses(sets, p.words)
	for _, set := range sets {
		p.sets = append(p.sets, p.classes.members(set))
	}
	return p, nil
}

func opOf(op syntax.InstOp) stepOp {
	switch op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return opAlt
	case syntax.InstCapture, syntax.InstNop:
		return opNop
	case syntax.InstEmptyWidth:
		return opEmpty
	case syntax.InstMatch:
		return opMatch
	case syntax.InstFail:
		return opFail
	}
	return opRune
}

// runesOf are the runes that an instruction takes.
func runesOf(in *syntax.Inst) runeSet {
	if in.Op == syntax.InstRuneAny || in.Op == syntax.InstRuneAnyNotNL {
		return runeSet{0, unicode.MaxRune}
	}
	if len(in.Rune) != 1 {
		return in.Rune
	}
	r := in.Rune[0]
	set := runeSet{r, r}
	if syntax.Flags(in.Arg)&syntax.FoldCase != 0 {
		runes := []rune{r}
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			runes = append(runes, f)
		}
		slices.Sort(runes)
		set = set[:0]
		for _, f := range runes {
			set = append(set, f, f)
		}
	}
	return set
}

func setKey(set runeSet) string {
	var key []byte
	for _, r := range set {
		key = binary.LittleEndian.AppendUint32(key, uint32(r))
	}
	return string(key)
}

// reversed returns an expression for what re matches, read from its end.
func reversed(re *syntax.Regexp) *syntax.Regexp {
	out := *re
	out.Rune = slices.Clone(re.Rune)
	out.Sub = nil
	for _, sub := range re.Sub {
		out.Sub = append(out.Sub, reversed(sub))
	}
	switch re.Op {
	case syntax.OpLiteral:
		slices.Reverse(out.Rune)
	case syntax.OpConcat:
		slices.Reverse(out.Sub)
	case syntax.OpBeginLine:
		out.Op = syntax.OpEndLine
	case syntax.OpEndLine:
		out.Op = syntax.OpBeginLine
	case syntax.OpBeginText:
		out.Op = syntax.OpEndText
	case syntax.OpEndText:
		out.Op, out.Flags = syntax.OpBeginText, re.Flags&^syntax.WasDollar
	}
	return &out
}
