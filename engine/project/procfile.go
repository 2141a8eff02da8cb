package project

import (
	"fmt"
	"regexp"
	"strings"
)

// procfileLine is the pattern that foreman uses, as do honcho and Heroku:
// https://github.com/ddollar/foreman/blob/main/lib/foreman/procfile.rb
var procfileLine = regexp.MustCompile(`^([A-Za-z0-9_-]+):\s*(.+)$`)

// parseProcfile lists the process types of a Procfile:
//
//	# comment
//	web: bin/web -p $PORT    -> procfile:web, all after the colon for the shell
//
// A line that it cannot read is a finding, and the others still count: foreman
// drops such a line without a word, which is a hard mistake to find. Of two
// lines with one name the first counts; foreman takes the last and overmind
// refuses the file, so the finding says which line is not used.
func parseProcfile(src source) ([]declared, []finding) {
	var scripts []declared
	var findings []finding
	first := make(map[string]int)
	for i, text := range lines(src.data) {
		n, text := i+1, strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		m := procfileLine.FindStringSubmatch(text)
		if m == nil {
			findings = append(findings, finding{line: n, message: "expected `name: command`, found " + quoteForMessage(text)})
			continue
		}
		name, command := m[1], m[2]
		if at := first[name]; at > 0 {
			findings = append(findings, finding{line: n, message: fmt.Sprintf("%s is already defined on line %d", name, at)})
			continue
		}
		first[name] = n
		scripts = append(scripts, declared{local: name, name: name, command: command, line: n})
	}
	return scripts, findings
}
