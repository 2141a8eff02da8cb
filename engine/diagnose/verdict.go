package diagnose

import "strings"

// verdict is what the text behind a place says: "error TS2304: x", "E501 x",
// "warning: x [-Wunused]", "[error] x (rule)".
type verdict struct {
	severity Severity
	said     bool // the text names a severity or a rule; else it is assumed
	code     string
	message  string
	source   string
	zero     bool // the tool counts columns from 0
}

// readVerdict judges the text behind a place in path. It begins with the
// separator: ": ", " - ", " ".
func readVerdict(s, path string) verdict {
	v := verdict{severity: Error}
	colon := strings.HasPrefix(s, ":")
	s = strings.TrimLeft(s, ": \t")
	dash := strings.HasPrefix(s, "- ")
	s = strings.TrimPrefix(s, "- ")
	open := ""
	for _, b := range []string{"[", "<", "**"} {
		if rest, ok := strings.CutPrefix(s, b); ok {
			if _, n := severityWord(rest); n > 0 {
				open, s = b, rest
			}
			break
		}
	}
	word := ""
	if sev, n := severityWord(s); n > 0 && (saysSeverity(s, n, open, colon || dash) || namedRule(s[n:]) != "") {
		word = s[:n]
		v.severity, v.said = sev, true
		if colon && open == "" && (word == "ERROR" || word == "WARNING") && strings.HasPrefix(s[n:], ": ") { // what esbuild's callers print of its errors
			if _, unit := sourceOf(path); unit == UTF16 || ext(path) == "css" {
				v.zero, v.source = true, "esbuild"
			}
		}
		if n > 5 && strings.Contains(strings.ToLower(s[:n]), " error") && !strings.EqualFold(s[:n], "fatal error") {
			v.message = s // "syntax error: x" is a message
		}
		s = strings.TrimLeft(s[n:], "]>*")
	}
	if name, rest, ok := strings.Cut(s, ": "); ok && !v.said && strings.HasSuffix(name, "Warning") && isUpper(name[0]) && isRule(name) { // Python's
		v.severity, v.said, v.code, s = Warning, true, name, rest
	}
	if rule := namedRule(s); v.said && rule != "" {
		v.code, s = rule, s[1+len(rule):]
	} else {
		s = v.ruleBefore(s)
	}
	if v.message == "" {
		v.message = strings.TrimLeft(s, ":- \t")
	}
	v.message = withoutMarks(v.message)
	if v.message == "" && v.said && ext(path) != "hs" {
		v.message = word
	}
	v.ruleBehind(path)
	if !v.said && (strings.HasPrefix(v.message, "*** ") || strings.HasPrefix(v.message, "undefined reference to ")) {
		v.said = true
	}
	return v
}

// saysSeverity reports whether the severity word of length n that s begins with
// is one: something must set it off from a sentence.
func saysSeverity(s string, n int, open string, set bool) bool {
	if open != "" || len(s) == n {
		return true
	}
	switch s[n] {
	case ':', '[', '(', ']':
		return true
	case ',':
		return strings.HasSuffix(s[:n], " error")
	case ' ':
		rest := strings.TrimLeft(s[n:], " ")
		return codeLen(rest) > 0 || set && (strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, ": ") || strings.HasPrefix(s[n:], "  "))
	}
	return false
}

// withoutMarks cuts what tools put between a rule and its text: ruff's "[*] ",
// rubocop's "[Correctable] ", GHC's "[-Wunused-top-binds]".
func withoutMarks(s string) string {
	for _, mark := range []string{"[*] ", "[Correctable] ", "[Corrected] "} {
		s = strings.TrimPrefix(s, mark)
	}
	if strings.HasPrefix(s, "[-W") {
		_, s, _ = strings.Cut(s, "]")
		s = trim(s)
	}
	return s
}

// ruleBefore takes the rule's name that stands before the message.
func (v *verdict) ruleBefore(s string) string {
	t := strings.TrimLeft(s, ": \t")
	if strings.HasPrefix(s, "[") || strings.HasPrefix(s, "(") || strings.HasPrefix(t, "[") && v.said {
		end := strings.IndexAny(t, "])")
		if end > 1 && isRule(t[1:end]) {
			v.code = t[1:end]
			v.lettered(v.code)
			return t[end+1:]
		}
		if n := codeLen(t[1:]); n == 0 { // pylint's parseable form: [C0114(missing-docstring), Class.method] text
			code, rest, ok := strings.Cut(t[1:], "(")
			_, text, ok2 := strings.Cut(rest, "] ")
			if ok && ok2 && isPylint(code) {
				v.code = code
				v.lettered(code)
				return text
			}
		}
	}
	if n := codeLen(t); n > 0 {
		v.code = withoutBrackets.Replace(t[:n])
		rest := t[n:]
		if !v.said {
			v.severity, v.said = letterSeverity(v.code), true
			v.zero = isPylint(v.code)
		}
		if sev, n := severityWord(strings.TrimLeft(rest, ": ")); n > 0 && strings.HasPrefix(v.code, "DL") {
			v.severity, rest = sev, strings.TrimLeft(rest, ": ")[n:] // hadolint: DL3006 warning: x
		}
		return rest
	}
	// rubocop: "C: Style/StringLiterals: x"; with cops' names alone the letter is all there is.
	if len(t) > 3 && t[1] == ':' && t[2] == ' ' && strings.IndexByte("CRWEFI", t[0]) >= 0 {
		v.severity, v.said = letterSeverity(t[:1]), true
		if cop, rest, ok := strings.Cut(withoutMarks(t[3:]), ": "); ok && strings.Contains(cop, "/") && !strings.Contains(cop, " ") {
			v.code = cop
			return rest
		}
		return t[3:]
	}
	// biome and others: a rule with slashes.
	if word, rest, ok := strings.Cut(t, " "); ok && strings.HasPrefix(word, "lint/") {
		v.code, v.said = word, true
		return rest
	}
	return s
}

// lettered takes the severity from a rule's first letter, if it is a number behind
// one: "[F401] text" says no more.
func (v *verdict) lettered(code string) {
	if !v.said && codeLen(code) == len(code) {
		v.severity, v.said = letterSeverity(code), true
	}
}

// ruleBehind takes the rule's name that stands behind the message, in brackets.
func (v *verdict) ruleBehind(path string) {
	first, rest, _ := strings.Cut(v.message, "\n")
	m := strings.TrimRight(first, " ")
	if len(m) < 3 {
		return
	}
	var open int
	switch m[len(m)-1] {
	case ']':
		open = strings.LastIndexByte(m, '[')
	case ')':
		if open = strings.LastIndexByte(m, '('); ext(path) == "js" || ext(path) == "ts" || ext(path) == "c" {
			return
		}
	default:
		return
	}
	if open <= 0 || m[open-1] != ' ' {
		return
	}
	name := m[open+1 : len(m)-1]
	if strings.HasSuffix(name, "proj") && strings.Contains(name, ".") { // msbuild's project
		v.message = strings.TrimRight(m[:open], " ") + tail(rest)
		return
	}
	if kind, rule, ok := strings.Cut(name, "/"); ok { // eslint's unix format: [Error/rule]
		if sev, n := severityWord(kind); n > 0 && n == len(kind) {
			v.severity, v.said, name = sev, true, rule
		}
	} else if sev, n := severityWord(name); n == len(name) && n > 0 {
		v.severity, v.said, name = sev, true, ""
	}
	if !isRule(name) && !isPluginRule(name) && name != "" || strings.HasPrefix(name, "/") || strings.Count(name, "/") > 1 {
		return
	}
	if v.code == "" {
		v.code = name
	}
	v.message = strings.TrimRight(m[:open], " ") + tail(rest)
}

func tail(rest string) string {
	if rest == "" {
		return ""
	}
	return "\n" + rest
}
