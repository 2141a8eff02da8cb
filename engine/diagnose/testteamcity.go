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

// mesonLine reads meson test: a case that is numbered of all, and the counts.
//
//	2/3 is wrong FAIL            0.01s   exit status 1
//	Fail:               1
func mesonLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if rest, ok := strings.CutPrefix(text, "Fail: "); ok && t.framework == "meson" {
		n, _ := number(trim(rest))
		t.summary(r, Summary{Failed: n, Total: len(t.seen), Passed: max(0, len(t.seen)-n)})
		return true
	}
	_, d := number(s)
	_, rest, ok := strings.Cut(s[d:], " ")
	of, d2 := number(strings.TrimPrefix(s[d:], "/"))
	if !ok || d == 0 || of == 0 || !strings.HasPrefix(s[d+1+d2:], " ") {
		return false
	}
	for _, v := range []verdictWord{{" OK ", Passed}, {" FAIL ", Failed}, {" SKIP ", Skipped}, {" TIMEOUT ", Failed}, {" ERROR ", Failed}} {
		at := strings.LastIndex(rest, v.text)
		if at <= 0 {
			continue
		}
		took, _, _ := strings.Cut(trim(rest[at+len(v.text):]), " ")
		if _, digits := number(took); digits == 0 || !strings.HasSuffix(took, "s") {
			return false
		}
		t.known(r, "meson")
		t.emit(r, Test{Name: trim(rest[:at]), Status: v.status, DurationMs: decimal(strings.TrimSuffix(took, "s")) * 1000})
		return true
	}
	return false
}
