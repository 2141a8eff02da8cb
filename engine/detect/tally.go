package detect

import (
	"bytes"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// tallyLevel judges a line that counts: what has failed, if it is more than none,
// makes it an error. The count must end there: "after 2 failed attempts" is none.
//
//	2 scenarios (1 failed, 1 passed)     Found 3 errors in 2 files
//	Run:  3   Failures: 1   Errors: 0    Test Suites: 1 failed, 1 passed, 2 total
func tallyLevel(text []byte) (lines.Level, bool) {
	if len(text) > maxTally {
		return 0, false
	}
	for i := 0; i < len(text); i++ {
		if text[i]|0x20 != 'f' && text[i]|0x20 != 'e' || i > 0 && isLetter(text[i-1]) {
			continue
		}
		n := 0
		for i+n < len(text) && isLetter(text[i+n]) {
			n++
		}
		if isFailure(text[i : i+n]) {
			number, some := countsBehind(text[i+n:])
			if some || !number && countsBefore(text, i, i+n) {
				return lines.Error, true
			}
		}
		i += n
	}
	return 0, false
}

// maxTally is how long a line that counts can be.
const maxTally = 200

// isFailure: failed, failing, failure, failures, error, errors, in any case.
func isFailure(w []byte) bool {
	if len(w) < 4 || len(w) > 8 {
		return false
	}
	var buf [8]byte
	for i, c := range w {
		buf[i] = c | 0x20
	}
	switch string(buf[:len(w)]) {
	case "failed", "failing", "failure", "failures", "error", "errors":
		return true
	}
	return false
}

// countsBefore reports whether a number above 0 stands before the word in
// text[from:to], or before what has failed, "2 tests failed", and nothing behind
// that makes it a part of a sentence.
func countsBefore(text []byte, from, to int) bool {
	if to < len(text) && text[to] == ' ' && to+1 < len(text) && isLetter(text[to+1]) && !endsCount(text[to+1:]) {
		return false
	}
	if to < len(text) && (text[to] == '=' || text[to] == '/' || text[to] == '_' || text[to] == '-' || text[to] == '.' && to+1 < len(text) && isLetter(text[to+1])) {
		return false
	}
	b := trimSpace(text[:from])
	for range 2 {
		end := len(b)
		for end > 0 && isDigit(b[end-1]) {
			end--
		}
		if end < len(b) {
			if key, count := countsApart(b[:end], text[to:]); key { // "passed 3 failed 0"
				return nonZero(count)
			}
			return nonZero(b[end:]) && (end == 0 || bytes.IndexByte([]byte(" (,|[\t"), b[end-1]) >= 0)
		}
		at := bytes.LastIndexByte(b, ' ')
		if !isSubject(b[at+1:]) {
			return false
		}
		b = trimSpace(b[:max(at, 0)])
	}
	return false
}

// countsApart reports whether a number is rather of the word before it, and the
// number behind the next word is that word's: passed 3 failed 0.
func countsApart(before, behind []byte) (key bool, count []byte) {
	n := len(before)
	if n < 2 || before[n-1] != ' ' || !isLetter(before[n-2]) || len(behind) < 2 || behind[0] != ' ' {
		return false, nil
	}
	_, d := leadingInt(behind[1:])
	return d > 0, behind[1 : 1+d]
}

// endsCount: words that go on behind a count.
func endsCount(b []byte) bool {
	switch string(b[:tokenLen(b)]) {
	case "in", "and", "found", "generated", "total", "out", "of", "prevented":
		return true
	}
	return false
}

func isSubject(w []byte) bool {
	switch string(w) {
	case "test", "tests", "examples", "specs", "scenarios", "scenario", "features", "steps", "suites", "files", "file", "file(s)", "subtests", "cases", "of":
		return true
	}
	return false
}

// countsBehind: ": 2", "=2", a tab and 2. number says that a count stands there, some
// that it is above 0.
func countsBehind(b []byte) (number, some bool) {
	if len(b) == 0 || b[0] != ':' && b[0] != '=' && b[0] != '\t' {
		return false, false
	}
	b = trimSpace(b[1:])
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	ends := n == len(b) || bytes.IndexByte([]byte(",.;)|\t"), b[n]) >= 0 ||
		b[n] == ' ' && (n+1 == len(b) || b[n+1] < 'a' || b[n+1] > 'z') // "errors: 3 of them" is a sentence
	return n > 0, ends && n > 0 && n < 7 && nonZero(b[:n])
}

func nonZero(digits []byte) bool { return len(bytes.Trim(digits, "0")) > 0 }
