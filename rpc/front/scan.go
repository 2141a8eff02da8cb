package front

// scanner walks over JSON (RFC 8259) and checks it on the way: a message is looked
// at once, and nothing is decoded. Halves of surrogate pairs and members given twice
// are no fault: what they are good for is for those to say who use them. The bytes
// must be valid UTF-8.
type scanner struct {
	b []byte
	i int
}

// maxDepth is how deep values may be nested, as in encoding/json.
const maxDepth = 10_000

// next moves to the next byte that is no white space and returns it, 0 at the end.
func (s *scanner) next() byte {
	for s.i < len(s.b) {
		if c := s.b[s.i]; c > ' ' || c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c
		}
		s.i++
	}
	return 0
}

// token passes over the byte if it is the next one.
func (s *scanner) token(c byte) bool {
	if s.next() != c {
		return false
	}
	s.i++
	return true
}

// end reports whether nothing is left.
func (s *scanner) end() bool {
	s.next()
	return s.i == len(s.b)
}

// value passes over a value and returns it as it stands; nil if there is none.
func (s *scanner) value(depth int) []byte {
	c, start := s.next(), s.i
	ok := false
	switch c {
	case '"':
		return s.text()
	case '{':
		ok = depth < maxDepth && s.list('}', func() bool { return s.text() != nil && s.token(':') && s.value(depth+1) != nil })
	case '[':
		ok = depth < maxDepth && s.list(']', func() bool { return s.value(depth+1) != nil })
	case 't':
		ok = s.literal("true")
	case 'f':
		ok = s.literal("false")
	case 'n':
		ok = s.literal("null")
	default:
		ok = s.number()
	}
	if !ok {
		return nil
	}
	return s.b[start:s.i]
}

// list passes over what is between brackets, of which the opening one is next.
func (s *scanner) list(closing byte, element func() bool) bool {
	s.i++
	if s.token(closing) {
		return true
	}
	for element() {
		if s.token(closing) {
			return true
		}
		if !s.token(',') {
			return false
		}
	}
	return false
}

// text passes over a string and returns it as it stands; nil if there is none.
func (s *scanner) text() []byte {
	if s.next() != '"' {
		return nil
	}
	b, i := s.b, s.i+1 // not s.i: most of a message is strings
	for i < len(b) {
		switch c := b[i]; {
		case c == '"':
			start := s.i
			s.i = i + 1
			return b[start:s.i]
		case c == '\\':
			n := escape(b[i:])
			if n == 0 {
				return nil
			}
			i += n
		case c < ' ':
			return nil
		default:
			i++
		}
	}
	return nil
}

// escape is the length of the escape sequence that b begins with, 0 if it is none.
func escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(b) >= 6 && isHex(b[2]) && isHex(b[3]) && isHex(b[4]) && isHex(b[5]) {
			return 6
		}
	}
	return 0
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (s *scanner) literal(word string) bool {
	if len(s.b)-s.i < len(word) || string(s.b[s.i:s.i+len(word)]) != word {
		return false
	}
	s.i += len(word)
	return true
}

func (s *scanner) number() bool {
	s.here('-')
	if !s.here('0') && !s.digits() {
		return false
	}
	if s.here('.') && !s.digits() {
		return false
	}
	if s.here('e') || s.here('E') {
		_ = s.here('+') || s.here('-')
		return s.digits()
	}
	return true
}

// here passes over the byte if it stands here.
func (s *scanner) here(c byte) bool {
	if s.i >= len(s.b) || s.b[s.i] != c {
		return false
	}
	s.i++
	return true
}

// digits passes over one or more.
func (s *scanner) digits() bool {
	start := s.i
	for s.i < len(s.b) && isDigit(s.b[s.i]) {
		s.i++
	}
	return s.i > start
}
