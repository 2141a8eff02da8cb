package detect

import (
	"bytes"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// starts are the ways tools begin a line that tells of trouble.
var starts = []struct {
	text  string
	level lines.Level
}{
	{"panic: ", lines.Error},
	{"fatal error: ", lines.Error},
	{"Traceback (most recent call last)", lines.Error},
	{"Exception in thread ", lines.Error},
	{"Unhandled exception", lines.Error},
	{"Uncaught ", lines.Error},
	{"Caused by: ", lines.Error},
	{"Error: ", lines.Error},
	{"ERROR in ", lines.Error},
	{"WARNING in ", lines.Warn},
	{"PHP Warning: ", lines.Warn},
	{"PHP Notice: ", lines.Warn},
	{"PHP Deprecated: ", lines.Warn},
	{"PHP Fatal error: ", lines.Error},
	{"PHP Parse error: ", lines.Error},
	{"Segmentation fault", lines.Error},
	{"make: ***", lines.Error},
	{"rake aborted!", lines.Error},
	{"%Error", lines.Error},
	{"%Warning", lines.Warn},
	{"CMake Error", lines.Error},
	{"CMake Warning", lines.Warn},
	{"error during build", lines.Error},
	{"BUILD FAILED", lines.Error},
	{"Build failed", lines.Error},
	{"Compilation failed", lines.Error},
	{"Failed to compile", lines.Error},
	{"Module not found: ", lines.Error},
	{"http: panic serving ", lines.Error},
	{"Compiled with warnings", lines.Warn},
	{"npm ERR!", lines.Error},
	{"npm WARN", lines.Warn},
	{"FAIL ", lines.Error},
	{"FAIL\t", lines.Error},
	{"FAILED ", lines.Error},
	{"FAILED: ", lines.Error},
	{"--- FAIL: ", lines.Error},
	{"not ok ", lines.Error},
	{"(Use `node --trace-", lines.Warn},
	{"E   ", lines.Error},
	{"Failing tests", lines.Error},
	{"Failing scenarios:", lines.Error},
	{"Failing Scenarios:", lines.Error},
	{"Failures:", lines.Error},
	{"Failed tests:", lines.Error},
	{"FAILURES", lines.Error},
	{"FAILURE: ", lines.Error},
	{"ERRORS!", lines.Error},
	{"!!!FAILURES!!!", lines.Error},
	{"Failures !!!", lines.Error},
	{"failed to ", lines.Error},
	{"Failed to ", lines.Error},
	{"Could not resolve ", lines.Error},
	{"Assertion failed: ", lines.Error},
	{"Assertion Failed: ", lines.Error},
	{"ASSERT:", lines.Error},
	{"** (", lines.Error}, // Elixir
	{"console.error", lines.Error},
	{"console.warn", lines.Warn},
	{"✘ ", lines.Error},
	{"✗ ", lines.Error},
	{"✖ ", lines.Error},
	{"⨯ ", lines.Error},
	{"(✗) ", lines.Error}, // templ's
	{"(!) ", lines.Warn},
	{"⚠ ", lines.Warn},
	{"▲ [WARNING]", lines.Warn},
}

// startsBy is the starts by their first byte, in their order.
var startsBy = func() (t [256][]int) {
	for i, s := range starts {
		t[s.text[0]] = append(t[s.text[0]], i)
	}
	return t
}()

// crashes may stand anywhere in a line: a shell writes the command before them.
// A literal of Severe is in each, so that other lines are not searched.
var crashes = []string{"Segmentation fault", " Aborted ", "ld: cannot find ", "(core dumped)", "AddressSanitizer:", "Assertion `", "Assertion failed:", "ECONNREFUSED", "EADDRINUSE"}

// headLevel judges a line by the way it begins; severe says that a word of trouble
// is somewhere in it.
func headLevel(text []byte, severe bool) (lines.Level, bool) {
	t := trimSpace(text)
	if len(t) == 0 {
		return lines.Info, false
	}
	for _, i := range startsBy[t[0]] {
		if s := &starts[i]; len(t) >= len(s.text) && string(t[:len(s.text)]) == s.text {
			return s.level, holds(s.text, t[len(s.text):])
		}
	}
	t = bytes.TrimPrefix(t, []byte("=> ")) // JUnit's console
	if severe && exceptionBehind(t) {
		return lines.Error, true
	}
	if level, ok := exceptionLevel(t); ok {
		return level, true
	}
	if bytes.HasPrefix(t, []byte("(node:")) {
		return nodeWarning(t)
	}
	if severe {
		for _, c := range crashes {
			if bytes.Contains(t, []byte(c)) {
				return lines.Error, true
			}
		}
	}
	return lines.Info, false
}

// holds reports whether the start of a line tells of trouble in view of the rest:
// "Failures: 0" does not, nor does "Uncaught exceptions are logged".
func holds(start string, rest []byte) bool {
	switch start {
	case "not ok ":
		return !bytes.Contains(rest, []byte("# TODO"))
	case "Uncaught ":
		return len(rest) > 0 && !(rest[0] >= 'a' && rest[0] <= 'z')
	case "console.error", "console.warn":
		return len(rest) == 0 || rest[0] == ':'
	}
	return !zeroBehind(rest)
}

// exceptionBehind reports whether a line ends in the name of an exception, as Ruby's
// do: "it has 3 (RuntimeError)".
func exceptionBehind(t []byte) bool {
	open := bytes.LastIndexByte(t, '(')
	if open <= 0 || t[len(t)-1] != ')' || t[open-1] != ' ' {
		return false
	}
	name := t[open+1 : len(t)-1]
	for _, c := range name {
		if !isWord(c) && c != ':' && c != '.' {
			return false
		}
	}
	return len(name) > 5 && name[0] < 'a' && (bytes.HasSuffix(name, []byte("Error")) || bytes.HasSuffix(name, []byte("Exception")))
}

// exceptionLevel: "TypeError: x", "java.lang.IllegalStateException: x", and the
// name alone; "DeprecationWarning: x" is a warning.
func exceptionLevel(t []byte) (lines.Level, bool) {
	n := 0
	for n < len(t) && (isWord(t[n]) || t[n] == '.' || t[n] == '$') || n > 0 && n+2 < len(t) && t[n] == ':' && (t[n-1] == ':' || t[n+1] == ':' && isLetter(t[n+2])) {
		n++
	}
	if n < 6 || n < len(t) && t[n] != ':' && string(t[n:min(len(t), n+2)]) != " [" || n < len(t) && zeroBehind(t[n:]) {
		return 0, false
	}
	name := t[:n]
	switch {
	case name[0]|0x20 == name[0] && bytes.IndexByte(name, '.') < 0:
		return 0, false // errors: and lastError: are keys
	case bytes.HasSuffix(name, []byte("Error")), bytes.HasSuffix(name, []byte("Exception")):
		return lines.Error, true
	case bytes.HasSuffix(name, []byte("Warning")) && n < len(t):
		return lines.Warn, true
	}
	return 0, false
}

// nodeWarning: "(node:5399) [DEP0040] DeprecationWarning: text".
func nodeWarning(t []byte) (lines.Level, bool) {
	if bytes.Contains(t, []byte("Warning:")) {
		return lines.Warn, true
	}
	if bytes.Contains(t, []byte("Error:")) {
		return lines.Error, true
	}
	return lines.Info, false
}
