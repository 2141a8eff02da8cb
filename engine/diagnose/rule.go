package diagnose

import "strings"

// namedRule returns the rule that s begins with, behind a blank and before its text:
// " oas3-api-servers text". It is of words, as no sentence's beginning is, or stands
// apart from its text, " eqeqeq : text".
func namedRule(s string) string {
	rest, ok := strings.CutPrefix(s, " ")
	rule, text, _ := strings.Cut(rest, " ")
	if !ok || text == "" || strings.Count(rule, "-") == 0 && !strings.HasPrefix(text, ": ") || !isRule(rule) || isUpper(rule[0]) || !isLetter(rule[0]) || strings.ContainsAny(rule, ".,:=+#") {
		return ""
	}
	return rule
}

// codeLen is the length of the rule's name that s begins with: TS2304, E501,
// SC2086, CS1002, MD001/heading, DL3006, ts(2322), C0111.
func codeLen(s string) int {
	i := 0
	for i < len(s) && isLetter(s[i]) && i < 6 {
		i++
	}
	if i == 0 {
		return 0
	}
	if i < len(s) && s[i] == '(' {
		if end := strings.IndexByte(s, ')'); end > i+1 && end < i+8 {
			if _, d := number(s[i+1:]); i+1+d == end {
				return end + 1
			}
		}
		return 0
	}
	if !isUpper(s[0]) || strings.ToUpper(s[:i]) != s[:i] {
		return 0
	}
	_, d := number(s[i:])
	end := i + d
	if d == 0 || d < 2 && i < 3 || d > 6 {
		return 0
	}
	for end < len(s) && (isWord(s[end]) || s[end] == '/' || s[end] == '-') && s[end-d] != ' ' {
		end++
	}
	if end < len(s) && s[end] != ':' && s[end] != ' ' && s[end] != ']' {
		return 0
	}
	return end
}

// withoutBrackets makes ts2322 of ts(2322).
var withoutBrackets = strings.NewReplacer("(", "", ")", "")

// isPylint: one of six letters and four digits.
func isPylint(code string) bool {
	if len(code) != 5 || strings.IndexByte("CRWEFI", code[0]) < 0 {
		return false
	}
	_, d := number(code[1:])
	return d == 4
}

// isRule reports whether s can be the name of a rule: one word with a letter.
func isRule(s string) bool {
	letter := false
	for i := range len(s) {
		c := s[i]
		letter = letter || isLetter(c)
		if !isWord(c) && strings.IndexByte("-/@.+=:,#", c) < 0 {
			return false
		}
	}
	return letter && len(s) < 80
}
