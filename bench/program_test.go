package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// buildProgram builds brummer-rpc once per run, as `make build` does.
var buildProgram = sync.OnceValues(func() (string, error) {
	var err error
	if programDir, err = os.MkdirTemp("", "brummer-bench"); err != nil {
		return "", err
	}
	path := filepath.Join(programDir, "brummer-rpc")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", path, "../cmd/brummer-rpc")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// programDir is where the program is built; "" if no benchmark has asked for it.
var programDir string

func TestMain(m *testing.M) {
	if name := os.Getenv(childMark); name != "" {
		children[name]()
		return
	}
	code := m.Run()
	if programDir != "" {
		os.RemoveAll(programDir)
	}
	os.Exit(code)
}

// childMark says which of children this binary is to be: yardsticks in a process
// of their own.
const childMark = "BRUMMER_BENCH_CHILD"

// children are filled in by the files that need one.
var children = map[string]func(){}

func child(b *testing.B, name string, env ...string) *exec.Cmd {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childMark+"="+name), env...)
	return cmd
}

// peer is the other end of a conversation: a program on its stdin and stdout, or an
// engine on its socket.
type peer struct {
	b      *testing.B
	cmd    *exec.Cmd // nil without one
	in     io.WriteCloser
	stdout io.Closer
	out    *bufio.Reader
	buf    []byte
}

// spawn starts the program; it ends with the benchmark.
func spawn(b *testing.B, cmd *exec.Cmd) *peer {
	b.Helper()
	p := spawnOnly(b, cmd)
	b.Cleanup(p.end)
	return p
}

// end hangs up and waits for the program.
func (p *peer) end() {
	p.in.Close()
	io.Copy(io.Discard, p.out)
	p.cmd.Wait()
	p.stdout.Close()
}

// spawnOnly starts a program that the caller ends.
func spawnOnly(b *testing.B, cmd *exec.Cmd) *peer {
	b.Helper()
	stdin, in, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	out, stdout, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	stdin.Close()
	stdout.Close()
	return &peer{b: b, cmd: cmd, in: in, stdout: out, out: bufio.NewReaderSize(out, 64<<10)}
}

// program spawns brummer-rpc with an engine of its own in an empty workspace.
func program(b *testing.B, args ...string) *peer {
	b.Helper()
	path, err := buildProgram()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(path, append([]string{"--socket=off"}, args...)...)
	cmd.Dir = b.TempDir()
	return spawn(b, cmd)
}

func frame(body string) []byte {
	return fmt.Appendf(nil, "Content-Length: %d\r\n\r\n%s", len(body), body)
}

// call sends a frame and returns the body of the next one that comes, in p.buf.
func (p *peer) call(frame []byte) []byte {
	p.send(frame)
	return p.receive()
}

func (p *peer) send(frame []byte) {
	if _, err := p.in.Write(frame); err != nil {
		p.b.Fatal(err)
	}
}

// receive reads one frame. It allocates nothing once buf has grown.
func (p *peer) receive() []byte {
	body, err := p.tryReceive()
	if err != nil {
		p.b.Fatal(err)
	}
	return body
}

func (p *peer) tryReceive() ([]byte, error) {
	line, err := p.out.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	n := 0
	for _, c := range line[len("Content-Length: ") : len(line)-2] {
		n = 10*n + int(c-'0')
	}
	if _, err := p.out.Discard(2); err != nil {
		return nil, err
	}
	p.buf = slices.Grow(p.buf[:0], n)[:n]
	_, err = io.ReadFull(p.out, p.buf)
	return p.buf, err
}

// until receives up to the answer with an id.
func (p *peer) until(id int) []byte {
	mark := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,`, id)
	for {
		if body := p.receive(); strings.HasPrefix(string(body), mark) {
			return body
		}
	}
}

// open initializes a session that is told nothing unasked.
func (p *peer) open() {
	p.b.Helper()
	for id, m := range []string{`"initialize","params":{"capabilities":{}}`, `"session/watch","params":{"topics":[]}`} {
		p.send(frame(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%s}`, id+1, m)))
		p.until(id + 1)
	}
}

// percentile of durations in nanoseconds; it sorts them.
func percentile(times []time.Duration, p float64) float64 {
	slices.Sort(times)
	return float64(times[min(len(times)-1, int(p*float64(len(times))))].Nanoseconds())
}
