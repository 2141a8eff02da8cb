package match

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

// queries are tried in all combinations of options against all of texts, and
// are the seeds of the fuzz test.
var queries = []string{
	"error", "Error", "timeout", "e", "k", "ask", "Kiosk", "ss", "über", "ÜBER", "привет", "(main)", "-x", "a_b", "ok",
	"\uFFFD", "a\nb", "  ", "日本", "ſtop", "1", "ECONNREFUSED 127.0.0.1:5432",
	`^\d+ `, `error|warn`, `(?i)error|WARN`, `\berr\w*\b`, `a|ab`, `(?:a|ab)(?:c|bcd)?`, `x*`, `^`, `$`, `^$`, `\B`, `\b`,
	`[^a]`, `.`, `..`, `a.c`, `a.*c`, `a.*?c`, `[a-z]+\d`, `(a+)(b+)`, `\x{FFFD}`, `[[:^ascii:]]`, `\pL+`, `\PL`,
	`(?m)^a`, `(?s).+`, `a\nb`, `[\n]`, `(a|b)*c`, `\Aa`, `a\z`, `(?i)k`, `(?i)[a-k]s`, `\b[0-9a-f]{8}\b`, `ba{2,3}`, `(|a)+`,
	`(?:)`, `a{0}`, `[^\x00-\x{10FFFF}]`, `timeout after \d+ms`, `(?i:Conn)ection (refused|reset)`, `\d+ms$`, `^(GET|POST) /`, `.é`,
}

var texts = []string{
	"", "\n", "\n\n", "a", "a\n", "error", "an Error: timeout after 30ms\nok\n12 lines\n",
	"12 error\nwarn: WARN Warning\nabcd abc ac a\n\naab b\nabab", "kiosk KIOSK \u212aIO\u017f\u212a task aſk K k",
	"über Über eröffnen ÜBER überall\nПРИВЕТ, привет Привет\n", "func(main) -x a-x a_b xa_b a_b1 1a_b", "ok\xff\xfe ok\xe2\x82 a\xe2\x82\xacc \xed\xa0\x80 \uFFFD",
	"日本語 日本\n日", "deadbeef xdeadbeef deadbeef0 DEADBEEF 0badcafe\n", "baaa baa ba baaaa\n", "GET / 200 12ms\nPOST /x 500 7ms\n a\n",
	"connection refused CONNECTION RESET connection\n", "\rx -X \bmain\t (Main)\n", "\x00\x01\x7f\x80\n\r\n  \n", strings.Repeat("x", 200) + "error" + strings.Repeat("y", 100),
	strings.Repeat("a\n", 40) + "Task: ASK\u212aKiosk\n" + strings.Repeat("pri\n", 30) + "ПРИВЕТ ÜBER (main)",
	strings.Repeat("the quick brown fox\n", 20) + "12 ECONNREFUSED 127.0.0.1:5432\n" + strings.Repeat("a line\n", 20),
}

func allOptions() []Options {
	var out []Options
	for i := range 8 {
		out = append(out, Options{Regexp: i&1 != 0, CaseSensitive: i&2 != 0, WholeWord: i&4 != 0})
	}
	return out
}

// TestAgainstNaive: each query, in each meaning, finds in each text what the
// obvious implementation finds.
func TestAgainstNaive(t *testing.T) {
	for _, query := range queries {
		for _, o := range allOptions() {
			n := newNaive(query, o)
			p, err := Compile(query, o)
			if (n == nil) != (err != nil) {
				t.Fatalf("%q %+v: %v", query, o, err)
			}
			for _, text := range texts {
				if err == nil {
					compareAll(t, p, n, []byte(text))
				}
			}
		}
	}
}

func FuzzMatch(f *testing.F) {
	for i, query := range queries {
		f.Add(query, uint8(i%8), []byte(texts[i%len(texts)]))
	}
	f.Fuzz(func(t *testing.T, query string, flags uint8, text []byte) {
		o := allOptions()[flags%8]
		n := newNaive(query, o)
		p, err := Compile(query, o)
		if n == nil && err == nil {
			t.Fatalf("%q %+v is taken, but not by regexp", query, o)
		}
		if n != nil && err == nil {
			compareAll(t, p, n, text)
			compareLong(t, p, n, text)
		}
	})
}

// compareAll compares with each kernel that can run here, and with a DFA that
// hardly helps.
func compareAll(t *testing.T, p *Pattern, n *naive, text []byte) {
	t.Helper()
	want := n.answer(text)
	best := active
	defer func() { active = best }()
	for _, active = range kernels {
		compare(t, p, text, want)
	}
	compare(t, cramped(p), text, want)
}

// compareLong has a text come again and again, so that the DFA goes through lanes.
func compareLong(t *testing.T, p *Pattern, n *naive, text []byte) {
	t.Helper()
	text = append(slices.Clone(text), '\n')
	once := slices.Sorted(maps.Keys(n.answer(text)))
	times, lines := 5*lanes*minLane/len(text), bytes.Count(text, []byte("\n"))
	var want []int
	for i := range times {
		for _, line := range once {
			want = append(want, i*lines+line)
		}
	}
	if got := matchingLines(p, bytes.Repeat(text, times)); !slices.Equal(got, want) {
		t.Errorf("%s in %d times %q: %d lines, want %d", p, times, text, len(got), len(want))
	}
}

func compare(t *testing.T, p *Pattern, text []byte, want answer) {
	t.Helper()
	if got := matchingLines(p, text); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Errorf("%s in %q by %s: lines %v, want %v", p, text, active.name, got, want)
	}
	for i, line := range splitLines(text) {
		if got := p.Ranges(nil, line, -1); !slices.Equal(got, want[i]) {
			t.Errorf("%s in %q by %s: ranges %v, want %v", p, line, active.name, got, want[i])
		}
		if got := p.Ranges(nil, line, 2); !slices.Equal(got, want[i][:min(2, len(want[i]))]) {
			t.Errorf("%s in %q by %s: two ranges %v, want %v", p, line, active.name, got, want[i])
		}
		if got := p.Match(line); got != (want[i] != nil) {
			t.Errorf("%s in %q by %s: match %v", p, line, active.name, got)
		}
	}
}

// cramped has a pattern's DFA be emptied and given up all the time, and look at
// every line.
func cramped(p *Pattern) *Pattern {
	e, ok := p.finder.(*expression)
	if !ok {
		return p
	}
	return &Pattern{p.query, p.options, &expression{forward: e.forward, backward: e.backward, slow: e.slow, behind: e.behind, limit: 300}}
}

// matchingLines goes through buf as a search does.
func matchingLines(p *Pattern, buf []byte) []int {
	var out []int
	number, from := 0, 0
	for from < len(buf) {
		at := p.Next(buf, from)
		if at < 0 {
			break
		}
		number += bytes.Count(buf[from:at], []byte("\n"))
		out = append(out, number)
		number++
		from = at + lineLen(buf[at:]) + 1
	}
	return out
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		query  string
		offset int
		reason string
	}{
		{"", -1, "it is empty"},
		{"ab\xff", 2, "it is not valid UTF-8"},
		{strings.Repeat("a", MaxPattern+1), MaxPattern, "it has 4097 bytes, over the limit of 4096"},
		{"ab(c", 0, "missing closing ): `ab(c`"},
		{"ab)c", 0, "unexpected ): `ab)c`"},
		{`ab[z-a]`, 3, "invalid character class range: `z-a`"},
		{`a{1001}`, 1, "invalid repeat count: `{1001}`"},
	} {
		_, err := Compile(test.query, Options{Regexp: true, WholeWord: true})
		var e *Error
		if !errors.As(err, &e) || e.Reason != test.reason || e.Offset != test.offset {
			t.Errorf("%.20q: %+v", test.query, err)
		}
	}
}

func TestSmartCase(t *testing.T) {
	for _, test := range []struct {
		query     string
		regexp    bool
		sensitive bool
	}{
		{"error", false, false},
		{"Error", false, true},
		{"über", false, false},
		{"Über", false, true},
		{`\S`, false, true},
		{`\S+\pL\p{Greek}\x{1F}\D`, true, false},
		{`\S+E`, true, true},
	} {
		if got := SmartCase(test.query, test.regexp); got != test.sensitive {
			t.Errorf("%q: %v", test.query, got)
		}
	}
}

func TestRefines(t *testing.T) {
	const c, w = "c", "w"
	for _, test := range []struct {
		long, longFlags, short, shortFlags string
		want                               bool
	}{
		{"timeout", "", "time", "", true},
		{"timeout", c, "time", c, true},
		{"Timeout", c, "time", "", true},
		{"timeout", "", "time", c, false},
		{"timeout", "", "Time", "", true},
		{"time", "", "timeout", "", false},
		{"timeout", w, "time", "", true},
		{"timeout", "", "time", w, false},
		{"time.out", "r", "time", "", false},
		{"timeout", "r", "time", "", true},
		{"(?i)timeout", "rc", "time", "", true},
		{"(?i)timeout", "rc", "time", "c", false},
	} {
		long, short := mustCompile(t, test.long, test.longFlags), mustCompile(t, test.short, test.shortFlags)
		if got := long.Refines(short); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

func mustCompile(t testing.TB, query, flags string) *Pattern {
	t.Helper()
	has := func(f string) bool { return strings.Contains(flags, f) }
	p, err := Compile(query, Options{Regexp: has("r"), CaseSensitive: has("c"), WholeWord: has("w")})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestAllocs: going from hit to hit leaves nothing behind. (What an expression
// needs is pooled; here it is asked directly, as the race detector drops what is
// in pools.)
func TestAllocs(t *testing.T) {
	text := []byte(strings.Join(texts, "\n"))
	e := mustCompile(t, `\b[a-z]+\d`, "r").finder.(*expression)
	d := e.take(never)
	for name, next := range map[string]func(){
		"text":       searching(mustCompile(t, "error", "c"), text),
		"folded":     searching(mustCompile(t, "kiosk", ""), text),
		"word":       searching(mustCompile(t, "ok", "w"), text),
		"several":    searching(mustCompile(t, "error|GET|ok", "r"), text),
		"expression": func() { e.nextLine(d, text, 0) },
	} {
		next()
		if n := testing.AllocsPerRun(10, next); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func searching(p *Pattern, text []byte) func() {
	return func() {
		for at := 0; at >= 0 && at < len(text); {
			if at = p.Next(text, at); at >= 0 {
				at = lineEnd(text, at)
			}
		}
	}
}
