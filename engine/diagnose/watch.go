package diagnose

import "strings"

// underWay are words that builds begin with, before dots or an arrow; done are those
// that they end with, before how long it took. Tools that nobody has heard of use
// the same few.
var (
	underWay = []string{"building", "rebuilding", "compiling", "recompiling", "bundling", "rebundling", "transpiling", "generating", "regenerating"}
	done     = []string{"built", "rebuilt", "compiled", "recompiled", "bundled", "rebundled", "created", "generated", "regenerated", "wrote", "done", "completed", "transpiled", "emitted", "build", "compilation", "compile"}
)

// workUnderWay reads that a build has begun:
//
//	building...        Rebuilding…        bundles src/a.js → out/r.js...
func (r *Reader) workUnderWay(s string) bool {
	rest, ok := strings.CutSuffix(s, "...")
	if !ok {
		rest, ok = strings.CutSuffix(s, "…")
	}
	if !ok || len(s) > maxWork {
		return false
	}
	word, rest := firstWord(rest)
	if word == "bundles" && strings.Contains(rest, " → ") || isIn(underWay, word) && strings.Count(rest, " ") < 5 {
		r.buildMark("watch", Started, true, s)
		return true
	}
	return false
}

// workDone reads that a build has ended, and how long it took.
//
//	Done in 235ms        created out/r.js in 63ms        Wrote 1 file in 0.18 seconds (v3.1.8)
//	Build completed in 2.31s        [2026-11-27 07:22] Compiled src/a.scss to out/a.css.
func (r *Reader) workDone(s string) bool {
	if len(s) > maxWork {
		return false
	}
	word, rest := firstWord(s)
	if !isIn(done, word) || word == "completed" && len(rest) > 1 && isDigit(rest[1]) { // Rails: "Completed 200 OK in 12ms"
		return false
	}
	at := strings.LastIndex(s, " in ")
	if timed := at > 0 && isTime(s[at+4:]); !timed && !(word == "compiled" && isCopied(rest)) {
		return false
	}
	lower := strings.ToLower(rest)
	n, counted := countBefore(lower, "error")
	bad := strings.Contains(lower, "fail") || counted && n > 0 || strings.Contains(lower, "with errors")
	if count, ok := countBefore(rest, " file"); ok && count == 0 && word == "wrote" { // what was wrong stands above
		bad = true
	}
	tool := "watch"
	if word == "created" {
		tool = "rollup"
	}
	r.buildMark(tool, Ended, !bad, s)
	return true
}

// isCopied: "src/a.scss to out/a.css."
func isCopied(s string) bool {
	from, to, ok := strings.Cut(trim(s), " to ")
	return ok && isPath(from) && isPath(strings.TrimSuffix(to, "."))
}

// isTime: "235ms", "2.31s", "0.18 seconds (v3.1.8)", "0:00:00.142".
func isTime(s string) bool {
	if s == "" || !isDigit(s[0]) {
		return false
	}
	n, d := number(s)
	if _, d2 := numberBehind(s[d:], ":"); d2 > 0 && n < 60 {
		return true
	}
	s = strings.TrimLeft(s, "0123456789.,")
	n = 0
	for s = strings.TrimLeft(s, " "); n < len(s) && isLetter(s[n]); n++ {
	}
	switch s[:n] {
	case "ms", "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes", "ns", "milliseconds":
		return true
	}
	return strings.HasPrefix(s, "µs")
}

// fileChanged reads that a watcher runs a program anew because of a file:
//
//	main.go has changed                     air
//	/p/shop/views.py changed, reloading.    Django
//	[11ty] File changed: ./index.md         Eleventy
func (r *Reader) fileChanged(s string) bool {
	file, ok := strings.CutSuffix(s, " has changed")
	if !ok {
		file, ok = strings.CutSuffix(s, " changed, reloading.")
	}
	if !ok {
		_, file, ok = strings.Cut(s, "File changed: ")
	}
	if !ok || strings.Contains(file, " ") || !isPath(file) {
		return false
	}
	r.buildMark("*", Started, true, s)
	return true
}

// maxWork is how long a line that tells of a build can be.
const maxWork = 200

// firstWord is the first word in lower case, behind signs, and what follows it.
func firstWord(s string) (word, rest string) {
	if _, rest, ok := strings.Cut(s, "] "); ok && s[0] == '[' { // whose it is, or when
		s = rest
	}
	for s != "" && !isLetter(s[0]) && !isDigit(s[0]) {
		s = s[1:]
	}
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	return strings.ToLower(s[:n]), s[n:]
}

func isIn(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}
