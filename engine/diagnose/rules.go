package diagnose

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// Rules are the user's matchers, ready to be used. They are immutable: changed
// files make new Rules; see [Load].
type Rules struct {
	matchers []*userMatcher
	literals *detect.Literals
	byUser   []int // the matcher that a literal belongs to
	greedy   bool  // some matcher needs no literal, and is tried on each line
}

// Literals are what the lines are to be scanned for.
func (r *Rules) Literals() *detect.Literals {
	if r == nil {
		return nil
	}
	return r.literals
}

// Names lists the matchers, those that have to be tried on every line marked.
func (r *Rules) Names() (names []string) {
	if r == nil {
		return nil
	}
	for _, m := range r.matchers {
		name := m.name
		if m.literal == "" {
			name += " (tried on every line: its pattern needs no fixed text)"
		}
		names = append(names, name)
	}
	return names
}

// userMatcher is one matcher in VS Code's sense: patterns that consecutive lines
// must match.
type userMatcher struct {
	file     string // that it was read from
	name     string
	source   string // the owner of its problems
	severity Severity
	patterns []userPattern
	literal  string // without which no line matches the first pattern; "" if there is none
	base     fileBase
	zero     bool // columns count from 0
	gap      int  // empty lines that may be between two patterns
	vim      *errorFormat

	begins, ends, clears *regexp.Regexp
}

type userPattern struct {
	re     *regexp.Regexp
	fields []userField
	loop   bool
	file   bool // it tells of a file, not of a line
}

// userField is a part of a problem, and the group that catches it.
type userField struct {
	name  string
	group int
}

// userState is how far the user's matchers are in a stream.
type userState struct {
	runs []userRun
	vim  []vimRun
}

// userRun is a matcher that waits for its next line.
type userRun struct {
	m    *userMatcher
	next int // the pattern
	gaps int
	got  map[string]string
}

func (u *userState) open() bool { return len(u.runs)+len(u.vim) > 0 }

func (u *userState) flush(r *Reader) {
	u.runs = nil
	for i := range u.vim {
		u.vim[i].finish(r)
	}
	u.vim = nil
}

// setRules changes the matchers; what waits for a line waits no longer.
func (r *Reader) setRules(rules *Rules) {
	r.Rules = rules
	r.user = userState{}
}

// line gives a line to the matchers that wait for one, and to those whose
// literal it has.
func (u *userState) line(r *Reader, l *detect.Line) {
	text := r.text
	kept := u.runs[:0]
	for i := range u.runs {
		run := u.runs[i]
		if run.step(r, text) {
			kept = append(kept, run)
		}
	}
	u.runs = kept
	for i, m := range r.Rules.matchers {
		if m.literal == "" || hasLiteral(r.Rules, l, i) {
			u.try(r, m, text)
		}
	}
}

func hasLiteral(rules *Rules, l *detect.Line, matcher int) bool {
	for _, user := range l.Users {
		if rules.byUser[user] == matcher {
			return true
		}
	}
	return false
}

// try gives a line to a matcher as its first.
func (u *userState) try(r *Reader, m *userMatcher, text string) {
	m.background(r, text)
	if m.vim != nil {
		u.tryVim(r, m, text)
		return
	}
	if len(m.patterns) == 0 || slices.ContainsFunc(u.runs, func(run userRun) bool { return run.m == m }) {
		return
	}
	run := userRun{m: m, got: map[string]string{}}
	if run.step(r, text) && len(u.runs) < maxRuns {
		u.runs = append(u.runs, run)
	}
}

// maxRuns bounds what can wait at a time.
const maxRuns = 64

// background reads the marks of a watching tool: at a beginning the problems of
// the last cycle no longer hold.
func (m *userMatcher) background(r *Reader, text string) {
	for _, re := range []*regexp.Regexp{m.begins, m.clears} {
		if re != nil && re.MatchString(text) {
			r.found = append(r.found, Finding{Clear: &Clear{Sources: []string{m.source}, At: r.at}})
			r.why = m.name + ", which begins a cycle"
		}
	}
	if m.ends != nil && m.ends.MatchString(text) {
		r.part(m.source, m.name, true)
		r.why = m.name + ", which ends a cycle"
	}
}

// step gives the run a line and reports whether it waits for another.
func (run *userRun) step(r *Reader, text string) bool {
	p := &run.m.patterns[run.next]
	groups := p.re.FindStringSubmatch(text)
	if groups == nil {
		if trim(text) == "" && run.gaps < run.m.gap {
			run.gaps++
			return true
		}
		return false
	}
	run.gaps = 0
	got := run.got
	if p.loop {
		got = maps.Clone(run.got)
	}
	for _, f := range p.fields {
		if text := groups[f.group]; text != "" {
			got[f.name] = trim(text)
		}
	}
	if run.next < len(run.m.patterns)-1 {
		run.next++
		r.why = run.m.name + ", which waits for its next line"
		return true
	}
	run.m.report(r, got, p.file, r.at)
	return p.loop
}

// report makes a problem of what the groups have caught; at is the line to name.
func (m *userMatcher) report(r *Reader, got map[string]string, file bool, at uint64) {
	p := Problem{Severity: m.severity, Message: got["message"], Code: got["code"], Source: m.source, At: at}
	p.File, p.Unit = got["file"], UTF16
	if sev, ok := userSeverity(got["severity"]); ok {
		p.Severity = sev
	}
	p.Line, _ = number(got["line"])
	p.Col, _ = number(got["column"])
	p.EndLine, _ = number(got["endLine"])
	p.EndCol, _ = number(got["endColumn"])
	if where := got["location"]; where != "" {
		p.location(where)
	}
	if m.zero && got["column"] != "" {
		p.Col++
	}
	if m.base.dir != "" {
		p.Dirs = []string{m.base.dir}
	}
	p.Search = m.base.search
	if p.File == "" || p.Line == 0 && !file {
		return
	}
	if file {
		p.Line, p.Col = 0, 0
	}
	r.why = m.name
	r.problem(p)
}

// location reads VS Code's forms: "12", "12,5", "12,5,12,9".
func (p *Place) location(s string) {
	var n [4]int
	count := 0
	for part := range strings.SplitSeq(s, ",") {
		if count < len(n) {
			n[count], _ = number(trim(part))
			count++
		}
	}
	p.Line, p.Col = n[0], n[1]
	if count == 4 {
		p.EndLine, p.EndCol = n[2], n[3]
	}
}

// userSeverity knows the words and letters that VS Code does.
func userSeverity(s string) (Severity, bool) {
	switch strings.ToLower(s) {
	case "e":
		return Error, true
	case "w":
		return Warning, true
	case "i", "n":
		return Information, true
	}
	sev, n := severityWord(s)
	return sev, n > 0 && n == len(s)
}
