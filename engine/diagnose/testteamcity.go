package diagnose

import "strings"

// teamcityLine reads TeamCity's service messages, which runners of many languages
// write for machines. A case's suites are not told with it; they are not needed.
//
//	##teamcity[testStarted name='testAdds' ...]
//	##teamcity[testFailed name='testIsWrong' message='text' details=' /p/CartTest.php:6|n ' ...]
//	##teamcity[testIgnored name='testLater' message='not yet' ...]
//	##teamcity[testFinished name='testAdds' duration='3' ...]
func teamcityLine(r *Reader, text, s string, width int) bool {
	rest, ok := strings.CutPrefix(s, "##teamcity[")
	kind, rest, _ := strings.Cut(rest, " ")
	if !ok {
		return false
	}
	t := &r.tests
	name := teamcityValue(rest, "name")
	switch kind {
	case "testFailed":
		c := Test{Name: name, Status: Failed, Message: teamcityValue(rest, "message")}
		for line := range strings.SplitSeq(c.Message+"\n"+teamcityValue(rest, "details"), "\n") {
			if p, n := colonPlace(trim(line)); n > 0 && n == len(trim(line)) && inApp(p.File) && c.Place.File == "" {
				c.Place = p
			}
		}
		t.known(r, "teamcity")
		t.emit(r, c)
	case "testIgnored":
		t.known(r, "teamcity")
		t.emit(r, Test{Name: name, Status: Skipped})
	case "testFinished": // also of what has failed
		t.known(r, "teamcity")
		if old, told := t.seen[name]; !told || old.Status == Passed {
			t.emit(r, Test{Name: name, Status: Passed, DurationMs: decimal(teamcityValue(rest, "duration"))})
		}
	}
	return true
}

// teamcityValue is the value of an attribute, without the bars that escape.
func teamcityValue(s, key string) string {
	_, s, ok := strings.Cut(s, key+"='")
	if !ok {
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(s) && s[i] != '\''; i++ {
		if s[i] != '|' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		switch i++; s[i] {
		case 'n':
			b.WriteByte('\n')
		case 'r':
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
