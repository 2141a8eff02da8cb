package diagnose

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
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
	Gap         int        `json:"gap"`        // empty lines that may be between two patterns
	ClearOn     string     `json:"clearOn"`    // a line that makes the problems so far void
	Literals    stringList `json:"literals"`   // one that each first line holds
	Sample      stringList `json:"sample"`     // lines in which it must find something
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

// group is the number of a group; absent ones are -1.
type group int

// UnmarshalJSON reads a number, stored one higher so that 0 is "absent".
func (g *group) UnmarshalJSON(b []byte) error {
	n, err := strconv.Atoi(string(b))
	*g = group(n + 1)
	return err
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

// jsonError says where in a file its JSON is broken.
func jsonError(data []byte, err error) string {
	if se, ok := err.(*json.SyntaxError); ok {
		before := data[:min(int(se.Offset), len(data))]
		return fmt.Sprintf("line %d: %v", 1+bytes.Count(before, []byte("\n")), err)
	}
	return err.Error()
}

// plainJSON blanks comments and trailing commas, so that offsets stay.
func plainJSON(data []byte) []byte {
	out := bytes.Clone(data)
	comma := -1
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case c == '"':
			comma = -1
			for i++; i < len(out) && out[i] != '"'; i++ {
				if out[i] == '\\' {
					i++
				}
			}
		case c == '/' && i+1 < len(out) && out[i+1] == '/':
			for ; i < len(out) && out[i] != '\n'; i++ {
				out[i] = ' '
			}
		case c == '/' && i+1 < len(out) && out[i+1] == '*':
			end := bytes.Index(out[i+2:], []byte("*/"))
			if end < 0 {
				return out
			}
			for stop := i + end + 4; i < stop; i++ {
				if out[i] != '\n' {
					out[i] = ' '
				}
			}
			i--
		case c == ',':
			comma = i
		case c == ']' || c == '}':
			if comma >= 0 {
				out[comma] = ' '
			}
			comma = -1
		case c > ' ':
			comma = -1
		}
	}
	return out
}

func (l *loader) namedPattern(raw json.RawMessage) {
	var named struct {
		Name     string        `json:"name"`
		Patterns []codePattern `json:"patterns"`
	}
	list, err := patternsOf(raw)
	if json.Unmarshal(raw, &named) == nil && len(named.Patterns) > 0 {
		list, err = named.Patterns, nil
	}
	switch {
	case err != nil:
		l.fail("problemPatterns: %w", err)
	case named.Name == "":
		l.fail("problemPatterns: a pattern there needs a name")
	default:
		l.patterns[named.Name] = list
	}
}

func patternsOf(raw json.RawMessage) ([]codePattern, error) {
	var one codePattern
	if json.Unmarshal(raw, &one) == nil {
		return []codePattern{one}, nil
	}
	var list []codePattern
	err := json.Unmarshal(raw, &list)
	return list, err
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
		err = u.checkSamples(m.Sample)
	}
	if err != nil {
		l.fail("%s: %w", m.Name, err)
		return
	}
	l.rules.matchers = append(l.rules.matchers, u)
}

func (l *loader) fill(u *userMatcher, m *codeMatcher) error {
	if len(m.ErrorFormat) > 0 {
		format, err := compileErrorFormat(m.ErrorFormat)
		u.vim = format
		return err
	}
	list, err := l.patternList(m.Pattern)
	if err != nil {
		return err
	}
	for i, p := range list {
		c, err := compilePattern(p, i == len(list)-1)
		if err != nil {
			return err
		}
		u.patterns = append(u.patterns, c)
	}
	if len(m.Literals) > 0 {
		u.literal = m.Literals[0]
	} else if len(u.patterns) > 0 {
		u.literal = required(u.patterns[0].re)
	}
	return u.fillBackground(m)
}

// patternList is the matcher's own patterns, or named ones.
func (l *loader) patternList(raw json.RawMessage) ([]codePattern, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var name string
	if json.Unmarshal(raw, &name) != nil {
		return patternsOf(raw)
	}
	list, ok := l.patterns[strings.TrimPrefix(name, "$")]
	if !ok {
		return nil, fmt.Errorf("there is no pattern %q", name)
	}
	return list, nil
}

func (u *userMatcher) fillBackground(m *codeMatcher) (err error) {
	if m.ClearOn != "" {
		if u.clears, err = compileJS(m.ClearOn, false); err != nil {
			return err
		}
	}
	if m.Background != nil {
		if u.begins, err = backgroundPattern(m.Background.BeginsPattern); err != nil {
			return err
		}
		if u.ends, err = backgroundPattern(m.Background.EndsPattern); err != nil {
			return err
		}
	}
	if u.clears != nil || u.begins != nil || u.ends != nil {
		u.literal = "" // its marks are other lines
	}
	return nil
}

// backgroundPattern is a pattern, or an object with one.
func backgroundPattern(raw json.RawMessage) (*regexp.Regexp, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		var p codePattern
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, err
		}
		text = p.Regexp
	}
	return compileJS(text, false)
}

func compilePattern(p codePattern, last bool) (c userPattern, err error) {
	if p.Regexp == "" {
		return c, fmt.Errorf("a pattern has no regexp")
	}
	if p.Loop && !last {
		return c, fmt.Errorf("pattern %q: loop is for the last pattern", p.Regexp)
	}
	if c.re, err = compileJS(p.Regexp, false); err != nil {
		return c, err
	}
	c.loop, c.file, c.fields = p.Loop, p.Kind == "file", map[string]int{}
	for field, g := range map[string]group{
		"file": p.File, "location": p.Location, "line": p.Line, "column": max(p.Column, p.Character), "endLine": p.EndLine,
		"endColumn": p.EndColumn, "severity": p.Severity, "code": p.Code, "message": p.Message,
	} {
		if g == 0 {
			continue
		}
		if int(g)-1 > c.re.NumSubexp() {
			return c, fmt.Errorf("pattern %q: %s is group %d, but it has %d", p.Regexp, field, int(g)-1, c.re.NumSubexp())
		}
		c.fields[field] = int(g) - 1
	}
	if last && p.Message == 0 { // as VS Code has it: the whole line
		c.fields["message"] = 0
	}
	return c, nil
}

// fileLocation reads "absolute", "relative", ["relative", "${workspaceFolder}/x"],
// "autoDetect", "search". Paths are tried in all ways anyway; only the folder
// says something new.
func fileLocation(raw json.RawMessage) (b fileBase, err error) {
	var list []json.RawMessage
	var kind string
	if len(raw) == 0 || json.Unmarshal(raw, &kind) == nil {
		return b, nil
	}
	if err := json.Unmarshal(raw, &list); err != nil || len(list) == 0 {
		return b, fmt.Errorf("fileLocation is neither a word nor a list")
	}
	if len(list) > 1 {
		if json.Unmarshal(list[1], &b.dir) != nil {
			return b, nil // search has an object there
		}
		for _, v := range []string{"${workspaceFolder}", "${workspaceRoot}", "${cwd}"} {
			b.dir = strings.TrimPrefix(b.dir, v)
		}
		b.dir = strings.Trim(b.dir, "/")
	}
	return b, nil
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
