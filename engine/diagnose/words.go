package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// wordsSentence reads a line that says to be an error or a warning, names one file,
// and says in words where in it. It is asked last: the forms that are known say
// better what belongs to the message.
//
//	*** ERROR: Unknown directive: =headd2 at line 9 in file doc/a.pod
//	error: error parsing app.yaml: error converting YAML to JSON: yaml: line 3: text
//	Error: Could not parse "src/x.graphql" (line 3, column 5)
func wordsSentence(r *Reader, l *detect.Line, text string) bool {
	if r.belowFile(text) {
		return true
	}
	if !l.Said || l.Level < lines.Warn {
		return false
	}
	p, ok := wordsPlace(text)
	if !ok {
		return false
	}
	if program, rest, _ := strings.Cut(text, ": "); strings.HasPrefix(rest, "line ") && !isPath(program) {
		return false // a shell's own input: "bash: line 1: 12226 Segmentation fault  /p/a.out"
	}
	if p.File = onlyFile(text); p.File == "" {
		return false
	}
	problem := Problem{Place: p, Severity: Error, Message: withoutHead(text)}
	if l.Level == lines.Warn {
		problem.Severity = Warning
	}
	r.problem(problem)
	return true
}

// endSentence reads a line that says to be an error or a warning and ends with its
// place:
//
//	error: Unclosed element '<html>' (close-order) at /p/src/page.html:1:2:
func endSentence(r *Reader, l *detect.Line, text string) bool {
	if !l.Said || l.Level < lines.Warn {
		return false
	}
	at := max(strings.LastIndex(text, " at "), strings.LastIndex(text, " in "))
	if at <= 0 {
		return false
	}
	p, n := colonPlace(text[at+4:])
	if n == 0 || p.Col == 0 || strings.Trim(text[at+4+n:], ":. ") != "" {
		return false
	}
	v := verdict{message: withoutHead(text[:at])}
	v.ruleBehind("")
	problem := Problem{Place: p, Severity: Error, Code: v.code, Message: v.message}
	if l.Level == lines.Warn {
		problem.Severity = Warning
	}
	r.tailed(problem)
	return true
}

// belowFile takes a line of a reader's that names no file, below one that does:
//
//	task: Failed to parse gr/Taskfile.yml:
//	yaml: line 3: did not find expected key
func (r *Reader) belowFile(text string) bool {
	program, rest, ok := strings.Cut(text, ": line ")
	line, d := number(rest)
	above, at := r.before.back(1)
	head, colon := strings.CutSuffix(string(above), ":")
	if !ok || d == 0 || !strings.HasPrefix(rest[d:], ": ") || !isProgram(program) || !colon || at+1 != r.at {
		return false
	}
	file := onlyFile(head)
	if file == "" {
		return false
	}
	r.problem(Problem{Place: Place{File: file, Line: line}, Severity: Error, Message: rest[d+2:], At: at})
	return true
}

// wordsPlace reads "line 3", "line: 3", "on line 3, column 5", "line 3 col 5".
func wordsPlace(s string) (p Place, ok bool) {
	for at := 0; ; {
		i := strings.Index(s[at:], "line")
		if i < 0 {
			return p, false
		}
		before := at + i
		at = before + len("line")
		if before > 0 && isWord(s[before-1]) {
			continue
		}
		rest := strings.TrimLeft(s[at:], ": ")
		n, d := number(rest)
		if d == 0 || n == 0 || d > 7 || len(rest) == len(s)-at {
			continue
		}
		p.Line = n
		rest = strings.TrimLeft(rest[d:], ",: ")
		for _, word := range []string{"column", "col", "character", "char"} {
			if behind, ok := strings.CutPrefix(rest, word); ok {
				p.Col, _ = number(strings.TrimLeft(behind, ": "))
				break
			}
		}
		return p, true
	}
}

// onlyFile returns the file that s names, "" if it names none or several.
func onlyFile(s string) (file string) {
	for word := range strings.FieldsSeq(s) {
		word = strings.Trim(word, "\"'`(),:;<>[]")
		if !isSource(word) || word == file {
			continue
		}
		if file != "" {
			return ""
		}
		file = word
	}
	return file
}

// isSource reports whether a word of a sentence is a file: it has a folder, or an
// ending that nothing else has. "module.exports" is none.
func isSource(word string) bool {
	if !isPath(word) || strings.ContainsAny(word, "(),:;=\"'") && !isDrive(word) {
		return false
	}
	source, _ := sourceOf(word)
	return strings.ContainsAny(word, `/\`) || source != ext(word) || isData(word) || isLittle(word)
}

// withoutHead cuts the severity that a sentence begins with.
func withoutHead(s string) string {
	t := strings.TrimLeft(s, "*#![ ")
	if _, n := severityWord(t); n > 0 && n < len(t) && strings.IndexByte(":]", t[n]) >= 0 {
		return strings.TrimLeft(t[n:], ":] ")
	}
	return s
}

// linkerSentence reads what a linker says of a file that it has no lines of:
// "main.c:(.text+0x5): undefined reference to `missing'".
func linkerSentence(r *Reader, l *detect.Line, text string) bool {
	file, rest, ok := strings.Cut(text, ":(.")
	section, message, ok2 := strings.Cut(rest, "): ")
	if !ok || !ok2 || !isSource(file) || !strings.Contains(section, "+0x") {
		return false
	}
	r.problem(Problem{Place: Place{File: file}, Severity: Error, Message: message})
	return true
}
