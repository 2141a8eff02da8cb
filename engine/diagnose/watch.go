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
	if !isIn(done, word) {
		return false
	}
	at := strings.LastIndex(s, " in ")
	timed := false
	if at > 0 {
		_, d := number(s[at+4:])
		timed = d > 0
	}
	if !timed && !(word == "compiled" && strings.Contains(rest, " to ")) {
		return false
	}
	lower := strings.ToLower(rest)
	n, counted := countBefore(lower, "error")
	bad := strings.Contains(lower, "fail") || counted && n > 0 || strings.Contains(lower, "with errors")
	if count, ok := countBefore(rest, " file"); ok && count == 0 && word == "wrote" { // what was wrong stands above
		bad = true
	}
	r.buildMark("watch", Ended, !bad, s)
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
