package detect

import (
	"bytes"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// levelOf says how serious a line is, and whether the line itself says so.
//
// The first that applies: a key of structured logging (level=, "level":); the
// prefix's letter; a level word that stands alone among the first words, in
// capitals, in brackets or before a colon; the way tools begin an error. A
// word elsewhere in the text tells nothing: "Found 0 errors" is no error.
func levelOf(text []byte, class Class, g given) (lines.Level, bool) {
	if class&Keyed != 0 && text[0] != '{' {
		if level, ok := keyLevel(text); ok {
			return level, true
		}
	}
	if g.said {
		return g.level, true
	}
	if len(text) > 0 && text[0] == '{' {
		if level, ok := jsonLevel(text); ok {
			return level, true
		}
	}
	if level, ok := wordLevel(text); ok {
		return level, true
	}
	if level, ok := joinedLevel(text); ok {
		return level, true
	}
	if class&(Severe|Mark) != 0 {
		if level, ok := headLevel(text, class&Severe != 0); ok {
			return level, true
		}
	}
	if class&Severe != 0 {
		if level, ok := tallyLevel(text); ok {
			return level, true
		}
	}
	return lines.Info, false
}

// parseWord knows the names of levels, whole and short, in any case.
func parseWord(w []byte) (lines.Level, bool) {
	if len(w) > 11 || !mayBeLevel(w) {
		return 0, false
	}
	var buf [11]byte
	for i, c := range w {
		buf[i] = c | 0x20
	}
	switch string(buf[:len(w)]) {
	case "trace", "trac", "trc", "trce", "silly", "finest", "finer":
		return lines.Trace, true
	case "debug", "debu", "dbg", "dbug", "verbose", "verb", "fine", "sill":
		return lines.Debug, true
	case "info", "inf", "information", "notice", "http", "log", "note", "timing", "config", "success":
		return lines.Info, true
	case "warn", "warning", "wrn":
		return lines.Warn, true
	case "error", "err", "erro", "eror", "severe", "fail":
		return lines.Error, true
	case "fatal", "fata", "ftl", "critical", "crit", "panic", "pani", "pnc", "emerg", "emergency", "alert", "dpanic":
		return lines.Fatal, true
	}
	return 0, false
}

// levelBegins holds, by the first letter of the names that parseWord knows, the
// letters that may come second: most words are none by their beginning.
var levelBegins = func() (t [256]uint32) {
	for name := range strings.FieldsSeq("tr si fi de db ve in no ht lo ti co su wa wr er se fa ft cr pa pn em al dp") {
		t[name[0]] |= 1 << (name[1] & 31)
	}
	return t
}()

// mayBeLevel reports whether a word can be the name of a level by its beginning.
func mayBeLevel(w []byte) bool {
	return len(w) >= 3 && levelBegins[w[0]|0x20]>>(w[1]&31)&1 != 0
}

func isLevelWord(w []byte) bool {
	_, ok := parseWord(w)
	return ok
}

// maxWords is how many words a level can have before it: a thread, a logger.
const maxWords = 4

// wordLevel looks for a level word among the first words.
func wordLevel(text []byte) (lines.Level, bool) {
	words := 0
	for i := 0; i < len(text) && words < maxWords; {
		switch kindOf[text[i]] {
		case kindStop:
			return 0, false
		case kindNumber:
			i += tokenLen(text[i:])
			continue
		case kindOther:
			i++
			continue
		}
		n := tokenLen(text[i:])
		end := i + n
		if mayBeLevel(text[i:end]) || end < len(text) && text[end] == ':' { // a colon: monolog's channel may be before it
			if level, ok := tokenLevel(text, i, n, words); ok {
				return level, !zeroBehind(text[end:])
			}
		}
		words++
		i = end
	}
	return 0, false
}

// kindOf is what a word can be that begins with a byte.
var kindOf = func() (t [256]uint8) {
	for c := range 256 {
		switch b := byte(c); {
		case isLetter(b):
			t[c] = kindWord
		case isDigit(b), b >= 0x80:
			t[c] = kindNumber
		case b == '"', b == '\'', b == '`', b == '=', b == '$': // what is quoted or assigned is no level
			t[c] = kindStop
		}
	}
	return t
}()

const (
	kindOther uint8 = iota
	kindWord
	kindNumber // counts for nothing
	kindStop
)

// tokenLen is the length of the word that b begins with.
func tokenLen(b []byte) int { return max(first(&endsToken, b), 1) }

var endsToken = func() (t [256]uint8) {
	for _, c := range []byte(" \t[]()|<>:,;=!") {
		t[c] = 1
	}
	return t
}()

// tokenLevel judges the word of length n at i, before which came words.
func tokenLevel(text []byte, i, n, words int) (lines.Level, bool) {
	w := text[i : i+n]
	if dot := bytes.LastIndexByte(w, '.'); dot > 0 && i+n < len(text) && text[i+n] == ':' {
		w = w[dot+1:] // monolog's channel: app.ERROR:
		if lowerCase(w) {
			return 0, false
		}
	}
	level, ok := parseWord(w)
	if !ok {
		return 0, false
	}
	var before, behind byte = ' ', ' '
	if i > 0 {
		before = text[i-1]
	}
	if i+n < len(text) {
		behind = text[i+n]
	}
	if before == '[' && behind == ' ' { // structlog fills its brackets up: [error    ]
		if rest := trimSpace(text[i+n:]); len(rest) > 0 && rest[0] == ']' {
			behind = ']'
		}
	}
	if behind == ' ' && words == 0 && i == 0 && (string(w) == "sill" || string(w) == "verb") { // npm's, when it is verbose
		return level, true
	}
	switch {
	case isProse(w):
		return level, before == '[' && behind == ']' || words == 0 && behind == ':' && i == 0 && !bytes.HasPrefix(text[n:], []byte(": panic"))
	case len(w) >= 3 && allUpper(w):
		return level, behind != '=' && behind != '-' && behind != '.' && before != '-' && before != '/' && (behind != '(' || words == 0)
	case before == '[' && behind == ']', before == '<' && behind == '>', before == ':' && behind == ']':
		return level, true
	case before == '[' && behind == '[':
		return level, true
	case words == 0 && (behind == ':' || behind == '[' || behind == ' ' && startsSentence(text[i+n:])):
		return level, len(w) > 3 && (spaceOnly(text[:i]) || behind == ' ' && signsOnly(text[:i]) && len(text) > i+n+1 && text[i+n+1] == ' ')
	case words == 1 && behind == ':' && (before == ' ' && i > 1 && text[i-2] == ':' || before == ':'):
		return level, len(w) > 3
	case words == 1 && before == ' ' && behind == ' ' && isPackager(text[:i-1]):
		return level, true
	case words > 0 && behind == ':' && before == ' ' && (level == lines.Warn || level == lines.Error) && (locationBefore(text[:i-1]) || text[i-2] == '-' && i > 3):
		return level, true
	}
	return 0, false
}

// joinedLevel reads a level that is joined to a logger's name: GLib's
// "(process:15181): shop-WARNING **: text" and Twisted's "[name#error] text".
func joinedLevel(text []byte) (lines.Level, bool) {
	if len(text) == 0 || text[0] != '(' && text[0] != '[' {
		return 0, false
	}
	name, sign := text, byte('#')
	if text[0] == '(' {
		name, sign = text[:max(bytes.Index(text, []byte(" **: ")), 0)], '-'
	} else {
		name = text[:max(bytes.IndexByte(text, ']'), 0)]
	}
	at := bytes.LastIndexByte(name, sign)
	if at < 0 {
		return 0, false
	}
	return parseWord(name[at+1:])
}

// isProse reports whether a level word is, but in capitals, rather a word like
// any other.
func isProse(w []byte) bool {
	switch string(w) {
	case "log", "note", "Note", "http", "config", "Config", "success", "Success", "fine", "Fine", "timing":
		return true
	}
	return false
}

// isPackager: "npm warn deprecated", "pnpm error".
func isPackager(b []byte) bool {
	switch string(b) {
	case "npm", "pnpm", "yarn", "bun":
		return true
	}
	return false
}

// locationBefore reports whether b ends in a place, as in "main.c:7:15:".
func locationBefore(b []byte) bool {
	n := len(b)
	return n > 3 && b[n-1] == ':' && (isDigit(b[n-2]) || b[n-2] == ')')
}

// startsSentence: yarn's "error Command failed", consola's "error  text", C#'s
// "error CS1002: text", Next's "error - text".
func startsSentence(b []byte) bool {
	return len(b) > 2 && b[0] == ' ' && (b[1] >= 'A' && b[1] <= 'Z' && (!allUpper(b[1:3]) || isCode(b[1:])) || b[1] == '"' || b[1] == ' ' || b[1] == '-' && b[2] == ' ')
}

// isCode: "CS1002: ".
func isCode(b []byte) bool {
	n := tokenLen(b)
	return n > 3 && n < 9 && n < len(b) && b[n] == ':' && isDigit(b[n-1]) && allUpper(b[:2])
}

// signsOnly: blanks and signs that are no ASCII.
func signsOnly(b []byte) bool {
	for _, c := range b {
		if c < 0x80 && c != ' ' {
			return false
		}
	}
	return true
}

func spaceOnly(b []byte) bool { return len(trimSpace(b)) == 0 }

func allUpper(w []byte) bool {
	for _, c := range w {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// startsWord reports whether b goes on with a blank and a word that is no key: a
// sentence.
func startsWord(b []byte) bool {
	if len(b) < 2 || b[0] != ' ' || !isLetter(b[1]) {
		return false
	}
	n := tokenLen(b[1:])
	return 1+n == len(b) || b[1+n] != '='
}

// What stands behind a level of which there is none; the second are also words of
// sentences. They are asked about nearly every line of a logger.
var (
	noneWords  = []string{"0", "no ", "rate"}
	noneValues = []string{"none", "null", "false", "undefined", "nil"}
)

var beginsNone = [256]bool{'0': true, 'n': true, 'f': true, 'u': true, 'r': true}

// zeroBehind reports whether b, which follows a level word, says there is none:
// ": 0", "=0", ": none".
func zeroBehind(b []byte) bool {
	for len(b) > 0 && (b[0] == ' ' || b[0] == ':' || b[0] == '=') {
		b = b[1:]
	}
	if len(b) == 0 || !beginsNone[b[0]] {
		return false
	}
	for _, none := range noneWords {
		if b[0] == none[0] && bytes.HasPrefix(b, []byte(none)) && (len(b) == len(none) || !isWord(b[len(none)]) && b[len(none)] != 'x') {
			return true
		}
	}
	for _, none := range noneValues { // but "error: undefined symbol"
		if b[0] == none[0] && bytes.HasPrefix(b, []byte(none)) && (len(b) == len(none) || !isWord(b[len(none)]) && !startsWord(b[len(none):])) {
			return true
		}
	}
	return false
}
