package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCommands are what scripts can do besides testscript's own commands.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	// exits CODE PROGRAM [ARG...] runs a program, as exec does, that must end
	// with this exit code.
	"exits": cmdExits,

	// json FILE PATH [VALUE] looks at the JSON in a file, or in stdout or
	// stderr. PATH is as in a.b[0].c; [id=2] is the element of a list whose
	// member id is 2, and several values in a file, as NDJSON has, are a list.
	// VALUE is JSON without spaces, or the text of a string; without it, and
	// with ! before it, the command is about the path's being there at all.
	"json": cmdJSON,

	// frame IN OUT puts Content-Length headers before the lines of a file.
	// unframe IN OUT takes them away.
	"frame":   cmdFrame,
	"unframe": cmdUnframe,

	// connect [ARG...] starts alone, with a line of JSON per message, and keeps
	// it. ask METHOD [PARAMS] sends it a call and writes the answer to the file
	// answer. await PATH VALUE METHOD [PARAMS] asks until the answer has VALUE.
	// hangup [CODE] ends its input; it must end with exit code 0 or CODE.
	"connect": cmdConnect,
	"ask":     cmdAsk,
	"await":   cmdAwait,
	"hangup":  cmdHangup,

	// take NAME FILE PATH puts what is in a file of JSON into a variable.
	"take": cmdTake,
}

// scriptSetup is what a script starts with. Its folder goes by its real name, as
// the program shows it; on some systems the folder for temporary files is a link.
func scriptSetup(env *testscript.Env) error {
	real, err := filepath.EvalSymlinks(env.WorkDir)
	env.Cd = real
	env.Setenv("WORK", real)
	env.Setenv("GORACE", "atexit_sleep_ms=0") // it costs a second for each program
	env.Values[scriptClientKey{}] = &scriptClient{env: env}
	return err
}

func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG...]")
	}
	var exit *exec.ExitError
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("the exit code is %d, not %s", code, args[0])
	}
}

func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: [!] json FILE PATH [VALUE]")
	}
	text := ts.ReadFile(args[0])
	value, err := readJSON(text)
	if err != nil {
		ts.Fatalf("%s: %v:\n%s", args[0], err, text)
	}
	got, err := followPath(value, args[1])
	holds := err == nil
	if holds && len(args) == 3 {
		if shown := showJSON(got); shown != args[2] {
			holds, err = false, fmt.Errorf("it is %s, not %s", shown, args[2])
		}
	}
	switch {
	case holds == neg && neg:
		ts.Fatalf("%s is there: %s", args[1], showJSON(got))
	case holds == neg:
		ts.Fatalf("%s: %v:\n%s", args[1], err, text)
	}
}

// readJSON reads a value, or several as a list.
func readJSON(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var list []any
	for {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) && len(list) == 1 {
			return list[0], nil
		}
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
}

// pathStep is one of: a name, [0], [name=value].
var pathStep = regexp.MustCompile(`^(?:\.?([^.\[\]]+)|\[(\d+)\]|\[([^=\]]+)=([^\]]*)\])`)

// followPath goes along a path.
func followPath(v any, path string) (any, error) {
	for rest := path; rest != ""; {
		m := pathStep.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("a path that can't be read at %q", rest)
		}
		next, ok := stepInto(v, m)
		if !ok {
			return nil, fmt.Errorf("there is no %s in %s", m[0], showJSON(v))
		}
		v, rest = next, rest[len(m[0]):]
	}
	return v, nil
}

func stepInto(v any, m []string) (any, bool) {
	object, _ := v.(map[string]any)
	list, _ := v.([]any)
	switch {
	case m[1] != "":
		member, ok := object[m[1]]
		return member, ok
	case m[2] != "":
		i, _ := strconv.Atoi(m[2])
		if i >= len(list) {
			return nil, false
		}
		return list[i], true
	}
	if object != nil {
		list = []any{object} // the only line
	}
	for _, element := range list {
		if o, ok := element.(map[string]any); ok && o[m[3]] != nil && showJSON(o[m[3]]) == m[4] {
			return element, true
		}
	}
	return nil, false
}

// showJSON writes a value as scripts do.
func showJSON(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(v)
	return strings.TrimSpace(b.String())
}

func cmdFrame(ts *testscript.TestScript, neg bool, args []string) {
	in, out := inOut(ts, neg, args, "frame")
	var b strings.Builder
	for line := range strings.Lines(in) {
		if line = strings.TrimSpace(line); line != "" {
			fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(line), line)
		}
	}
	ts.Check(os.WriteFile(out, []byte(b.String()), 0o666))
}

func cmdUnframe(ts *testscript.TestScript, neg bool, args []string) {
	in, out := inOut(ts, neg, args, "unframe")
	var b strings.Builder
	for in != "" {
		var n int
		header, rest, ok := strings.Cut(in, "\r\n\r\n")
		if _, err := fmt.Sscanf(header, "Content-Length: %d", &n); err != nil || !ok || n > len(rest) {
			ts.Fatalf("not a message with a Content-Length header: %q", in)
		}
		b.WriteString(rest[:n] + "\n")
		in = rest[n:]
	}
	ts.Check(os.WriteFile(out, []byte(b.String()), 0o666))
}

func inOut(ts *testscript.TestScript, neg bool, args []string, name string) (in, out string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: %s IN OUT", name)
	}
	return ts.ReadFile(args[0]), ts.MkAbs(args[1])
}

// scriptClient is a running program that a script talks to.
type scriptClient struct {
	env   *testscript.Env
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	err   bytes.Buffer // its stderr
	calls int
}

type scriptClientKey struct{}

// answerTime is how long an answer may take. It is not a measure of speed.
const answerTime = time.Minute

func connected(ts *testscript.TestScript) *scriptClient {
	c := ts.Value(scriptClientKey{}).(*scriptClient)
	if c.cmd == nil {
		ts.Fatalf("connect first")
	}
	return c
}

func cmdConnect(ts *testscript.TestScript, neg bool, args []string) {
	c := ts.Value(scriptClientKey{}).(*scriptClient)
	if neg || c.cmd != nil {
		ts.Fatalf("usage: connect [ARG...], once")
	}
	c.cmd = exec.Command("alone", args...)
	c.cmd.Dir, c.cmd.Env = ts.MkAbs("."), c.env.Vars
	c.cmd.Stderr = &c.err
	var err error
	c.in, err = c.cmd.StdinPipe()
	ts.Check(err)
	out, err := c.cmd.StdoutPipe()
	ts.Check(err)
	c.out = bufio.NewReader(out)
	ts.Check(c.cmd.Start())
	ts.Defer(func() { // a script that has failed still ends its processes
		c.in.Close()
		defer time.AfterFunc(answerTime, func() { c.cmd.Process.Kill() }).Stop()
		c.cmd.Wait()
	})
}

func cmdAsk(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: ask METHOD [PARAMS]")
	}
	connected(ts).ask(ts, args)
}

func cmdAwait(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || len(args) > 4 {
		ts.Fatalf("usage: await PATH VALUE METHOD [PARAMS]")
	}
	c := connected(ts)
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		answer := c.ask(ts, args[2:])
		value, err := readJSON(string(answer))
		ts.Check(err)
		if got, err := followPath(value, args[0]); err == nil && showJSON(got) == args[1] {
			return
		}
		if time.Since(begun) > answerTime {
			ts.Fatalf("the answer is still without %s %s:\n%s", args[0], args[1], answer)
		}
	}
}

func cmdTake(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: take NAME FILE PATH")
	}
	value, err := readJSON(ts.ReadFile(args[1]))
	ts.Check(err)
	got, err := followPath(value, args[2])
	ts.Check(err)
	ts.Setenv(args[0], showJSON(got))
}

// ask sends a call, given as its method and params, and returns its answer, which
// it also leaves in the file answer.
func (c *scriptClient) ask(ts *testscript.TestScript, call []string) []byte {
	c.calls++
	request := map[string]any{"jsonrpc": "2.0", "id": c.calls, "method": call[0]}
	if len(call) == 2 {
		request["params"] = json.RawMessage(call[1])
	}
	line, err := json.Marshal(request)
	ts.Check(err)
	_, err = c.in.Write(append(line, '\n'))
	ts.Check(err)
	answer := c.answer(ts)
	ts.Logf("%s", answer)
	ts.Check(os.WriteFile(ts.MkAbs("answer"), answer, 0o666))
	return answer
}

// answer reads up to the answer to the last call.
func (c *scriptClient) answer(ts *testscript.TestScript) []byte {
	defer time.AfterFunc(answerTime, func() { c.cmd.Process.Kill() }).Stop()
	for {
		line, err := c.out.ReadBytes('\n')
		if err != nil {
			ts.Fatalf("no answer: %v", err)
		}
		var head struct{ ID int }
		if json.Unmarshal(line, &head); head.ID == c.calls {
			return line
		}
	}
}

func cmdHangup(ts *testscript.TestScript, neg bool, args []string) {
	c := connected(ts)
	if neg || len(args) > 1 {
		ts.Fatalf("usage: hangup [CODE]")
	}
	want := "0"
	if len(args) == 1 {
		want = args[0]
	}
	defer time.AfterFunc(answerTime, func() { c.cmd.Process.Kill() }).Stop()
	ts.Check(c.in.Close())
	_, err := io.Copy(io.Discard, c.out)
	ts.Check(err)
	c.cmd.Wait()
	ts.Logf("%s", c.err.String())
	if code := strconv.Itoa(c.cmd.ProcessState.ExitCode()); code != want {
		ts.Fatalf("the exit code is %s, not %s", code, want)
	}
}
