package detect

import (
	"bytes"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// given is a level that a prefix tells: glog's first letter, or Ruby's.
type given struct {
	level lines.Level
	said  bool
}

// peel sets l.Text to what is behind time stamps and the name that a
// multiplexer put first, and l.Tag to that name.
func (l *Line) peel(names *announced) (g given) {
	l.Text = l.Full
	for range 4 {
		t := l.Text
		if len(t) < 4 {
			return g
		}
		n := 0
		begin := prefixBegins[t[0]]
		if begin&beginsStamp != 0 {
			n = stampLen(t)
			if m := streamLen(t[n:]); n > 0 && m > 0 {
				n += m
			} else {
				l.Timed = l.Timed || n > 0
			}
		}
		if n == 0 && begin&beginsTag != 0 && l.Tag == nil {
			n = l.peelName(names, begin)
		}
		if n == 0 && begin&beginsRun != 0 {
			names.run(t)
		}
		if n == 0 && begin&beginsTask != 0 {
			n = taskLen(t)
		}
		if n == 0 && begin&beginsLetter != 0 && !g.said {
			n, g = letterLevel(t)
		}
		if n == 0 {
			return g
		}
		l.Text = t[n:]
	}
	return g
}

// peelName takes a name off l.Text, one with a sign or one that was announced.
func (l *Line) peelName(names *announced, begin uint8) int {
	n := l.peelTag()
	if l.Announced {
		names.learn(l.Text[:n])
	}
	if n == 0 && begin&beginsName != 0 {
		n, l.Tag = names.peel(l.Text)
		l.Announced = n > 0
	}
	return n
}

// prefixBegins says which prefixes may begin with a byte: most lines begin with
// none, and are asked no further.
var prefixBegins = func() (t [256]uint8) {
	for c := range 256 {
		if b := byte(c); isLetter(b) || b == '[' || b == '@' {
			t[c] |= beginsTag | beginsName
		}
	}
	t['['] &^= beginsName
	t['>'] |= beginsRun
	for c := '0'; c <= '9'; c++ {
		t[c] |= beginsTag
	}
	for _, c := range "0123456789[JFMASOND" {
		t[c] |= beginsStamp
	}
	for _, c := range "TVDINWECF[" {
		t[c] |= beginsLetter
	}
	t[' '] |= beginsTask
	t['#'] |= beginsLetter
	t['<'] |= beginsLetter
	return t
}()

const (
	beginsStamp uint8 = 1 << iota
	beginsTag
	beginsLetter
	beginsTask
	beginsName // of a package, which a runner of workspaces has announced
	beginsRun
)

// peelTag recognises the prefixes of multiplexers:
//
//	[name] text         concurrently, nx, npm-run-all, which fills up: [a  ]
//	[0] text            concurrently without names
//	[build:js] text     a script's name
//	[@acme/web]: text   yarn
//	[10:17:43 web] text concurrently with the time
//	name  | text        docker compose, foreman, overmind
//	0|name  | text      pm2
//	name:task: text     turbo
//	name:task | text    moon
//	folder/name task: text, folder/name task$ command     pnpm -r; see announced for others
func (l *Line) peelTag() int {
	t := l.Text
	switch {
	case t[0] == '[':
		return l.peelBracket(t)
	case isDigit(t[0]):
		return l.peelNumbered(t)
	}
	n := nameLen(t)
	if n < 1 || n+2 >= len(t) {
		return 0
	}
	switch t[n] {
	case ' ':
		if m := l.peelBar(t, n); m > 0 || n < 3 {
			return m
		}
		return l.peelScript(t, n)
	case ':':
		m := nameLen(t[n+1:])
		end := n + 1 + m
		if m >= 2 && t[end] == ' ' {
			return l.peelBar(t, end)
		}
		if m < 2 || end+1 >= len(t) || t[end] != ':' || t[end+1] != ' ' || bytes.IndexByte(t[:n], '.') >= 0 ||
			isLevelWord(t[:n]) || isLevelWord(t[n+1:end]) || !lowerCase(t[:end]) {
			return 0
		}
		l.Tag = t[:end]
		return end + 2
	}
	return 0
}

// peelBracket takes "[name] " and its like.
func (l *Line) peelBracket(t []byte) int {
	from := 1
	if c := clockLen(t[1:]); c > 0 && c+1 < len(t) && t[c+1] == ' ' {
		from = c + 2
	}
	n := from + bracketLen(t[from:])
	end := n
	for end < len(t) && t[end] == ' ' {
		end++
	}
	name := t[from:n]
	if n == from || end+1 >= len(t) || t[end] != ']' || isLevelWord(name) || isVerdict(name) {
		return 0
	}
	if hash := bytes.IndexByte(name, '#'); hash > 0 && isLevelWord(name[hash+1:]) { // Twisted's
		return 0
	}
	end++
	if t[end] == ':' && end+1 < len(t) && !isDigit(name[0]) {
		end++
	}
	if t[end] != ' ' {
		return 0
	}
	l.Tag = name
	return end + 1
}

// peelNumbered takes pm2's "0|name  | ".
func (l *Line) peelNumbered(t []byte) int {
	_, d := leadingInt(t)
	if d > 3 || d >= len(t) || t[d] != '|' {
		return 0
	}
	n := nameLen(t[d+1:])
	if n == 0 {
		return 0
	}
	if n = l.peelBar(t[d+1:], n); n == 0 {
		return 0
	}
	return d + 1 + n
}

// streamLen is the length of what containers' runtimes put behind the time: "stdout F ",
// and P of a part of a line.
func streamLen(t []byte) int {
	if len(t) >= 9 && t[0] == 's' && (string(t[:7]) == "stdout " || string(t[:7]) == "stderr ") && (t[7] == 'F' || t[7] == 'P') && t[8] == ' ' {
		return 9
	}
	return 0
}

// isVerdict: what runners of tests put into brackets, or before a bar as Deno does, is
// no name of a process.
func isVerdict(w []byte) bool {
	switch string(w) {
	case "OK", "ok", "PASS", "PASSED", "FAIL", "FAILED", "SKIP", "SKIPPED", "Suite":
		return true
	}
	return false
}

// taskLen is the length of what Ant puts before what a task prints, "    [javac] ".
// It is no name of a process: a task's lines are not mixed with others'.
func taskLen(t []byte) int {
	i := bytes.IndexByte(t[:min(len(t), 12)], '[')
	if i < 2 || !spaceOnly(t[:i]) {
		return 0
	}
	n := nameLen(t[i+1:])
	end := i + 1 + n
	if end+1 >= len(t) || t[end] != ']' || t[end+1] != ' ' {
		return 0
	}
	switch string(t[i+1 : end]) {
	case "javac", "java", "junit", "junitlauncher", "testng", "exec", "apply", "echo", "groovyc", "scalac", "kotlinc":
		return end + 2
	}
	return 0
}

// peelScript takes "packages/a dev: ": a folder of the workspace, n long, and a
// script of its package.json.
func (l *Line) peelScript(t []byte, n int) int {
	if bytes.IndexByte(t[:n], '/') <= 0 || bytes.IndexByte(t[:n], '.') >= 0 {
		return 0
	}
	end := n + 1 + scriptLen(t[n+1:])
	if end < n+3 || end+1 >= len(t) || t[end] != ':' && t[end] != '$' || t[end+1] != ' ' || !lowerCase(t[:end]) {
		return 0
	}
	l.Tag, l.Announced = t[:n], true
	if t[end] == '$' { // the command is no output
		return len(t)
	}
	return end + 2
}

// peelBar takes "name  | ", whose name is n long. What was empty may have lost the
// blank behind the bar.
func (l *Line) peelBar(t []byte, n int) int {
	i := n
	for i < len(t) && t[i] == ' ' {
		i++
	}
	if n < 2 || i >= len(t) || t[i] != '|' || i+1 < len(t) && t[i+1] != ' ' || isLevelWord(t[:n]) || isVerdict(t[:n]) {
		return 0
	}
	l.Tag, l.Timed = t[:n], false // the clock before it was the multiplexer's
	end := min(i+2, len(t))
	if end < len(t) && t[end] == ' ' && l.halfDay(t) {
		end++
	}
	return end
}

// halfDay reports whether "AM " or "PM " stands before t, the rest of the line: the
// foreman of Node has such a clock, and two blanks behind its bar.
func (l *Line) halfDay(t []byte) bool {
	before := l.Full[:len(l.Full)-len(t)]
	return bytes.HasSuffix(before, []byte("AM ")) || bytes.HasSuffix(before, []byte("PM "))
}

// bracketLen is the length of the name behind a bracket: one or two digits, or a
// name, which may have a colon within.
func bracketLen(b []byte) int {
	if _, d := leadingInt(b); d > 0 {
		if d > 2 || d < len(b) && b[d] != ']' {
			return 0
		}
		return d
	}
	n := nameLen(b)
	if n > 0 && n+1 < len(b) && b[n] == ':' {
		if m := nameLen(b[n+1:]); m > 0 && !isLevelWord(b[n+1:n+1+m]) { // Apache: [core:error]
			return n + 1 + m
		}
	}
	return n
}

// nameLen is the length of the name that b begins with: a letter, then letters,
// digits and -_./@, at most 64.
func nameLen(b []byte) int {
	if len(b) == 0 || !isLetter(b[0]) && b[0] != '@' {
		return 0
	}
	b = b[:min(len(b), 66)]
	n := first(&endsName, b)
	if n == len(b) || n > 64 {
		return 0
	}
	return n
}

var endsName = func() (t [256]uint8) {
	for c := range t {
		if b := byte(c); !isWord(b) && b != '-' && b != '.' && b != '/' && b != '@' && b != '#' {
			t[c] = 1
		}
	}
	return t
}()

func lowerCase(b []byte) bool {
	for _, c := range b {
		if c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return true
}

// signLevel recognises what machines that run others' builds put first,
// "##[error]text", and syslog's priority, "<11>1 text" (RFC 5424, 6.2.1), of which
// the last three bits are the level.
func signLevel(b []byte) (n int, g given) {
	if b[0] == '#' {
		end := bytes.IndexByte(b[:min(len(b), 16)], ']')
		if end < 4 || b[1] != '#' || b[2] != '[' {
			return 0, given{}
		}
		g.level, g.said = parseWord(b[3:end])
		return end + 1, g
	}
	priority, d := leadingInt(b[1:])
	if d == 0 || priority > 191 || len(b) < d+3 || b[d+1] != '>' {
		return 0, given{}
	}
	n = d + 2
	if b[n] == '1' && len(b) > n+1 && b[n+1] == ' ' {
		n += 2
	}
	g.level, g.said = syslogLevel(priority & 7)
	return n, g
}

// letterLevel recognises glog and klog (I1123 09:05:35.123456 7 main.go:3] text)
// and Ruby's Logger (E, [2026-11-23T09:05:35 #7] ERROR -- : text).
func letterLevel(b []byte) (n int, g given) {
	if len(b) < 7 {
		return 0, given{}
	}
	if b[0] == '#' || b[0] == '<' {
		return signLevel(b)
	}
	if b[0] != '[' && !isDigit(b[1]) && b[1] != ',' {
		return loneLetter(b)
	}
	if b[0] == '[' {
		at, end := bytes.IndexByte([]byte("DIWEC"), b[1]), bytes.IndexByte(b[:min(len(b), 120)], ']')
		if at < 0 || b[2] != ' ' || !isDigit(b[3]) || end < 0 { // Tornado's: [E 261127 07:20:14 app:12] text
			return 0, given{}
		}
		return min(end+2, len(b)), given{lines.Debug + lines.Level(at), true}
	}
	at := bytes.IndexByte([]byte("DIWEF"), b[0])
	if at < 0 {
		return 0, given{}
	}
	g = given{lines.Debug + lines.Level(at), true}
	end := bytes.IndexByte(b[:min(len(b), 120)], ']')
	switch {
	case b[1] == ',' && b[2] == ' ' && b[3] == '[' && end > 0:
		return min(end+2, len(b)), g
	case digits(b[1:5]) && b[5] == ' ' && isDigit(b[6]) && end > 0:
		return min(end+2, len(b)), g
	case len(b) > 18 && digits(b[1:9]) && b[9] == ' ' && digits(b[10:12]) && b[12] == ':' && end > 0: // with its year
		return min(end+2, len(b)), g
	}
	return 0, given{}
}

// loneLetter recognises a level of one letter before a bar, a clock, a name and a
// bar, or, as Android has it, a slash:
//
//	W | auth: text      E 07:17:11.679 [15188] net: text      E shop.cart | text      W/Tag(123): text
//
// N is notice, V verbose, C critical.
func loneLetter(b []byte) (n int, g given) {
	at := bytes.IndexByte([]byte("TVDINWECF"), b[0])
	if at < 0 || len(b) < 7 {
		return 0, given{}
	}
	g = given{[...]lines.Level{lines.Trace, lines.Debug, lines.Debug, lines.Info, lines.Info, lines.Warn, lines.Error, lines.Fatal, lines.Fatal}[at], true}
	switch {
	case b[1] == '/' && isLetter(b[2]):
		if m := nameLen(b[2:]); m > 1 && 2+m < len(b) && (b[2+m] == ':' || b[2+m] == '(') {
			return 2, g
		}
	case b[1] != ' ':
	case b[2] == '|' && b[3] == ' ':
		return 4, g
	case isDigit(b[2]) && stampLen(b[2:]) > 5:
		return 2, g
	default:
		if m := nameLen(b[2:]); m > 1 && 2+m+2 < len(b) && b[2+m] == ' ' && b[3+m] == '|' {
			return 2, g
		}
	}
	return 0, given{}
}
