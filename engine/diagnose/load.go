package diagnose

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// File is a file that matchers are read from: matchers.json, .vscode/tasks.json,
// a GitHub action's problem matcher. Comments and trailing commas are allowed.
type File struct {
	Name string // for errors
	Data []byte
}

// Load reads matchers. What can't be used is told, and the rest is used. The
// forms of a file are VS Code's
//
//	{"problemMatchers": [...], "problemPatterns": [...]}
//	{"tasks": [{"problemMatcher": ...}]}
//
// GitHub's {"problemMatcher": [...]}, a matcher or a list of them alone, and
// {"errorformat": ["%f:%l: %m"]} of Vim, all of them also together.
func Load(files []File) (*Rules, []error) {
	l := loader{patterns: map[string][]codePattern{}}
	for _, f := range files {
		l.file(f)
	}
	if len(l.rules.matchers) == 0 {
		return nil, l.errs
	}
	l.rules.finish()
	return &l.rules, l.errs
}

type loader struct {
	rules    Rules
	errs     []error
	name     string                   // of the present file
	patterns map[string][]codePattern // named ones
}

// codeMatcher is VS Code's ProblemMatcher with our additions.
type codeMatcher struct {
	Name         string          `json:"name"`
	Base         string          `json:"base"` // another matcher; ours are always on
	Owner        string          `json:"owner"`
	Source       string          `json:"source"`
	Severity     string          `json:"severity"`
	FileLocation json.RawMessage `json:"fileLocation"`
	Pattern      json.RawMessage `json:"pattern"`
	Background   *struct {
		ActiveOnStart bool            `json:"activeOnStart"`
		BeginsPattern json.RawMessage `json:"beginsPattern"`
		EndsPattern   json.RawMessage `json:"endsPattern"`
	} `json:"background"`

	ErrorFormat stringList `json:"errorformat"`
	ColumnBase  *int       `json:"columnBase"` // 0 if the tool counts columns from there
	ApplyTo     string     `json:"applyTo"`
	Gap         int        `json:"gap"`      // empty lines that may be between two patterns
	ClearOn     string     `json:"clearOn"`  // a line that makes the problems so far void
	Literals    stringList `json:"literals"` // texts that each first line holds; the first of two bytes or more is looked for
	Sample      stringList `json:"sample"`   // lines in which it must find something
}

// codePattern is VS Code's ProblemPattern.
type codePattern struct {
	Name      string `json:"name"`
	Regexp    string `json:"regexp"`
	Kind      string `json:"kind"`
	File      group  `json:"file"`
	Location  group  `json:"location"`
	FromPath  group  `json:"fromPath"` // GitHub's: the project that file is relative to
	Line      group  `json:"line"`
	Column    group  `json:"column"`
	Character group  `json:"character"`
	EndLine   group  `json:"endLine"`
	EndColumn group  `json:"endColumn"`
	Severity  group  `json:"severity"`
	Code      group  `json:"code"`
	Message   group  `json:"message"`
	Loop      bool   `json:"loop"`
}

// group is the number of a group, one higher; 0 is none.
type group int

// UnmarshalJSON reads a number, stored one higher so that 0 is "absent".
func (g *group) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	n, err := strconv.ParseUint(string(b), 10, 16)
	if err != nil {
		return fmt.Errorf("%s is no number of a group", b)
	}
	*g = group(n + 1)
	return nil
}

// stringList is a string or a list of them.
type stringList []string

// UnmarshalJSON accepts both forms.
func (s *stringList) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*s = []string{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(s))
}

func (l *loader) fail(format string, args ...any) {
	l.errs = append(l.errs, fmt.Errorf("%s: %w", l.name, fmt.Errorf(format, args...)))
}

func (l *loader) file(f File) {
	l.name = f.Name
	data := plainJSON(f.Data)
	var doc struct {
		Matchers []json.RawMessage `json:"problemMatchers"`
		Patterns []json.RawMessage `json:"problemPatterns"`
		Matcher  json.RawMessage   `json:"problemMatcher"`
		Tasks    []struct {
			Label   string          `json:"label"`
			Matcher json.RawMessage `json:"problemMatcher"`
		} `json:"tasks"`
		ErrorFormat stringList      `json:"errorformat"`
		Pattern     json.RawMessage `json:"pattern"`
	}
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && trimmed[0] == '[' {
		l.matcherList(data, "")
		return
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		l.fail("%s", jsonError(data, err))
		return
	}
	for _, raw := range doc.Patterns {
		l.namedPattern(raw)
	}
	for _, raw := range doc.Matchers {
		l.matcherList(raw, "")
	}
	l.matcherList(doc.Matcher, "")
	for _, t := range doc.Tasks {
		l.matcherList(t.Matcher, t.Label)
	}
	if doc.Pattern != nil || doc.ErrorFormat != nil {
		l.matcherList(data, "")
	}
}

// matcherList reads a matcher, the name of one, or a list of both.
func (l *loader) matcherList(raw json.RawMessage, label string) {
	if len(raw) == 0 || string(raw) == "null" {
		return
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		for _, one := range list {
			l.matcherList(one, label)
		}
		return
	}
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return // "$tsc" and its like: what they find is found anyway
	}
	var m codeMatcher
	if err := json.Unmarshal(raw, &m); err != nil {
		l.fail("%s", err)
		return
	}
	if m.Name == "" {
		m.Name = firstOf(m.Owner, label, "matcher "+strconv.Itoa(len(l.rules.matchers)+1))
	}
	if len(m.Pattern) == 0 && len(m.ErrorFormat) == 0 && m.Background == nil && m.ClearOn == "" {
		if m.Base == "" {
			l.fail("%s: it has no pattern", m.Name)
		}
		return
	}
	l.matcher(&m)
}

func firstOf(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}

func (l *loader) matcher(m *codeMatcher) {
	u := &userMatcher{file: l.name, name: m.Name, source: firstOf(m.Source, m.Owner, m.Name), severity: Error, gap: min(m.Gap, maxTail)}
	if m.Severity != "" {
		sev, ok := userSeverity(m.Severity)
		if !ok {
			l.fail("%s: there is no severity %q: error, warning, info", m.Name, m.Severity)
			return
		}
		u.severity = sev
	}
	u.zero = m.ColumnBase != nil && *m.ColumnBase == 0
	var err error
	if u.base, err = fileLocation(m.FileLocation); err == nil {
		err = l.fill(u, m)
	}
	if err == nil {
		err = l.applyTo(m)
	}
	if err == nil {
		err = u.checkSamples(m.Sample)
	}
	if err != nil {
		l.fail("%s: %w", m.Name, err)
		return
	}
	l.rules.matchers = append(l.rules.matchers, u)
}

// checkSamples runs the matcher over its own samples: a pattern that does not
// match what its author had in mind is told at once.
func (u *userMatcher) checkSamples(samples []string) error {
	for _, s := range samples {
		rules := &Rules{matchers: []*userMatcher{u}}
		rules.finish()
		r := &Reader{Rules: rules}
		scanner := detect.Scanner{Literals: rules.literals}
		found := false
		for line := range strings.SplitSeq(s, "\n") {
			l := scanner.Scan([]byte(line))
			r.text = string(l.Text)
			r.user.line(r, l)
		}
		r.user.flush(r)
		for _, f := range r.Take() {
			found = found || f.Problem != nil
		}
		if !found {
			return fmt.Errorf("nothing is found in its sample %q", s)
		}
	}
	return nil
}

// finish makes the literals of the matchers known.
func (r *Rules) finish() {
	var texts []string
	r.byUser, r.greedy = nil, false
	for i, m := range r.matchers {
		if m.literal == "" {
			r.greedy = true
			continue
		}
		texts = append(texts, m.literal)
		r.byUser = append(r.byUser, i)
	}
	r.literals = detect.NewLiterals(texts)
}
