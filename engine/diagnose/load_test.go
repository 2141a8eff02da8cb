package diagnose

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// with is what the user's matchers find in a piece of output, without what is
// found anyway.
func with(t *testing.T, file, output string) (list []string) {
	t.Helper()
	rules, errs := Load([]File{{"matchers.json", []byte(file)}})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	scanner, r := detect.Scanner{Literals: rules.Literals()}, &Reader{Rules: rules}
	for i, line := range strings.Split(output, "\n") {
		r.Line(scanner.Scan([]byte(line)), uint64(i+1))
	}
	r.Flush()
	for _, f := range r.Take() {
		list = append(list, f.String())
	}
	return list
}

func TestMatchers(t *testing.T) {
	for _, tt := range []struct {
		name, file, output string
		want               []string
	}{
		{
			"one pattern, inline, with comments and a trailing comma",
			`{ // mine
			  "problemMatchers": [{"name":"x","owner":"xlint","pattern":{"regexp":"^X (\\S+)@(\\d+)/(\\d+) (\\w+) (.*)$","file":1,"line":2,"column":3,"severity":4,"message":5,},}]}`,
			"X a.x@3/5 warning too long",
			[]string{"problem a.x:3:5 warning (xlint): too long"},
		},
		{
			"a literal that is too short to be looked for, and a column that is none",
			`[{"owner":"s","literals":"@","pattern":{"regexp":"^(\\S+)@(\\d+)$","file":1,"line":2,"column":null}}]`,
			"a.x@3",
			[]string{"problem a.x:3 error (s): a.x@3"},
		},
		{
			"several lines with a loop",
			`[{"owner":"y","pattern":[{"regexp":"^FILE (.*)$","file":1},{"regexp":"^ - (\\d+): (.*)$","line":1,"message":2,"loop":true}]}]`,
			"FILE a.x\n - 3: one\n - 4: two\nnothing\n - 5: three",
			[]string{"problem a.x:3 error (y): one", "problem a.x:4 error (y): two"},
		},
		{
			"the lines must follow each other, but for a gap that is allowed",
			`[{"owner":"z","severity":"info","gap":1,"pattern":[{"regexp":"^IN (.*)$","file":1},{"regexp":"^LINE (\\d+)$","line":1},{"regexp":"^SAYS (.*)$","message":1}]}]`,
			"IN a.x\n\nLINE 3\nSAYS one\nIN b.x\n\n\nLINE 4\nSAYS two",
			[]string{"problem a.x:3 info (z): one"},
		},
		{
			"GitHub's wrapper",
			`{"problemMatcher":[{"owner":"gh","severity":"warning","pattern":[{"regexp":"^GH:([^:]*):(\\d+):(.*)$","file":1,"line":2,"message":3}]}]}`,
			"GH:a.x:3: hm",
			[]string{"problem a.x:3 warning (gh): hm"},
		},
		{
			"tasks.json, with a named pattern and a built-in one",
			`{"problemPatterns":[{"name":"p","regexp":"^T (.*) (\\d+)$","file":1,"line":2}],"tasks":[{"label":"build","problemMatcher":["$tsc",{"owner":"t","pattern":"$p"}]}]}`,
			"T a.x 3",
			[]string{"problem a.x:3 error (t): T a.x 3"},
		},
		{
			"a location in one group, columns from 0",
			`[{"owner":"l","columnBase":0,"pattern":{"regexp":"^L (.*)\\(([\\d,]+)\\) (.*)$","file":1,"location":2,"message":3}},
			  {"owner":"c","columnBase":0,"pattern":{"regexp":"^C (.*) (\\d+) (\\d+)$","file":1,"line":2,"column":3}}]`,
			"L a.x(3,5,3,9) one\nC a.x 3 0",
			[]string{"problem a.x:3:5 error (l): one", "problem a.x:3:1 error (c): C a.x 3 0"},
		},
		{
			"a whole file",
			`[{"owner":"f","pattern":{"regexp":"^WHOLE (.*): (.*)$","kind":"file","file":1,"message":2}}]`,
			"WHOLE a.x: unreadable",
			[]string{"problem a.x error (f): unreadable"},
		},
		{
			"the marks of a watching tool",
			`[{"owner":"w","pattern":{"regexp":"^W (.*) (\\d+)$","file":1,"line":2},"background":{"activeOnStart":true,"beginsPattern":"^begin","endsPattern":{"regexp":"^end"}}}]`,
			"begin\nW a.x 3\nend",
			[]string{"the problems of w no longer hold", "problem a.x:3 error (w): W a.x 3", "build part (w) w"},
		},
		{
			"errorformat",
			`{"errorformat":["%f:%l:%c: %t%*[a-z]: %m","%-G%.%#"]}`,
			"a.x:3:5: warning: careful\nanything else",
			[]string{"problem a.x:3:5 warning (matcher 1): careful", "problem a.x:3:5 warning (x): careful"}, // it is found anyway
		},
		{
			"errorformat over several lines",
			`[{"owner":"v","errorformat":"%EError in %f,%CLine %l,%ZText: %m"}]`,
			"Error in a.x\nLine 3\nText: one\nText: two",
			[]string{"problem a.x:3 error (v): one"},
		},
		{
			"errorformat with a pointer for the column",
			`[{"owner":"v","errorformat":"%A%f:%l: %m,%-Z%p^,%-C%.%#"}]`,
			"a.x:3: one\n  foo bar\n    ^",
			[]string{"problem a.x:3:5 error (v): one"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, with(t, tt.file, tt.output)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestMatchersAt: what an errorformat says over several lines is found in the first.
func TestMatchersAt(t *testing.T) {
	rules, errs := Load([]File{{"m.json", []byte(`[{"owner":"v","errorformat":"%EError in %f,%CLine %l"}]`)}})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	scanner, r := detect.Scanner{Literals: rules.Literals()}, &Reader{Rules: rules}
	for i, line := range []string{"", "Error in a.x", "Line 3", "", "Error in b.x", "Line 4"} {
		r.Line(scanner.Scan([]byte(line)), uint64(i+1))
	}
	r.Flush()
	var at []uint64
	for _, f := range r.Take() {
		at = append(at, f.Problem.At)
	}
	if diff := cmp.Diff([]uint64{2, 5}, at); diff != "" {
		t.Error(diff)
	}
}

// TestMatchersWrong: what can't be used is told with the place, and the rest is
// used.
func TestMatchersWrong(t *testing.T) {
	good := `{"owner":"good","pattern":{"regexp":"^GOOD (.*) (\\d+)$","file":1,"line":2}}`
	for _, tt := range []struct{ file, want string }{
		{`{"problemMatchers":[` + good + `,{"owner":"b","pattern":{"regexp":"^(?=x)","file":1}}]}`, `matchers.json: b: pattern "^(?=x)", character 2: looking ahead`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","pattern":{"regexp":"(a)\\1","file":1}}]}`, `character 4: a reference to a group`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","pattern":{"regexp":"(a","file":1}}]}`, `missing closing )`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","pattern":{"regexp":"(a)","file":2}}]}`, `file is group 2, but it has 1`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","pattern":[{"regexp":"(a)","file":1,"loop":true},{"regexp":"b"}]}]}`, `loop is for the last pattern`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","pattern":"$nowhere"}]}`, `there is no pattern "$nowhere"`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","severity":"loud","pattern":{"regexp":"a"}}]}`, `there is no severity "loud"`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","sample":"A b","pattern":{"regexp":"^(X) (\\d)","file":1,"line":2}}]}`, `nothing is found in its sample "A b"`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","fileLocation":"nearby","pattern":{"regexp":"(a)","file":1}}]}`, `b: fileLocation: there is no "nearby": absolute,`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","fileLocation":["search",{"include":3}],"pattern":{"regexp":"(a)","file":1}}]}`, `fileLocation: search: `},
		{`{"problemMatchers":[` + good + `,{"owner":"b","applyTo":"some","pattern":{"regexp":"(a)","file":1}}]}`, `there is no applyTo "some"`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","sample":"a","pattern":{"regexp":"(a)","file":-5}}]}`, `-5 is no number of a group`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","errorformat":"%D%f"}]}`, `errorformat "%D%f": %D is not supported`},
		{`{"problemMatchers":[` + good + `,{"owner":"b","pattern":{"regexp":"\\u12","file":1}}]}`, `\u wants four hexadecimal digits`},
	} {
		rules, errs := Load([]File{{"matchers.json", []byte(tt.file)}})
		if err := errors.Join(errs...); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s\n%v, want %q", tt.file, err, tt.want)
		}
		if names := rules.Names(); len(names) != 1 || names[0] != "good" {
			t.Errorf("%s: the good one is lost: %v", tt.file, names)
		}
	}
	if _, errs := Load([]File{{"x.json", []byte(`{"problemMatchers":{"0":0}}`)}}); len(errs) == 0 {
		t.Error("an object where a list must be is no error")
	}
	if _, errs := Load([]File{{"x.json", []byte("{\n\n  broken\n}")}}); len(errs) != 1 || !strings.Contains(errs[0].Error(), "x.json: line 3:") {
		t.Errorf("broken JSON: %v", errs)
	}
}

// TestJavaScript: what JavaScript's and Go's expressions read differently.
func TestJavaScript(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{`^a\/b$`, "a/b", true},
		{`^(?<n>x)$`, "x", true},
		{`^\u0041[^]\cA$`, "A\n\x01", true},
		{`^.$`, "\r", false},
		{`^\s$`, "\u00a0", true},
		{`^[\s-]$`, "\u2003", true},
		{`^[\w-.]+$`, "a-b.c", true},
		{`^[[]$`, "[", true},
		{`a-b\-c`, "a-b-c", true},
		{`^[]$`, "x", false},
		{`^[\b]$`, "\b", true},
		{`^\0$`, "\x00", true},
		{`^(?:\s+(\d+):(\d+))\s{2}`, " 1:2  ", true},
		{`^\Q\z\A.$`, "QzA!", true},
	} {
		re, err := compileJS(tt.pattern)
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
			continue
		}
		if got := re.MatchString(tt.text); got != tt.want {
			t.Errorf("%s on %q: %v, want %v (as %s)", tt.pattern, tt.text, got, tt.want, re)
		}
	}
}

// TestRequired: the text that a line must hold is found by the expression's
// parts, and none is made up.
func TestRequired(t *testing.T) {
	for pattern, want := range map[string]string{
		`^TOOL: (.*)$`:      "TOOL: ",
		`^(\w+): error: .`:  ": error: ",
		`a|b`:               "",
		`(foo)?bar`:         "bar",
		`(?i)error`:         "",
		`(longest text)+ x`: "longest text",
		`(ab){0,2}c`:        "",
		`.*`:                "",
	} {
		if got := required(regexp.MustCompile(pattern)); got != want {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
}

// FuzzMatchers: no file and no pattern makes Load or a line panic, and what is
// translated says itself whether it compiles.
func FuzzMatchers(f *testing.F) {
	f.Add([]byte(`{"problemMatchers":[{"owner":"x","pattern":{"regexp":"^X (\\S+)@(\\d+)","file":1,"line":2}}]}`), "X a.x@3\n")
	f.Add([]byte(`{"errorformat":["%f:%l:%c: %m","%-G%.%#"]}`), "a:1:2: x")
	f.Add([]byte("[/* c */ {\"pattern\": {\"regexp\": \"[^]\\\\u0041(?<n>a)\"},},]"), "\n\n")
	f.Fuzz(func(t *testing.T, file []byte, output string) {
		rules, _ := Load([]File{{"x", file}})
		scanner, r := detect.Scanner{Literals: rules.Literals()}, &Reader{Rules: rules}
		for i, line := range strings.Split(output, "\n") {
			r.Line(scanner.Scan([]byte(line)), uint64(i+1))
		}
		r.Flush()
	})
}

// TestMatchersUnkept: what the engine can't know is told, and the matcher works.
func TestMatchersUnkept(t *testing.T) {
	rules, errs := Load([]File{{"m.json", []byte(`[{"owner":"b","applyTo":"closedDocuments","pattern":{"regexp":"^(a)$","file":1}}]`)}})
	if len(errs) != 1 || !errors.As(errs[0], &Unkept{}) || !strings.Contains(errs[0].Error(), `m.json: b: applyTo "closedDocuments"`) {
		t.Errorf("%v", errs)
	}
	if len(rules.Names()) != 1 {
		t.Error("the matcher is not used")
	}
}

func TestFileLocation(t *testing.T) {
	for _, tt := range []struct {
		raw  string
		want fileBase
	}{
		{`"absolute"`, fileBase{}},
		{`["relative","${workspaceFolder}/api"]`, fileBase{dir: "api"}},
		{`["autoDetect","${workspaceFolder}"]`, fileBase{}},
		{`"search"`, fileBase{search: &Search{Include: []string{""}}}},
		{`["search",{"include":["${workspaceFolder}/src","/opt/x"],"exclude":"${workspaceFolder}/src/gen"}]`, fileBase{search: &Search{Include: []string{"src", "/opt/x"}, Exclude: []string{"src/gen"}}}},
	} {
		got, err := fileLocation([]byte(tt.raw))
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(fileBase{})); diff != "" || err != nil {
			t.Errorf("%s: %s%v", tt.raw, diff, err)
		}
	}
}
