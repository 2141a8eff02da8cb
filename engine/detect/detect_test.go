package detect

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

func scan(s string) *Line { return new(Scanner).Scan([]byte(s)) }

// TestLevel has a line per format and per trap. "info?" is a line that says no
// level.
func TestLevel(t *testing.T) {
	for _, tt := range []struct{ want, line string }{
		// structured
		{"info", `{"level":30,"time":1,"msg":"no errors","errors":0}`},
		{"fatal", `{"level":60,"msg":"out of memory"}`},
		{"trace", `{"level":10,"msg":"error"}`},
		{"error", `{"time":"x","level":"ERROR","msg":"m"}`},
		{"fatal", `{"level":"ERROR+4","msg":"m"}`},
		{"warn", `{"severity":"WARNING","message":"m"}`},
		{"error", `{"t":{"$date":"2024"},"s":"E","c":"NETWORK"}`},
		{"info", `{"msg":"said \"level\":\"error\"","level":"info"}`},
		{"warn", `time="2026" level=warning msg="error of old"`},
		{"info", `level=info msg="x" errors=0`},
		{"error", `loglevel=debug level=error msg=x`},
		{"info", `msg="set \"level=error" level=info`},
		{"info", `msg="level=error" level=info`},
		{"info?", `gzip level=1 file=a.gz`},
		{"error", `{"version":"1.1","host":"web","short_message":"down","level":3}`},
		{"warn", `{"PRIORITY":"4","MESSAGE":"slow"}`},
		{"error", `{"log":{"level":"error"},"message":"m"}`},
		{"info?", `{"level":3,"player":"ann"}`},
		{"info?", `{"user":{"level":"error"},"msg":"m"}`},
		{"debug", `{"s":"D2","msg":"m"}`},
		{"info?", `{"s":1,"n":2}`},
		{"error", `ts=1 lvl=eror msg=x`},
		// words of loggers
		{"error", "ERRO[2026-11-23T09:06:58Z] read loop ended"},
		{"error", "09:06:58 ERR dropping client"},
		{"debug", "09:06:58 DBG failed=0"},
		{"trace", "2026-11-23T09:05:35.247Z silly: warning lights are off"},
		{"info", "2026-11-23T09:05:35.241Z http: GET /api/error-report 200 12ms"},
		{"info", "2024-01-01T10:20:30.123Z INFO  [main] WarningService started"},
		{"error", "2024-01-01 10:20:30,123 - app.db - ERROR - no connection"},
		{"error", "10:20:30.123 [main] ERROR c.e.App - failed"},
		{"warn", "2024-01-01T10:20:30.123+01:00  WARN 1234 --- [           main] c.e.App : x"},
		{"error", "ERROR:root:bad"},
		{"error", "[2024-01-01 10:20:30 +0000] [1234] [ERROR] Exception in worker"},
		{"error", "E1123 09:05:35.123456       7 main.go:3] bad"},
		{"warn", "W, [2026-11-23T09:05:35.12 #7]  WARN -- : old"},
		{"error", "2024/01/01 10:20:30 [error] 123#123: *1 open() failed"},
		{"fatal", "2024/01/01 10:20:30 [emerg] 1#1: bind() failed"},
		{"error", "[Mon Jan 01 10:20:30.123 2024] [core:error] [pid 1] x"},
		{"error", "[2024-01-01T10:20:30Z ERROR app::db] x"},
		{"error", "2024-01-01T10:20:30.123456Z ERROR app: x"},
		{"error", "2024-01-01 10:20:30.123 | ERROR    | app:main:12 - x"},
		{"error", "[2024-01-01T10:20:30+00:00] app.ERROR: x"},
		{"error", "2024-01-01 10:20:30.123 UTC [123] ERROR:  relation \"x\" does not exist"},
		{"info", "2024-01-01 10:20:30.123 UTC [123] LOG:  database system is ready"},
		{"error", "2024-01-01T10:20:30.123Z\tERROR\tmain.go:12\tx"},
		{"error", "fail: Microsoft.AspNetCore.Server[13]"},
		{"warn", "warn: Microsoft.AspNetCore.Server[13]"},
		{"fatal", "crit: App[0]"},
		{"info", "INFO:     Started server process [1]"},
		{"error", "SEVERE: Servlet.service() threw"},
		{"fatal", "CRITICAL error in worker"},
		{"error", "10:20:30.123 [error] GenServer terminating"},
		{"error", "[10:20:30.123] ERROR (1234): x"},
		{"error", "[api] ERROR x"},
		{"error", "web-1  | ERROR x"},
		{"error", "[b   ] ERROR x"},
		{"error", "[0] ERROR x"},
		{"error", "[build:js] error: x"},
		{"error", "error - ./pages/index.js:3:1"},
		{"error", "packages/a dev: ERROR x"},
		{"error", "a:build: ERROR x"},
		{"error", "##[error]Process completed with exit code 1."},
		{"warn", "2026-11-27T03:04:07.1234567Z ##[warning]Node 16 is deprecated"},
		{"info?", "##[group]Run npm test --fail-on-error"},
		{"error", "<11>1 2026-11-27T03:04:05.003Z host1 shop 4711 ID47 - disk failure"},
		{"info", "<13>1 2026-11-27T03:04:05.003Z host1 shop 4711 ID47 - no error here"},
		{"warn", "[Fri Nov 27 02:58:07 2026] PHP Warning:  Undefined variable $nope in /p/cart.php on line 3"},
		// tools
		{"error", "error: cannot find crate"},
		{"error", "error CS1002: ; expected"},
		{"error", "ld.lld: error: undefined symbol: missing"},
		{"warn", "line 1 column 1 - Warning: missing <!DOCTYPE> declaration"},
		{"warn", "%Warning-WIDTH: misc/n.v:3:12: Operator expects 4 bits"},
		{"error", "2026/11/27 03:32:11 http: panic serving 127.0.0.1:44874: runtime error"},
		{"error", "error[E0308]: mismatched types"},
		{"warn", "warning: unused variable: `x`"},
		{"error", "cc1: error: bad"},
		{"warn", "npm warn deprecated inflight@1.0.6: old"},
		{"error", "npm ERR! code 1"},
		{"error", "npm error code 1"},
		{"error", "error Command failed with exit code 1."},
		{"fatal", "panic: runtime error: index out of range"},
		{"error", "Traceback (most recent call last):"},
		{"error", `Exception in thread "main" java.lang.IllegalStateException: x`},
		{"error", "TypeError: x is not a function"},
		{"error", "AssertionError [ERR_ASSERTION]: x"},
		{"warn", "(node:5399) [DEP_APP1] DeprecationWarning: the old option is deprecated"},
		{"warn", "WARNING: DATA RACE"},
		{"error", "bash: line 1: 12226 Segmentation fault      ./a.out"},
		{"error", "[ERROR] /p/A.java:[12,5] cannot find symbol"},
		{"error", "\x1b[31merror\x1b[0m: x"},
		// traps
		{"info?", "Found 0 errors. Watching for file changes."},
		{"info?", "0 errors, 0 warnings"},
		{"info?", "error rate: 0.0%  failed: 0  timeouts: 0"},
		{"info?", "GET /errors/500.html 200 3ms"},
		{"info?", "✓ error-boundary.tsx compiled in 12ms"},
		{"info", "[info] fatality index computed"},
		{"info?", "FAILOVER mode is enabled"},
		{"info?", "see docs/errors.md:12 for the list of error codes"},
		{"info?", "backup completed successfully without errors"},
		{"info?", "{ error: null, failed: 0 }"},
		{"info?", "error: null"},
		{"info?", "error: undefined"},
		{"info?", "and/or error: none"},
		{"info?", "errors: 0"},
		{"info?", "Undefined behaviour sanitizer is off"},
		{"info?", "warning lights are off"},
		{"info?", "Retrying failed jobs: none"},
		{"info?", "loaded plugin eslint-plugin-error-handling@2.1.0"},
		{"info?", ""},
	} {
		l := scan(tt.line)
		got := l.Level.String()
		if !l.Said {
			got += "?"
		}
		if got != tt.want && !(tt.want == "info?" && got == "info") {
			t.Errorf("%-80q %s, want %s", tt.line, got, tt.want)
		}
	}
}

func TestStrip(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "text\n", "text"},
		{"CRLF", "text\r\n", "text"},
		{"colour", "\x1b[1m\x1b[31mred\x1b[0m text", "red text"},
		{"charset", "ok\x1b(B\x1b[m", "ok"},
		{"the last state", "10%\r50%\r100%", "100%"},
		{"erased after the last state", "Building\r\x1b[Kdone\r", "done"},
		{"erase line and column one", "old\x1b[2K\x1b[1Gnew", "new"},
		{"OSC 8 ended by BEL", "a \x1b]8;;http://x.y/\x07link\x1b]8;;\x07 b", "a link b"},
		{"OSC 8 ended by ST", "a \x1b]8;;http://x.y/\x1b\\link\x1b]8;;\x1b\\ b", "a link b"},
		{"a title without an end is text", "\x1b]0;title", "0;title"},
		{"broken CSI", "\x1b[12\x01x", "\x01x"},
		{"a lone ESC", "a\x1b", "a"},
		{"cursor forward is a blank", "a\x1b[3Cb", "a b"},
	} {
		if got := string(scan(tt.in).Full); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestScreen(t *testing.T) {
	for _, in := range []string{"\x1bc", "\x1b[2J\x1b[3J\x1b[H", "\x1b[1;1H\x1b[0J", "\x1b[H"} {
		if l := scan(in + "text"); !l.Clear || string(l.Text) != "text" {
			t.Errorf("%q: clear %v, text %q", in, l.Clear, l.Text)
		}
	}
	l := scan("\x1b]9;4;1;42\x07building")
	if want := (Progress{Told: true, State: 1, Percent: 42}); l.Progress != want || l.Class&Screen == 0 {
		t.Errorf("progress %+v, class %v; want %+v", l.Progress, l.Class.Names(), want)
	}
	if l := scan("\x1b]9;4;9;42\x07x"); l.Progress.Told {
		t.Error("a state that does not exist was taken")
	}
}

func TestPeel(t *testing.T) {
	for _, tt := range []struct{ in, tag, text string }{
		{"[api] listening", "api", "listening"},
		{"[web] 10:20:30 [vite] hmr", "web", "[vite] hmr"},
		{"web-1  | ready", "web-1", "ready"},
		{"09:05:35 web.1   | ready", "web.1", "ready"},
		{"web:dev: ready", "web:dev", "ready"},
		{"@acme/web:build: ready", "@acme/web:build", "ready"},
		{"2026-11-23T09:05:35.239Z info: x", "", "info: x"},
		{"2026-11-23 09:05:35,239 x", "", "x"},
		{"2026/11/23 09:05:35 x", "", "x"},
		{"[9:05:03 AM] Starting", "", "Starting"},
		{"9:05:16 AM [vite] x", "vite", "x"},
		{"Nov 23 09:05:35 host x", "", "host x"},
		{"I1123 09:05:35.123456       7 main.go:3] bad", "", "bad"},
		{"[@acme/web]: ready", "@acme/web", "ready"},
		{"[10:17:43 web] ready", "web", "ready"},
		{"[pod/web-7d4b9c6f5d-x2x8k-a-longer-name/web] ready", "pod/web-7d4b9c6f5d-x2x8k-a-longer-name/web", "ready"},
		{"10:17:44 AM lib.1 |    ---", "lib.1", "  ---"},
		{"web-1  |", "web-1", ""},
		{"0|web      | ready", "web", "ready"},
		{"web:dev | ready", "web:dev", "ready"},
		{"2026-11-27T10:00:00.123456789Z stdout F ready", "", "ready"},
		{`{"log":"a \"b\" \u001b[31mred\u001b[0m\tc\n","stream":"stderr","time":"2026-11-27T10:00:00Z"}`, "", "a \"b\" red\tc"},
		{`{"log":"web-1  | {\"msg\":\"x\"}\n","stream":"stdout","attrs":{"tag":"x"},"time":"2026-11-27T10:00:00Z"}`, "web-1", `{"msg":"x"}`},
		// not prefixes
		{`{"log":"on","level":"info"}`, "", `{"log":"on","level":"info"}`},
		{"[10:17:43 ERROR] bad", "", "[10:17:43 ERROR] bad"},
		{"[10:17:43", "", "[10:17:43"},
		{"[1]: http://example.com", "", "[1]: http://example.com"},
		{"web dev: ready", "", "web dev: ready"},
		{"web: ready", "", "web: ready"},
		{"│ ready", "", "│ ready"},
		{"FAILED | 2 passed | 1 failed (19ms)", "", "FAILED | 2 passed | 1 failed (19ms)"},
		{"ok | 2 passed | 0 failed (19ms)", "", "ok | 2 passed | 0 failed (19ms)"},
		{"pay 5$ now", "", "pay 5$ now"},
		{"[ERROR] /p/A.java:[1,2] x", "", "[ERROR] /p/A.java:[1,2] x"},
		{"src/main.c:7:15: warning: x", "", "src/main.c:7:15: warning: x"},
		{"cc1: fatal: x", "", "cc1: fatal: x"},
		{"7 | fn main", "", "7 | fn main"},
		{"std::string: x", "", "std::string: x"},
		{"12:30 is late", "", "is late"},
		{"10:20:30:40 x", "", "10:20:30:40 x"},
	} {
		l := scan(tt.in)
		if string(l.Tag) != tt.tag || string(l.Text) != tt.text {
			t.Errorf("%q: tag %q, text %q; want %q, %q", tt.in, l.Tag, l.Text, tt.tag, tt.text)
		}
	}
}

// TestAnnounced: names without a sign count from when they were told of.
func TestAnnounced(t *testing.T) {
	var s Scanner
	for _, tt := range []struct{ in, tag, text string }{
		{"web dev: ready", "", "web dev: ready"},
		{"web dev$ vite --port 1", "web", ""},
		{"web dev: ready", "web", "ready"},
		{"web dev: ", "web", ""},
		{"web developer: x", "", "web developer: x"},
		{"api dev: ready", "", "api dev: ready"},
		{"@acme/lib dev: ready", "@acme/lib", "ready"},
		{"api dev: ready", "api", "ready"},
		{"\x1b[3A│ TAP version 13", "", "│ TAP version 13"},
		{"@acme/web: ready", "", "@acme/web: ready"},
		{"> nx run @acme/web:dev", "", "> nx run @acme/web:dev"},
		{"@acme/web: ready", "@acme/web", "ready"},
		{"src/a.ts: ready", "", "src/a.ts: ready"},
	} {
		l := s.Scan([]byte(tt.in))
		if string(l.Tag) != tt.tag || string(l.Text) != tt.text {
			t.Errorf("%q: tag %q, text %q; want %q, %q", tt.in, l.Tag, l.Text, tt.tag, tt.text)
		}
	}
}

func TestURLs(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []string // + local, - not, ! a target
	}{
		{"ready at http://localhost:5050 (docs: https://example.com/api).", []string{"+http://localhost:5050", "-https://example.com/api"}},
		{`"http://localhost:5050/a?x=1&y=[2]" or http://[::1]:5050/v6.`, []string{"+http://localhost:5050/a?x=1&y=[2]", "+http://[::1]:5050/v6"}},
		{"(http://localhost:5053/wiki/Foo_(bar)) and http://localhost:5054/x, end", []string{"+http://localhost:5053/wiki/Foo_(bar)", "+http://localhost:5054/x"}},
		{"ws://localhost:5050/socket", nil},
		{"Incomplete http://localhost: then text", nil},
		{"http://localhost:", nil},
		{"http://localhost:99999/", nil},
		{"http://0.0.0.0:8000/", []string{"+http://localhost:8000/"}},
		{"http://[::]:8000 (Press CTRL+C)", []string{"+http://localhost:8000"}},
		{"\x1b]8;;http://localhost:5052/deep\x1b\\click\x1b]8;;\x1b\\", []string{"+http://localhost:5052/deep"}},
		{"Colored \x1b[36mhttp://localhost:\x1b[1m5051\x1b[22m/\x1b[39m end", []string{"+http://localhost:5051/"}},
		{"GET http://127.0.0.1:9999/up failed: connect ECONNREFUSED", []string{"!http://127.0.0.1:9999/up"}},
		{`{"level":30,"url":"http://127.0.0.1:3000","msg":"x"}`, []string{"+http://127.0.0.1:3000"}},
		{`{"level":50,"url":"http://127.0.0.1:3000","msg":"x"}`, []string{"!http://127.0.0.1:3000"}},
		{"http://user:secret@localhost:1234/x", []string{"+http://user:secret@localhost:1234/x"}},
		{"Network: http://192.168.1.5:5173/", []string{"+http://192.168.1.5:5173/"}},
		{"http:// nothing", nil},
		{"<http://127.0.0.1:5050/healthz>", []string{"+http://127.0.0.1:5050/healthz"}},
	} {
		var got []string
		for _, u := range AppendURLs(nil, scan(tt.in)) {
			mark := "-"
			if u.Target {
				mark = "!"
			} else if u.Local {
				mark = "+"
			}
			got = append(got, mark+u.Text)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q: %s", tt.in, diff)
		}
	}
}

func TestPorts(t *testing.T) {
	for in, want := range map[string]int{
		"listening on port 5050":      5050,
		"listening on 0.0.0.0:5050":   5050,
		"Listening on :8080":          8080,
		"GET http://localhost:1/ 200": 0,

		"Tomcat started on port(s): 8080 (http) with context path ''":       8080,
		"⇨ http server started on [::]:1323":                                1323,
		"[GIN-debug] Listening and serving HTTP on :8081":                   8081,
		"Serving HTTP on 0.0.0.0 port 8126 (http://0.0.0.0:8126/) ...":      8126,
		"starting service: \"x\", workers: 8, listening on: 127.0.0.1:8082": 8082,
		"listening to the sound of 10:30 in the morning":                    0,
	} {
		if got := Port(scan(in)); got != want {
			t.Errorf("Port(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestUserLiterals(t *testing.T) {
	s := Scanner{Literals: NewLiterals([]string{"BOOM", "TODO:", "x", "OM-ZZ"})}
	l := s.Scan([]byte("a BOOM-ZZ here, BOOM again"))
	if diff := cmp.Diff([]uint16{0, 3}, l.Users); diff != "" || l.Class&User == 0 {
		t.Errorf("class %v, %s", l.Class.Names(), diff)
	}
	if l := s.Scan([]byte("boom todo: x")); l.Class&User != 0 {
		t.Error("the user's literals are found as they are, and one byte is none")
	}
}

// TestAllocations: a line that holds nothing costs none.
func TestAllocations(t *testing.T) {
	s := Scanner{Literals: NewLiterals([]string{"one literal", "another"})}
	for _, line := range cleanLines {
		raw := []byte(line)
		s.Scan(raw)
		if n := testing.AllocsPerRun(100, func() { s.Record(raw, false) }); n != 0 {
			t.Errorf("%q: %v allocations", line, n)
		}
	}
}

var cleanLines = []string{
	"GET /api/items?page=2 200 in 12ms\n",
	"2026-11-23T09:05:35.239Z info: request completed method=GET path=/health duration=3\n",
	"\x1b[90m10:20:30\x1b[39m \x1b[36m[vite]\x1b[39m \x1b[32mhmr update \x1b[39m\x1b[2m/src/App.tsx\x1b[22m\n",
	`{"level":30,"time":1795424734863,"pid":4242,"hostname":"devbox","msg":"request completed"}` + "\n",
	"the quick brown fox jumps over the lazy dog and runs into the woods again and again\n",
}

// TestParts: a line that comes in parts is found as a whole.
func TestParts(t *testing.T) {
	s := Scanner{}
	if _, whole := s.Record([]byte("src/main.c:7:15: war"), true); whole {
		t.Error("a part is no whole line")
	}
	l, whole := s.Record([]byte("ning: unused\n"), false)
	if !whole || string(l.Full) != "src/main.c:7:15: warning: unused" || l.Level != lines.Warn {
		t.Errorf("whole %v, %q, %v", whole, l.Full, l.Level)
	}
	long := bytes.Repeat([]byte("x"), maxParts)
	s.Record(long, true)
	s.Record(long, true)
	if l, _ = s.Record([]byte("end\n"), false); len(l.Full) != maxParts {
		t.Errorf("%d bytes of a long line are kept, want %d", len(l.Full), maxParts)
	}
	if l, _ = s.Record([]byte("next\n"), false); string(l.Full) != "next" {
		t.Errorf("after a long line: %q", l.Full)
	}
}

// FuzzParts: wherever a line is split, the same is found; nothing panics; the
// classes that say nothing are true of lines without any byte of a literal.
func FuzzParts(f *testing.F) {
	f.Add([]byte("src/main.c:7:15: warning: unused"), uint8(5))
	f.Add([]byte("\x1b[31merror\x1b[0m: \x1b]8;;http://localhost:1/\x07x\x1b]8;;\x07"), uint8(1))
	f.Add([]byte(`{"level":50,"msg":"x","url":"http://[::1]:80"}`), uint8(9))
	f.Add([]byte("[api] 2026-11-23T09:05:35.239Z E, [x] ERROR"), uint8(3))
	f.Add([]byte("10%\r\x1b[2K\x1b[1G20%\r\x1b]9;4;1;20\x1b\\"), uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, step uint8) {
		data = data[:min(len(data), maxParts)]
		whole := fixed(new(Scanner).Scan(data))
		s := Scanner{}
		var l *Line
		ended := false
		for rest := data; !ended; {
			n := min(int(step)+1, len(rest))
			l, ended = s.Record(rest[:n], n < len(rest))
			rest = rest[n:]
		}
		if diff := cmp.Diff(whole, fixed(l)); diff != "" {
			t.Fatal(diff)
		}
		AppendURLs(nil, l)
		Port(l)
	})
}

// fixed is what a line says, in a form that outlives the scanner.
func fixed(l *Line) string {
	return strings.Join([]string{string(l.Full), string(l.Text), string(l.Tag), l.Level.String(), strings.Join(l.Links, " "), strings.Join(l.Class.Names(), " ")}, "\x00")
}

// TestTokenLen: a word ends where its end is, however far that may be.
func TestTokenLen(t *testing.T) {
	for n := 1; n < 60; n++ {
		word := strings.Repeat("x", n)
		for _, behind := range []string{"", " yyyyyyyyyyyyyyyyyyy", ":", "]yyy yyyyyyyyyyyyyyyyy"} {
			if got := tokenLen([]byte(word + behind)); got != n {
				t.Errorf("of %d bytes before %q it has %d", n, behind, got)
			}
		}
	}
	if got := tokenLen([]byte("] x")); got != 1 {
		t.Errorf("what is no word has %d bytes, not 1", got)
	}
}
