package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// buildMark is a line that says how a build goes. It matches one that begins with its
// text, or holds what follows the "*" that it begins with; in "* " the star is the
// line's own. The tool "*" is any that runs a program anew: what any has said is void.
type buildMark struct {
	tool  string
	text  string
	phase Phase
	ok    bool
}

var buildMarks = []buildMark{
	{"tsc", "Starting compilation in watch mode", Started, true},
	{"tsc", "File change detected. Starting incremental compilation", Started, true},
	{"tsc", "*Starting incremental compilation", Started, true},
	{"vite", "*building for production...", Started, true},
	{"vite", "*building SSR bundle for", Started, true},
	{"vite", "build started...", Started, true},
	{"vite", "hmr update ", Started, true},
	{"vite", "page reload ", Started, true},
	{"vite", "(client) hmr update ", Started, true},
	{"vite", "(client) page reload ", Started, true},
	{"vite", "(ssr) page reload ", Started, true},
	{"vite", "(ssr) hmr update ", Started, true},
	{"vite", "server restarted.", Started, true},
	{"next", "○ Compiling ", Started, true},
	{"webpack", "Compiling...", Started, true},
	{"webpack", "webpack building", Started, true},
	{"esbuild", "[watch] build started", Started, true},
	{"dotnet", "Build started", Started, true},
	{"*", "*restarting due to changes", Started, true},
	{"*", "Restarting '", Started, true},
	{"*", "[Running '", Started, true},
	{"*", "[Running: ", Started, true},
	{"*", "*detected changes in '", Started, true},
	{"*", "*detected file change in '", Started, true},
	{"*", "* Detected change in '", Started, true},
	{"*", "* Restarting with ", Started, true},
	{"*", "*Reloading Browsers...", Started, true},

	{"vite", "✓ built in ", Ended, true},
	{"vite", "✗ Build failed", Ended, false},
	{"next", "✓ Compiled ", Ended, true},
	{"next", "✓ Ready in ", Ended, true},
	{"next", "✓ Generating static pages", Ended, true},
	{"webpack", "Compiled successfully", Ended, true},
	{"webpack", "Compiled with warnings", Ended, true},
	{"webpack", "Failed to compile", Ended, false},
	{"esbuild", "Build failed with ", Ended, false},
	{"esbuild", "[watch] build finished", Ended, true},
	{"rustc", "Finished `", Ended, true},
	{"rustc", "Finished dev", Ended, true},
	{"rustc", "Finished release", Ended, true},
	{"gradle", "BUILD SUCCESSFUL", Ended, true},
	{"gradle", "BUILD FAILED", Ended, false},
	{"maven", "[INFO] BUILD SUCCESS", Ended, true},
	{"maven", "[INFO] BUILD FAILURE", Ended, false},
	{"maven", "[ERROR] BUILD FAILURE", Ended, false},
	{"dotnet", "Build succeeded", Ended, true},
	{"dotnet", "Build FAILED", Ended, false},
	{"swift", "Build complete!", Ended, true},
	{"ninja", "ninja: build stopped", Ended, false},
	{"cmake", "-- Configuring incomplete", Ended, false},
	{"cmake", "-- Build files have been written", Ended, true},
	{"mypy", "Success: no issues found", Ended, true},
	{"prove", "Result: PASS", Ended, true},
	{"prove", "Result: FAIL", Ended, false},
	{"ruff", "All checks passed!", Ended, true},
	{"parcel", "✨ Built in ", Ended, true},
	{"parcel", "🚨 Build failed", Ended, false},
	{"watch", "failed to build", Ended, false},
	{"watch", "*Problem writing ", Ended, false},
	{"babel", "Successfully compiled ", Ended, true},
}

// Sources are the sources of problems that a cycle of the build's tool makes
// void; nil means all of them: a bundler runs other tools. A tool that is run
// for one file after the other has no cycles, and makes nothing void.
func (b *Build) Sources() []string {
	switch b.Tool {
	case "tsc":
		return []string{"tsc"}
	case "eslint":
		return []string{"eslint"}
	case "rustc":
		return []string{"rustc"}
	case "mypy", "ruff":
		return []string{"python"}
	case "vite", "next", "webpack", "esbuild", "rollup", "parcel", "user":
		return nil
	}
	return []string{}
}

// matchBuild reads the marks and counts of builds, and known progress bars.
func matchBuild(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	if s == "" {
		return false
	}
	may := buildSieve.sift(l.Text, s[0])
	for i := range may.members {
		if m := &buildMarks[i]; m.is(s) {
			r.buildMark(m.tool, m.phase, m.ok, s)
			return true
		}
	}
	return r.fileChanged(s) || r.countedEnd(s) || r.progressBar(s) || r.workUnderWay(s) || r.workDone(s) || r.issues(s)
}

func (m *buildMark) is(s string) bool {
	if text := m.anywhere(); text != "" {
		return strings.Contains(s, text)
	}
	return strings.HasPrefix(s, m.text)
}

// anywhere is what a line must hold to match the mark; "" if it must begin with it.
func (m *buildMark) anywhere() string {
	if rest, ok := strings.CutPrefix(m.text, "*"); ok && rest[0] != ' ' {
		return rest
	}
	return ""
}

// buildSieve tells which of the marks a line may match.
var buildSieve = func() *sieve {
	table := make([]needs, len(buildMarks))
	for i := range buildMarks {
		m := &buildMarks[i]
		if table[i] = (needs{"^" + m.text}); m.anywhere() != "" {
			table[i] = needs{m.anywhere()}
		}
	}
	return newSieve(table)
}()

func (r *Reader) buildMark(tool string, phase Phase, ok bool, s string) {
	b := Build{Tool: tool, Phase: phase, OK: ok, Errors: -1, Warnings: -1, Percent: -1}
	b.count(s)
	if phase == Ended && !ok {
		r.raise(Error.level())
	}
	r.tests.held = nil // ticks before were the build's
	if tool == "*" {
		r.clear()
		return
	}
	r.build(b)
}

// count reads how many errors and warnings a line tells of.
func (b *Build) count(s string) {
	if n, ok := countBefore(s, "error"); ok {
		b.Errors = n
	}
	if n, ok := countBefore(s, "warning"); ok {
		b.Warnings = n
	}
}

// countedEnd reads ends that give a count:
//
//	Found 13 errors. Watching for file changes.       tsc
//	Found 3 errors in 2 files (checked 5 source files) mypy
//	webpack 5.112.2 compiled with 4 errors in 2081 ms
//	✖ 8 problems (5 errors, 3 warnings)               eslint
//	3 warnings and 3 errors                           esbuild
//	error: could not compile `x` (bin "y") due to 3 previous errors; 1 warning emitted
//	VITE v6.4.6  ready in 481 ms
func (r *Reader) countedEnd(s string) bool {
	b := Build{Phase: Ended, Errors: -1, Warnings: -1, Percent: -1}
	b.count(s)
	switch {
	case strings.HasPrefix(s, "Found ") && b.Errors >= 0:
		if b.Tool = r.foundErrors(s); b.Tool == "" {
			return false
		}
	case strings.HasPrefix(s, "webpack ") && strings.Contains(s, " compiled "):
		b.Tool = "webpack"
		b.Errors = max(b.Errors, 0)
	case strings.HasPrefix(s, "✖ ") && strings.Contains(s, " problem") && b.Errors >= 0:
		b.Tool = "eslint"
	case strings.HasPrefix(s, "error: could not compile `"):
		b.Tool, b.Errors = "rustc", max(b.Errors, 1)
		b.errorsOf(s)
	case strings.Contains(s, "ready in ") && (strings.HasPrefix(s, "VITE v") || strings.HasPrefix(s, "ready in ")):
		b.Tool, b.Errors = "vite", max(b.Errors, 0)
	case isCount(s):
		b.Tool = "compiler"
	default:
		return r.makeFailed(s)
	}
	b.OK = b.Errors <= 0
	r.tests.held = nil
	r.build(b)
	if !b.OK {
		r.raise(Error.level())
	}
	return true
}

// foundErrors names the tool of a line that begins with "Found" and a number of errors,
// "" if no tool ends so. Some end it alike: which of them it is tells what was said last.
//
//	Found 13 errors. Watching for file changes.        tsc
//	Found 1 error in src/cart.ts:2                     tsc, also "in 3 files"
//	Found 3 errors in 2 files (checked 5 source files) mypy
//	Found 2 errors.                                    ruff, tsc -b, biome, deno
func (r *Reader) foundErrors(s string) (tool string) {
	_, rest, _ := strings.Cut(s, " error")
	rest = strings.TrimPrefix(rest, "s")
	in, isIn := strings.CutPrefix(rest, " in ")
	_, d := number(in)
	_, placed := colonPlace(in)
	switch {
	case strings.Contains(s, "source file"), strings.Contains(s, "errors prevented"):
		return "mypy"
	case rest == ". Watching for file changes.", isIn && (placed > 0 || isPath(in) || strings.HasPrefix(in, "the same file") || d > 0 && strings.HasPrefix(in[d:], " file")):
		return "tsc"
	case rest != "." && rest != "" && !strings.HasPrefix(rest, " (") && !strings.HasPrefix(rest, ", "):
		return ""
	}
	switch r.ctx.source {
	case "python":
		return "ruff"
	case "tsc":
		return "tsc"
	}
	return "compiler"
}

// makeFailed reads that a target could not be made:
//
//	make: *** [Makefile:5: main.o] Error 1
//	make: *** No rule to make target 'x'.  Stop.
func (r *Reader) makeFailed(s string) bool {
	program, what, ok := strings.Cut(s, ": *** ")
	if !ok || !strings.HasPrefix(program, "make") {
		return false
	}
	name, stopped := strings.CutSuffix(what, " Stop.")
	if target, ok := strings.CutPrefix(what, "["); ok && strings.Contains(target, "] Error ") {
		name, _, _ = strings.Cut(target, "]")
	} else if !stopped {
		return false
	}
	r.part("make", trim(name), false)
	r.raise(Error.level())
	return true
}

// errorsOf reads "due to 3 previous errors": the words stand apart there.
func (b *Build) errorsOf(s string) {
	if n, ok := countAfter(s, "due to"); ok {
		b.Errors = n
	}
}

// isCount: nothing but counts, "3 warnings and 3 errors", "1 error", "2 errors
// generated.".
func isCount(s string) bool {
	if s == "" || !isDigit(s[0]) || !strings.Contains(s, "error") && !strings.Contains(s, "warning") || len(s) > 60 {
		return false
	}
	for word := range strings.FieldsSeq(s) {
		switch strings.Trim(word, ".,") {
		case "error", "errors", "warning", "warnings", "and", "generated", "informations", "information", "infos", "notes":
			continue
		}
		word = strings.TrimRight(word, ",.")
		if _, d := number(word); d == 0 || d != len(word) {
			return false
		}
	}
	return true
}

// progressBar reads the bars of ninja and CMake ("[ 3/10] ...", "[ 50%] ...")
// and cargo ("Building [===> ] 1/2: x").
func (r *Reader) progressBar(s string) bool {
	in, rest, ok := strings.Cut(strings.TrimPrefix(s, "["), "]")
	tool := "ninja"
	if bar, found := strings.CutPrefix(s, "Building ["); found {
		_, in, ok = strings.Cut(bar, "] ")
		in, rest, _ = strings.Cut(in, ":")
		tool = "rustc"
	} else if !strings.HasPrefix(s, "[") || !strings.HasPrefix(rest, " ") || r.tests.framework != "" {
		return false
	}
	in = trim(in)
	n, d := number(in)
	if !ok || d == 0 {
		return false
	}
	percent := -1
	switch behind := in[d:]; {
	case behind == "%" && n <= 100:
		percent, tool = n, "cmake"
	case strings.HasPrefix(behind, "/"):
		total, d2 := number(behind[1:])
		if d2 == 0 || total < n || 1+d2 != len(behind) {
			return false
		}
		percent = 100 * n / max(total, 1)
	default:
		return false
	}
	r.build(Build{Tool: tool, Phase: Progress, OK: true, Errors: -1, Warnings: -1, Percent: percent, Name: clean(rest)})
	return true
}
