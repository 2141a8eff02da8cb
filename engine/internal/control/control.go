// Package control tells how long the control sequences of a terminal are. It does
// not say what they mean: the log room reads them to show text to people, detection
// to understand it.
package control

// ESC begins every sequence but a carriage return.
const ESC = 0x1b

// Len is the length of the sequence that b begins with: a CR, or one of ECMA-48
// section 5 behind an ESC. Of a string sequence without an end only the introducer
// counts, so that a broken title can't swallow a line.
func Len(b []byte) int {
	if b[0] == '\r' || len(b) == 1 {
		return 1
	}
	switch c := b[1]; {
	case c == '[':
		return csiLen(b)
	case c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_':
		return 2 + stringLen(b[2:])
	case c >= 0x20 && c <= 0x2f: // intermediates, then one final byte: ESC ( B
		i := 2
		for i < len(b) && b[i] >= 0x20 && b[i] <= 0x2f {
			i++
		}
		return min(i+1, len(b))
	case c >= 0x30 && c <= 0x7e:
		return 2
	}
	return 1 // a lone ESC before something that is no sequence
}

func csiLen(b []byte) int {
	for i := 2; i < len(b); i++ {
		switch c := b[i]; {
		case c >= 0x40 && c <= 0x7e:
			return i + 1
		case c < 0x20 || c > 0x3f:
			return i // broken off: what follows is text
		}
	}
	return len(b)
}

// stringLen is the length up to and with BEL or ST, 0 if there is neither. Another
// ESC breaks the string off, as in terminals; because it does, a line full of
// introducers is looked at once, not once for each.
func stringLen(b []byte) int {
	for i, c := range b {
		switch {
		case c == 0x07:
			return i + 1
		case c == ESC && i+1 < len(b) && b[i+1] == '\\':
			return i + 2
		case c == ESC:
			return 0
		}
	}
	return 0
}
