package diagnose

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

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
		if u.clears, err = compileJS(m.ClearOn); err != nil {
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
	return compileJS(text)
}

func compilePattern(p codePattern, last bool) (c userPattern, err error) {
	if p.Regexp == "" {
		return c, fmt.Errorf("a pattern has no regexp")
	}
	if p.Loop && !last {
		return c, fmt.Errorf("pattern %q: loop is for the last pattern", p.Regexp)
	}
	if c.re, err = compileJS(p.Regexp); err != nil {
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
