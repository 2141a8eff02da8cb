package diagnose

import "strings"

// vitestLine reads vitest's banner, its failures' sections and places.
//
//	RUN  v2.1.9 /p/tests
//	FAIL  list.test.js > dedupe > keeps order
//	❯ list.test.js:9:31
//	     Tests  2 failed | 1 passed | 1 todo (4)
func vitestLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	for _, word := range []string{"RUN  v", "DEV  v", "RERUN  "} {
		if strings.HasPrefix(s, word) && width <= 1 {
			t.known(r, "vitest")
			t.over, t.suites, t.section = true, nil, ""
			return true
		}
	}
	if t.framework != "vitest" {
		return false
	}
	if rest, ok := strings.CutPrefix(s, "FAIL  "); ok {
		rest = trim(rest)
		if strings.HasPrefix(rest, "|") {
			_, rest, _ = strings.Cut(rest[1:], "| ")
		}
		r.fileFailed()
		file, name, ok := strings.Cut(rest, " > ")
		if !ok || !isPath(file) { // a file that could not be loaded: "load.test.ts [ load.test.ts ]"
			t.section = ""
			file, _, _ = strings.Cut(trim(file), " ")
			if isPath(file) {
				r.begin(&fileBlock{file: file, source: "vitest"})
			}
			return isPath(file)
		}
		t.emit(r, Test{Name: name, Status: Failed})
		t.begin(r, name)
		return true
	}
	if rest, ok := strings.CutPrefix(s, "❯ "); ok {
		where := rest[strings.LastIndexByte(rest, ' ')+1:]
		if p, n := colonPlace(where); n == len(where) && n > 0 && p.Col > 0 {
			p.Unit = UTF16
			if inApp(p.File) && t.section != "" {
				t.place(r, p)
			} else {
				r.fileFrame(Frame{Place: p})
			}
			return true
		}
	}
	if rest, ok := strings.CutPrefix(s, "Tests  "); ok {
		t.countSummary(r, rest)
		return true
	}
	return false
}
