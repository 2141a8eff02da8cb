package match

import "bytes"

// lineLen is the length of the line that b begins with, without its newline.
func lineLen(b []byte) int {
	if n := bytes.IndexByte(b, '\n'); n >= 0 {
		return n
	}
	return len(b)
}

// lineEnd returns the end of the line that holds a place, with its newline, or
// that of buf.
func lineEnd(buf []byte, at int) int {
	if at >= len(buf) {
		return len(buf)
	}
	return min(at+lineLen(buf[at:])+1, len(buf))
}
