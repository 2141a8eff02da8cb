package diagnose

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
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

// patternsOf reads a pattern or a list of them.
func patternsOf(raw json.RawMessage) (list []codePattern, err error) {
	if bytes.HasPrefix(raw, []byte("[")) {
		err = json.Unmarshal(raw, &list)
		return list, err
	}
	var one codePattern
	err = json.Unmarshal(raw, &one)
	return []codePattern{one}, err
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
	if at := slices.IndexFunc(m.Literals, func(s string) bool { return len(s) > 1 }); at >= 0 {
		u.literal = m.Literals[at]
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
	c.loop, c.file = p.Loop, p.Kind == "file"
	if last && p.Message == 0 { // as VS Code has it: the whole line
		p.Message = 1
	}
	for _, f := range []struct {
		name string
		g    group
	}{
		{"file", p.File},
		{"location", p.Location},
		{"line", p.Line},
		{"column", max(p.Column, p.Character)},
		{"endLine", p.EndLine},
		{"endColumn", p.EndColumn},
		{"severity", p.Severity},
		{"code", p.Code},
		{"message", p.Message},
	} {
		number := int(f.g) - 1
		if number > c.re.NumSubexp() {
			return c, fmt.Errorf("pattern %q: %s is group %d, but it has %d", p.Regexp, f.name, number, c.re.NumSubexp())
		}
		if number >= 0 {
			c.fields = append(c.fields, userField{f.name, number})
		}
	}
	return c, nil
}
