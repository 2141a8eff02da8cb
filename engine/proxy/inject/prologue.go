package inject

// prologue finds the place for the tag: right behind <head ...>, or else before
// the first thing that is neither white space, a byte order mark, a comment, a
// doctype, a processing instruction nor <html ...>. So far it follows the
// tokenizer of the HTML standard (WHATWG, section 13.2.5).
//
// It takes one byte at a time and never asks for one again, so it does not
// matter how the document is cut into pieces.
type prologue struct {
	state state
	held  [maxHeld + 1]byte // the bytes of an undecided token: the tag may have to stand before them
	n     int
	head  bool    // the open tag is <head>, not <html>
	end   comment // how far the end of the comment has come
}

// maxHeld is the longest token that is undecided: "<head" may go on as "<header".
const maxHeld = 5

// verdict is what a byte has decided.
type verdict uint8

const (
	more   verdict = iota // nothing: what is held stays
	pass                  // what is held is prologue
	before                // the tag belongs before what is held
	behind                // the tag belongs behind what is held
	never                 // ASCII can't be put into this text
)

type state uint8

const (
	start       state = iota
	mark              // in a byte order mark
	between           // between tokens
	opened            // behind <
	name              // in the name of <html or <head
	banged            // behind <!
	dashed            // behind <!-
	bogus             // in what ends with the next >
	inComment         // behind <!--
	attrs             // before an attribute
	attrName          // in its name
	attrNamed         // behind its name
	value             // before its value
	valuePlain        // in its value
	valueSingle       // in its value, which ends with '
	valueDouble       // in its value, which ends with "
)

// wideMark is the least first byte of UTF-16 with a byte order mark.
const wideMark = 0xfe

// step takes the next byte of the document. After before, behind or never there
// is no next one.
func (p *prologue) step(b byte) verdict {
	p.held[p.n] = b
	p.n++
	v := p.decide(b)
	if v == pass {
		p.n = 0
	}
	return v
}

func (p *prologue) decide(b byte) verdict {
	switch p.state {
	case start:
		return p.atStart(b)
	case mark:
		return p.inMark(b)
	case between:
		return p.inBetween(b)
	case opened:
		return p.behindOpen(b)
	case name:
		return p.inName(b)
	case banged, dashed:
		return p.behindBang(b)
	case bogus:
		return p.until(b == '>')
	case inComment:
		return p.until(p.end.step(b))
	}
	return p.inTag(b)
}

func (p *prologue) to(s state, v verdict) verdict {
	p.state = s
	return v
}

// until passes what belongs to the present token, which may have ended.
func (p *prologue) until(ended bool) verdict {
	if ended {
		p.state = between
	}
	return pass
}

func (p *prologue) atStart(b byte) verdict {
	switch {
	case b >= wideMark:
		return never
	case b == 0xef:
		return p.to(mark, more)
	}
	return p.inBetween(b)
}

func (p *prologue) inMark(b byte) verdict {
	switch {
	case b != "\xef\xbb\xbf"[p.n-1]:
		return before
	case p.n < 3:
		return more
	}
	return p.to(between, pass)
}

func (p *prologue) inBetween(b byte) verdict {
	switch {
	case isSpace(b):
		return p.to(between, pass)
	case b == '<':
		return p.to(opened, more)
	}
	return before
}

func (p *prologue) behindOpen(b byte) verdict {
	switch {
	case b == '!':
		return p.to(banged, pass)
	case b == '?':
		return p.to(bogus, pass)
	case lower(b) == 'h':
		return p.to(name, more)
	}
	return before // another tag, an end tag, or text
}

// inName tells <html and <head from everything else.
func (p *prologue) inName(b byte) verdict {
	if p.n <= maxHeld {
		if p.mayBe("<html") || p.mayBe("<head") {
			return more
		}
		return before
	}
	if !isSpace(b) && b != '/' && b != '>' {
		return before // <header
	}
	p.head = lower(p.held[2]) == 'e'
	return p.beforeAttr(b)
}

func (p *prologue) mayBe(tag string) bool {
	for i := range p.n {
		if lower(p.held[i]) != tag[i] {
			return false
		}
	}
	return true
}

func (p *prologue) behindBang(b byte) verdict {
	switch {
	case b == '-' && p.state == banged:
		return p.to(dashed, pass)
	case b == '-':
		p.end = comment{fresh: true}
		return p.to(inComment, pass)
	}
	p.state = bogus // a doctype is passed over like any other declaration
	return p.until(b == '>')
}

// inTag passes over the attributes of <html> or <head>: a > in quotes does not
// end a tag.
func (p *prologue) inTag(b byte) verdict {
	switch p.state {
	case valueSingle, valueDouble:
		if b == '\'' && p.state == valueSingle || b == '"' && p.state == valueDouble {
			p.state = attrs
		}
		return pass
	case valuePlain:
		if isSpace(b) || b == '>' {
			return p.beforeAttr(b)
		}
		return pass
	case value:
		return p.beforeValue(b)
	case attrName, attrNamed:
		return p.inAttr(b)
	}
	return p.beforeAttr(b)
}

func (p *prologue) beforeAttr(b byte) verdict {
	switch {
	case b == '>' && p.head:
		return behind
	case b == '>':
		return p.to(between, pass)
	case isSpace(b) || b == '/':
		return p.to(attrs, pass)
	}
	return p.to(attrName, pass)
}

// inAttr is in the name of an attribute, or behind it.
func (p *prologue) inAttr(b byte) verdict {
	switch {
	case b == '=':
		return p.to(value, pass)
	case b == '>' || b == '/':
		return p.beforeAttr(b)
	case isSpace(b):
		return p.to(attrNamed, pass)
	}
	return p.to(attrName, pass)
}

func (p *prologue) beforeValue(b byte) verdict {
	switch {
	case isSpace(b):
		return pass
	case b == '"':
		return p.to(valueDouble, pass)
	case b == '\'':
		return p.to(valueSingle, pass)
	case b == '>':
		return p.beforeAttr(b)
	}
	return p.to(valuePlain, pass)
}

// comment finds the end of a comment: --> or --!>, or > or -> right behind its
// beginning.
type comment struct {
	fresh  bool // there is nothing in it but dashes
	dashes int  // in a row, just now
	bang   bool // a ! behind two dashes, just now
}

func (c *comment) step(b byte) (ended bool) {
	switch {
	case b == '-':
		c.dashes++
		c.bang = false
		return false
	case b == '>' && (c.dashes >= 2 || c.bang || c.fresh):
		return true
	}
	*c = comment{bang: b == '!' && c.dashes >= 2}
	return false
}

func isSpace(b byte) bool {
	return b == ' ' || b == '\n' || b == '\t' || b == '\r' || b == '\f'
}

// lower is b in lower case, if it is a letter.
func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
