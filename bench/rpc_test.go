package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/jsonrpc2"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// statusCall is a call that an editor sends often, answered where it is read.
var statusCall = frame(`{"jsonrpc":"2.0","id":7,"method":"process/status","params":{"id":"web"}}`)

const startWeb = `{"jsonrpc":"2.0","id":3,"method":"process/start","params":{"name":"web","command":["sleep","600"]}}`

func init() {
	children["pingpong"] = pingPong
	children["library"] = library
	children["hello"] = hello
}

// BenchmarkTinyCall is a small call from an editor's end, over the program's
// stdin and stdout: what the panel of an editor waits for. The yardstick sends as
// many bytes there and back between the same processes, without looking at them.
// watch is a call with next to nothing in it, status one whose result has twenty
// members. library is go.lsp.dev/jsonrpc2 with a handler that does nothing.
//
// Below a microsecond of work the other end does not even fall asleep: that is what
// the yardstick is, and why a little more costs more than it takes.
func BenchmarkTinyCall(b *testing.B) {
	for name, call := range map[string][]byte{
		"watch":  frame(`{"jsonrpc":"2.0","id":7,"method":"session/watch","params":{"topics":[]}}`),
		"status": statusCall,
	} {
		answer := 0
		b.Run(name+"/brummer", func(b *testing.B) {
			p := program(b)
			p.open()
			p.send(frame(startWeb))
			p.until(3)
			answer = len(frame(string(p.call(call))))
			pingPongs(b, func() { p.call(call) })
		})
		b.Run(name+"/raw", func(b *testing.B) {
			if answer == 0 { // the other one was not run
				answer = map[string]int{"watch": 60, "status": 350}[name]
			}
			p := spawn(b, child(b, "pingpong", fmt.Sprintf("BENCH_SIZES=%d,%d", len(call), answer)))
			buf := make([]byte, answer)
			pingPongs(b, func() {
				p.send(call)
				if _, err := io.ReadFull(p.out, buf); err != nil {
					b.Fatal(err)
				}
			})
		})
		b.Run(name+"/library", func(b *testing.B) {
			p := spawn(b, child(b, "library"))
			pingPongs(b, func() { p.call(call) })
		})
	}
}

// library answers null to every call.
func library() {
	c := jsonrpc2.NewConn(jsonrpc2.NewHeaderStream(struct {
		io.Reader
		io.WriteCloser
	}{os.Stdin, os.Stdout}))
	c.Go(context.Background(), func(context.Context, *jsonrpc2.Request) (any, error) { return nil, nil })
	<-c.Done()
}

// pingPongs measures single trips; their median is what counts, as the mean of a
// busy machine is made of its pauses.
func pingPongs(b *testing.B, trip func()) {
	for range 200 { // both ends have warm caches and grown buffers
		trip()
	}
	times := make([]time.Duration, 0, 1<<20)
	for b.Loop() {
		begun := time.Now()
		trip()
		if len(times) < cap(times) {
			times = append(times, time.Since(begun))
		}
	}
	b.ReportMetric(percentile(times, 0.5), "p50-ns")
	b.ReportMetric(percentile(times, 0.99), "p99-ns")
}

// pingPong answers a number of bytes with another, for ever.
func pingPong() {
	in, out, _ := strings.Cut(os.Getenv("BENCH_SIZES"), ",")
	n, _ := strconv.Atoi(in)
	m, _ := strconv.Atoi(out)
	request, answer := make([]byte, n), bytes.Repeat([]byte("x"), m)
	for r := bufio.NewReaderSize(os.Stdin, 64<<10); ; {
		if _, err := io.ReadFull(r, request); err != nil {
			return
		}
		if _, err := os.Stdout.Write(answer); err != nil {
			return
		}
	}
}

// BenchmarkServeTiny is the server's side of a small call alone: both ends are in
// this process, and the client's allocates nothing, so allocs/op are the
// server's. More of them would make an editor's polling cost collections.
func BenchmarkServeTiny(b *testing.B) {
	for _, f := range []front.Framing{front.Header, front.NDJSON} {
		b.Run(f.String()+"/brummer", func(b *testing.B) {
			p := serveHere(b, f)
			call := statusCall
			if f == front.NDJSON {
				call = append(bytes.TrimSpace(call[bytes.IndexByte(call, '{'):]), '\n')
			}
			b.ReportAllocs()
			for b.Loop() {
				p.send(call)
				if f == front.Header {
					p.receive()
				} else if _, err := p.out.ReadSlice('\n'); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// serveHere serves a session with a process in this process.
func serveHere(b *testing.B, f front.Framing) *peer {
	b.Helper()
	e, err := engine.New(engine.Options{Root: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran, served := make(chan bool), make(chan bool)
	go func() { e.Run(ctx); close(ran) }()
	serverIn, in, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	out, serverOut, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	s := rpc.New(rpc.Options{Open: func(string) (*engine.Engine, error) { return e, nil }})
	go func() {
		s.ServeConn(ctx, serverIn, serverOut, front.Unknown)
		serverOut.Close()
		close(served)
	}()
	p := &peer{b: b, in: in, out: bufio.NewReaderSize(out, 64<<10)}
	b.Cleanup(func() {
		in.Close()
		io.Copy(io.Discard, p.out)
		<-served
		cancel()
		<-ran
		serverIn.Close()
		out.Close()
	})
	if f == front.Header {
		p.open()
		p.send(frame(startWeb))
		p.until(3)
		return p
	}
	p.send([]byte(startWeb + "\n"))
	if _, err := p.out.ReadSlice('\n'); err != nil {
		b.Fatal(err)
	}
	return p
}

// BenchmarkSpawn is from the spawn of the program to the answer to initialize:
// how long an editor's window waits for us. The yardstick is a Go program that
// answers its first line at once. relay is the first window of a workspace,
// whose engine has to be started too.
func BenchmarkSpawn(b *testing.B) {
	path, err := buildProgram()
	if err != nil {
		b.Fatal(err)
	}
	initialize := frame(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`)
	b.Run("private/brummer", func(b *testing.B) {
		spawns(b, func() *exec.Cmd {
			cmd := exec.Command(path, "--socket=off")
			cmd.Dir = b.TempDir()
			return cmd
		}, initialize)
	})
	b.Run("relay/brummer", func(b *testing.B) {
		runtime, err := os.MkdirTemp("", "rt") // a short path, for the socket
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { os.RemoveAll(runtime) })
		spawns(b, func() *exec.Cmd {
			cmd := exec.Command(path)
			cmd.Dir = b.TempDir()
			cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+runtime)
			return cmd
		}, initialize)
	})
	for _, name := range []string{"private", "relay"} {
		b.Run(name+"/hello", func(b *testing.B) {
			spawns(b, func() *exec.Cmd { return child(b, "hello") }, initialize)
		})
	}
}

// spawns measures spawns up to the first byte of an answer.
func spawns(b *testing.B, command func() *exec.Cmd, first []byte) {
	var times []time.Duration
	for b.Loop() {
		b.StopTimer()
		cmd := command()
		b.StartTimer()
		begun := time.Now()
		p := spawnOnly(b, cmd)
		p.send(first)
		if _, err := p.out.Peek(1); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(begun))
		b.StopTimer()
		p.end()
		b.StartTimer()
	}
	b.ReportMetric(percentile(times, 0.5), "p50-ns")
}

// hello answers the first line that it reads.
func hello() {
	bufio.NewReader(os.Stdin).ReadSlice('\n')
	os.Stdout.WriteString("hello\n")
}

// BenchmarkIdle is an engine with a client, a process and a subscription, and
// nothing to do: what it costs to leave it open all day. wakeups are voluntary
// context switches, of all its threads.
func BenchmarkIdle(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		p := program(b)
		p.open()
		p.send(frame(startWeb))
		p.until(3)
		p.send(frame(`{"jsonrpc":"2.0","id":4,"method":"logs/subscribe"}`))
		p.until(4)
		const while = 3 * time.Second
		for b.Loop() {
			time.Sleep(6 * time.Second) // what the start has set off is over: looks at ports, a collection
			before := switches(b, p.cmd.Process.Pid)
			time.Sleep(while)
			b.ReportMetric(float64(switches(b, p.cmd.Process.Pid)-before)/while.Seconds(), "wakeups/s")
			b.ReportMetric(float64(status(b, p.cmd.Process.Pid, "VmRSS"))/1024, "RSS-MiB")
		}
	})
}

// switches counts the voluntary context switches of all threads of a process.
func switches(b *testing.B, pid int) int {
	b.Helper()
	tasks, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/status")
	if err != nil || len(tasks) == 0 {
		b.Skip("needs /proc")
	}
	n := 0
	for _, file := range tasks {
		n += field(b, file, "voluntary_ctxt_switches")
	}
	return n
}

// status is one number of a process's /proc/PID/status.
func status(b *testing.B, pid int, name string) int {
	return field(b, "/proc/"+strconv.Itoa(pid)+"/status", name)
}

func field(b *testing.B, file, name string) int {
	b.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			n, _ := strconv.Atoi(strings.Fields(rest)[0])
			return n
		}
	}
	b.Fatalf("%s has no %s", file, name)
	return 0
}
