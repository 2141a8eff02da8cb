package config

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// merge reads the layers' texts: the file "user" is the user's own, any other is
// of the folder that its name begins with.
func merge(t *testing.T, layers ...string) (*Merged, []string) {
	t.Helper()
	var list []Layer
	var found []string
	for i := 0; i < len(layers); i += 2 {
		file, text := layers[i], layers[i+1]
		dir := "."
		if at := strings.LastIndexByte(file, '/'); at > 0 {
			dir = file[:at]
		}
		if file == "user" {
			dir = ""
		}
		l, issue := Parse(file, dir, file == "user", []byte(text))
		if issue != nil {
			found = append(found, show(*issue))
			continue
		}
		list = append(list, l)
	}
	m, issues := Merge(list)
	for _, i := range issues {
		found = append(found, show(i))
	}
	return m, found
}

func show(i Issue) string { return fmt.Sprintf("%s:%d:%d: %s", i.File, i.Line, i.Column, i.Message) }

// TestTypicalMistakes: each is told with its place, and with the way out.
func TestTypicalMistakes(t *testing.T) {
	const web = "[processes.web]\n"
	for _, tc := range []struct{ text, want string }{
		{web + "comand = 'x'\n", `b:2:1: [processes.web] has no key "comand"; did you mean "command"?`},
		{web + "scrpt = 'npm:dev'\n", `b:2:1: [processes.web] has no key "scrpt"; did you mean "script"?`},
		{web + "cwd = 'x'\n", `b:1:12: processes.web has no command: write command = '...', or script = 'npm:dev' for one that is discovered`},
		{"[gates.slow]\nmx = 1\n", `b:2:1: [gates.slow] has no key "mx"; did you mean "max"?`},
		{web + "command = 'x'\nreplicas = '3'\n", `b:3:12: processes.web.replicas is a string, but must be an integer: write 3 without quotes`},
		{web + "command = 'x'\nenv = { PORT = 3000 }\n", `b:3:16: processes.web.env.PORT is a number, but must be a string: write "3000"`},
		{web + "command = 'x'\nrestart = 'on-failure'\n", `b:3:11: processes.web.restart can't be "on-failure"; did you mean "onFailure"?`},
		{web + "command = 'x'\nautostart = 'true'\n", `b:3:13: processes.web.autostart is a string, but must be true or false: write true without quotes`},
		{web + "command = 'x'\n[processes.web.stop]\ngrace = 10\n", `b:4:9: processes.web.stop.grace is a number, but must be a string: write '10s' if these are seconds, '10ms' if milliseconds`},
		{web + "command = 'x'\ndependsOn = ['databse']\n[processes.database]\ncommand = 'y'\n", `b:3:13: there is no process "databse" for processes.web.dependsOn; did you mean "database"?`},
		{web + "command = 'x'\ndependsOn = ['api']\n[processes.api]\ncommand = 'y'\ndependsOn = { web = 'ready' }\n", `b:3:13: these wait for each other: web -> api -> web`},
		{web + "command = 'x'\ndependsOn = { db = 'up' }\n[processes.db]\ncommand = 'y'\n", `b:3:20: processes.web.dependsOn.db can't be "up": it must be started, ready, healthy, exited or succeeded`},
		{"[process.web]\ncommand = 'x'\n", `b:1:2: a configuration has no key "process"; did you mean "processes"?`},
		{web + "command = 'x\n", `b:2:13: literal strings cannot have new lines`},
		{web + "command = 'x'\ncommand = 'y'\n", `b:3:1: `},
		{web + "command = 'x'\ncwd = '../elsewhere'\n", `b:3:7: processes.web.cwd leads out of the workspace: "../elsewhere"; only the user's own configuration may do that`},
		{"[engine]\nsocket = '/tmp/x.sock'\n", `b:2:1: engine.socket may only be set in the user's own configuration or by a flag: a workspace is somebody else's`},
		{"[logs]\nbudget = '64 mb'\n", `b:2:10: logs.budget: want a size like 64MiB, not "64 mb"`},
		{"[logs]\nbudget = '1KiB'\n", `b:2:10: logs.budget can't be 1KiB: it must be from 1MiB to 64GiB`},
		{web + "command = 'x'\nready = { http = 'localhost:3000' }\n", `b:3:18: processes.web.ready.http can't be "localhost:3000": write a URL like 'http://localhost:3000/health'`},
		{web + "command = 'x'\nready = { log = '(' }\n", "b:3:17: processes.web.ready.log: error parsing regexp: missing closing ): `(`"},
		{web + "command = 'x'\nnice = 40\n", `b:3:8: processes.web.nice can't be 40: it must be from -20 to 19`},
		{web + "command = 'x'\nscript = 'npm:dev'\n", `b:3:10: processes.web has both command and script: one of them is enough`},
		{"processes.web = 'x'\n", `b:1:17: processes.web is a string, but must be a table: write [processes.web]`},
		{"[processes.'a#1']\ncommand = 'x'\n", `b:1:12: a process can't be called "a#1": a # numbers replicas, and blanks around a name can't be seen`},
	} {
		_, issues := merge(t, "b", tc.text)
		got := strings.Join(issues, "\n")
		if got != tc.want && !(strings.HasSuffix(tc.want, ": ") && strings.HasPrefix(got, tc.want)) {
			t.Errorf("%s-want +got:\n%s", tc.text, cmp.Diff(tc.want, got))
		}
	}
}

// TestRanges: an editor underlines what is wrong, and nothing else. In each text
// that is between « and ».
func TestRanges(t *testing.T) {
	for _, marked := range []string{
		"[processes.web]\n«comand» = 'x'\ncommand = 'y'\n",
		"[processes.«web»]\nreplicas = 2\n",
		"[processes.web]\ncommand = 'x'\nreplicas = «'3'» # three\n",
		"processes.web = { command = 'x', «\"é\"» = 1 }\n",
		"[processes.web]\ncommand = 'x'\nenv = { 'Ä' = 'ä', PORT = «3000» }\n",
		"[processes.web]\ncommand = 'x'\nrestart = «[\n  'always',\n]»\n",
		"[processes.web]\ncommand = 'x'\nready = { http = «'localhost'», log = 'x' }\n",
		"[processes.web]\ncommand = 'x'\ndependsOn = «{ db = 'ready' }»\n",
		"[processes.web]\ncommand = 'x'\nenv_file = ['.env', «5»]\n",
		"[processes.web]\ncommand = 'x«»\nreplicas = 2\n",
		"[logs]\nbudget = «'''\n1KiB'''»\n",
	} {
		text := strings.NewReplacer("«", "", "»", "").Replace(marked)
		l, issue := Parse("b", ".", false, []byte(text))
		var issues []Issue
		if issue != nil {
			issues = []Issue{*issue}
		} else if _, issues = Merge([]Layer{l}); len(issues) != 1 {
			t.Errorf("%s: %v", text, issues)
			continue
		}
		if got := mark(text, issues[0].Span); got != marked {
			t.Errorf("%s: -want +got:\n%s", issues[0].Message, cmp.Diff(marked, got))
		}
	}
}

// mark puts « and » around a span.
func mark(text string, s document.Span) string {
	lines := strings.SplitAfter(text, "\n")
	put := func(at document.Place, sign string) {
		line := []rune(lines[at.Line-1])
		lines[at.Line-1] = string(line[:at.Column-1]) + sign + string(line[at.Column-1:])
	}
	put(s.End, "»") // first, as it may be on the same line
	put(s.Place, "«")
	return strings.Join(lines, "")
}

// TestPrecedence: a later layer wins key by key, and it is known whose each is.
func TestPrecedence(t *testing.T) {
	m, issues := merge(t,
		"user", "[logs]\nbudget = '8MiB'\nmaxLine = '2KiB'\n[engine]\nsocket = 'off'\n[processes.web]\ncommand = 'mine'\nenv = { A = 'user', B = 'user' }\n",
		"brummer.toml", "[logs]\nbudget = '16MiB'\n[processes.web]\nenv = { B = 'root' }\ndependsOn = ['db']\n[processes.db]\ncommand = ['pg', '-D', 'x']\ncwd = 'data'\n",
		"apps/api/brummer.toml", "[processes.db]\nenv_file = '.env'\n[processes.api]\ncommand = 'go run .'\nenv_file = ['.env', '../shared.env']\n",
	)
	if issues != nil {
		t.Fatal(issues)
	}
	web, db, api := m.Processes.Find("web"), m.Processes.Find("db"), m.Processes.Find("api")
	if m.Logs.Budget != 16<<20 || m.Logs.MaxLine != 2<<10 || m.Engine.Socket != "off" {
		t.Errorf("%+v, %+v", m.Logs, m.Engine)
	}
	if web.Command.Shell != "mine" || !cmp.Equal(web.Env, map[string]string{"A": "user", "B": "root"}) || web.Cwd != "." {
		t.Errorf("web: %+v", web)
	}
	if !cmp.Equal(db.Command.Args, []string{"pg", "-D", "x"}) || db.Cwd != "data" || !cmp.Equal(db.EnvFile, []string{"apps/api/.env"}) {
		t.Errorf("db: %+v", db)
	}
	if api.Cwd != "apps/api" || !cmp.Equal(api.EnvFile, []string{"apps/api/.env", "apps/shared.env"}) || api.File != "apps/api/brummer.toml" {
		t.Errorf("api: %+v", api)
	}
	for path, want := range map[string]Origin{
		"logs.maxLine":          {File: "user", Span: document.Span{Place: document.Place{Line: 3, Column: 11}}},
		"logs.budget":           {File: "brummer.toml", Span: document.Span{Place: document.Place{Line: 2, Column: 10}}},
		"processes.web.env.B":   {File: "brummer.toml", Span: document.Span{Place: document.Place{Line: 4, Column: 13}}},
		"processes.web.command": {File: "user", Span: document.Span{Place: document.Place{Line: 7, Column: 11}}},
	} {
		got := m.Origins[path]
		if got.Value == nil {
			t.Errorf("%s has no value", path)
		}
		if got.File != want.File || got.Place != want.Place {
			t.Errorf("%s comes from %v, want %v", path, got, want)
		}
	}
}

// TestEveryForm: the forms that a key may have.
func TestEveryForm(t *testing.T) {
	m, issues := merge(t, "b", `
[processes.a]
command = 'x'
restart = { when = 'always', limit = 3, delay = '1s' }
ready = { log = 'up', port = 0, timeout = '2m' }
live = { exec = ['true'], failures = 5 }
stop = { signal = 'INT', grace = '10s' }
watch = { paths = ['src/**'], delay = '1s', cascade = true }
[processes.b]
command = 'y'
restart = 'onFailure'
watch = 'src/*.go'
dependsOn = 'a'
replicas = 2
`)
	if issues != nil {
		t.Fatal(issues)
	}
	a, b := m.Processes.Find("a"), m.Processes.Find("b")
	if a.Restart != (Restart{When: "always", Limit: 3, Delay: time.Second}) || *a.Ready.Port != 0 || a.Live.Exec.Args[0] != "true" || a.Stop.Grace != 10*time.Second || !a.Watch.Cascade {
		t.Errorf("%+v", a)
	}
	if b.Restart.When != "onFailure" || b.Watch.Paths[0] != "src/*.go" || b.DependsOn[0] != (Dependency{"a", "ready"}) || b.Replicas != 2 {
		t.Errorf("%+v", b)
	}
}

func TestNestedSaysOnlyProcesses(t *testing.T) {
	_, issues := merge(t, "apps/x/brummer.toml", "[logs]\nbudget = '2MiB'\n")
	want := []string{"apps/x/brummer.toml:1:2: [logs] may only be in the brummer.toml of the workspace's root: this one is in apps/x"}
	if diff := cmp.Diff(want, issues); diff != "" {
		t.Error(diff)
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]Size{"0": 0, "17": 17, "64KiB": 64 << 10, "64 KB": 64 << 10, "1GiB": 1 << 30, "5B": 5} {
		if got, err := ParseSize(text); got != want || err != nil {
			t.Errorf("%s is %d, %v", text, got, err)
		}
	}
	for _, s := range []Size{0, 17, 64 << 10, 3 << 20, 1 << 30} {
		if back, err := ParseSize(s.String()); back != s || err != nil {
			t.Errorf("%d is written %s and read as %d, %v", s, s, back, err)
		}
	}
}

func FuzzMerge(f *testing.F) {
	f.Add([]byte("[processes.a]\ncommand = 'x'\ndependsOn = {b = 'ready'}\n[processes.b]\ncommand = ['y']\ndependsOn = 'a'\n[logs]\nbudget = '1MiB'\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, issue := Parse("brummer.toml", ".", false, data)
		if issue != nil {
			return
		}
		m, issues := Merge([]Layer{l})
		count := strings.Count(string(data), "\n") + 2
		for _, i := range issues {
			if i.Line < 1 || i.Line > count || i.Message == "" || i.File == "" {
				t.Errorf("issue %+v", i)
			}
		}
		if len(issues) > 0 {
			return
		}
		for _, p := range m.Processes {
			if p.Script == "" && p.Command.Shell == "" && len(p.Command.Args) == 0 {
				t.Errorf("%s has no command", p.Name)
			}
		}
	})
}
