package diagnose

import "strings"

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
