package diagnose

import "strings"

// severities are the words before a message. Longer ones come first.
var severities = []struct {
	word     string
	severity Severity
}{
	{"fatal error", Error},
	{"syntax error", Error},
	{"runtime error", Error},
	{"internal compiler error", Error},
	{"error", Error},
	{"fatal", Error},
	{"critical", Error},
	{"failure", Error},
	{"failed", Error},
	{"syntaxerror", Error},
	{"warning", Warning},
	{"warn", Warning},
	{"caution", Warning},
	{"deprecated", Warning},
	{"note", Information},
	{"notice", Information},
	{"information", Information},
	{"info", Information},
	{"remark", Information},
	{"refactor", Information},
	{"convention", Information},
	{"style", Information},
	{"performance", Warning},
	{"portability", Warning},
	{"hint", Hint},
	{"help", Hint},
	{"suggestion", Hint},
}

// beginsSeverity tells of a letter whether one of the words begins with it.
var beginsSeverity = func() (t [256]bool) {
	for _, w := range severities {
		t[w.word[0]] = true
	}
	return t
}()

// severityWord reads the severity that s begins with, in any case; n is 0 if it
// begins with none.
func severityWord(s string) (sev Severity, n int) {
	if s == "" || !beginsSeverity[s[0]|0x20] {
		return 0, 0
	}
	for i := range severities {
		w := &severities[i]
		n := len(w.word)
		if len(s) >= n && strings.EqualFold(s[:n], w.word) && (len(s) == n || !isWord(s[n])) {
			return w.severity, n
		}
	}
	return 0, 0
}

// letterSeverity is the custom of pylint, rubocop and flake8: the first letter
// tells. To the first two, conventions and refactorings are remarks.
func letterSeverity(code string) Severity {
	switch c := code[0]; {
	case len(code) > 1 && isLetter(code[1]):
		return Error // a rule with a name: SC2086, MD013
	case c == 'I', (c == 'C' || c == 'R') && (len(code) == 1 || isPylint(code)):
		return Information
	case c == 'W', c == 'C', c == 'R', c == 'D', c == 'N':
		return Warning
	}
	return Error
}
