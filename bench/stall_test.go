package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func init() { children["endless"] = endless }

// endlessLine is what it consists of; 64 of them are written at once.
var endlessLine = []byte(strings.Repeat("x", 99) + "\n")

// endless prints lines as fast as somebody takes them.
func endless() {
	block := bytes.Repeat(endlessLine, 64)
	for {
		if _, err := os.Stdout.Write(block); err != nil {
			return
		}
	}
}

// stallTime is how long a client does not read, in BenchmarkStalledClient. A minute
// is what the promise is about; BENCH_STALL=60s makes it one.
func stallTime(b *testing.B) time.Duration {
	d, err := time.ParseDuration(os.Getenv("BENCH_STALL"))
	if err != nil {
		d = time.Second
	}
	return d
}

// BenchmarkStalledClient is a flood with a client that has stopped reading, beside
// one without: ns/line is of the child that prints, ns/followed of another client
// that follows. If the stalled one cost them anything, somebody's debugger that is
// stopped in an editor would slow the servers that it looks at.
func BenchmarkStalledClient(b *testing.B) {
	for _, stalled := range []bool{true, false} {
		name := map[bool]string{true: "brummer", false: "without"}[stalled]
		b.Run(name, func(b *testing.B) {
			socket := engineOnSocket(b)
			control, follower := dialEngine(b, socket), dialEngine(b, socket)
			var stuck *peer
			if stalled {
				stuck = dialEngine(b, socket)
				stuck.subscribe(`{"window":0,"format":"columns"}`)
			}
			follower.subscribe(`{"format":"columns"}`)
			var followed atomic.Int64
			var done sync.WaitGroup
			done.Go(func() { follower.follow(&followed) })
			control.start("endless", child(b, "endless"))
			time.Sleep(200 * time.Millisecond) // the stuck one is stuck

			lines, mine, begun := control.head(), followed.Load(), time.Now()
			for b.Loop() {
				time.Sleep(stallTime(b))
			}
			took := time.Since(begun)
			b.ReportMetric(float64(took.Nanoseconds())/float64(control.head()-lines), "ns/line")
			b.ReportMetric(float64(took.Nanoseconds())/float64(followed.Load()-mine), "ns/followed")

			control.stop("endless")
			if stalled {
				checkOneGap(b, stuck, control.head())
			}
			follower.in.Close()
			done.Wait()
		})
	}
}

// checkOneGap has the stuck client read on, up to the last line. What was on its way
// when it got stuck may have gaps too, for no client keeps up with such a flood; but
// what it has missed while it was stuck is told in one, which is the last.
func checkOneGap(b *testing.B, stuck *peer, head int) {
	b.Helper()
	seen, largest, latest := 0, 0, 0
	for last := 0; last < head; {
		m := columnsOf(b, stuck.receive())
		if m.Gap != nil {
			largest, latest = max(largest, m.Gap.Count), m.Gap.Count
			seen += m.Gap.Count
		}
		seen += len(m.DT)
		last = m.end()
	}
	if largest == 0 || largest != latest || seen != head {
		b.Fatalf("the largest gap is %d, the last one %d; %d lines seen or told as lost, of %d", largest, latest, seen, head)
	}
}

// columns is as much of a logs/lines as is counted here.
type columns struct {
	First int
	DT    []int
	Next  string
	Batch int
	Gap   *struct{ Count int }
}

func columnsOf(b *testing.B, body []byte) columns {
	b.Helper()
	var m struct {
		Method string
		Params columns
	}
	if err := json.Unmarshal(body, &m); err != nil || m.Method != "logs/lines" {
		b.Fatalf("%.200s: %v", body, err)
	}
	return m.Params
}

// end is the number of the last line that the batch accounts for.
func (c columns) end() (n int) {
	_, number, _ := strings.Cut(c.Next, ":")
	fmt.Sscan(number, &n)
	return n
}

// follow counts the lines that come, and acknowledges them, until the connection
// ends. It looks for what it needs instead of decoding, so as not to be what is
// measured.
func (p *peer) follow(lines *atomic.Int64) {
	for {
		body, err := p.tryReceive()
		if err != nil {
			return
		}
		_, batch, _ := bytes.Cut(body, []byte(`"batch":`))
		batch, _, _ = bytes.Cut(batch, []byte(","))
		_, dt, _ := bytes.Cut(body, []byte(`"dt":[`))
		dt, _, _ = bytes.Cut(dt, []byte("]"))
		lines.Add(int64(bytes.Count(dt, []byte(",")) + 1))
		ack := frame(fmt.Sprintf(`{"jsonrpc":"2.0","method":"logs/ack","params":{"subscription":"1","batch":%s}}`, batch))
		if _, err := p.in.Write(ack); err != nil {
			return
		}
	}
}

// engineOnSocket serves an empty workspace on a socket, whose path it returns.
func engineOnSocket(b *testing.B) (socket string) {
	b.Helper()
	path, err := buildProgram()
	if err != nil {
		b.Fatal(err)
	}
	runtime, err := os.MkdirTemp("", "rt") // a short path, for the socket
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	cmd := exec.Command(path, "serve", "--root", dir)
	cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+runtime)
	words, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		os.RemoveAll(runtime)
	})
	if line, err := bufio.NewReader(words).ReadString('\n'); err != nil { // it serves
		b.Fatal(line, err)
	}
	found, err := filepath.Glob(filepath.Join(runtime, "brummer-rpc", "*.sock"))
	if err != nil || len(found) != 1 {
		b.Fatal(found, err)
	}
	return found[0]
}

// dialEngine connects to an engine as an editor does.
func dialEngine(b *testing.B, socket string) *peer {
	b.Helper()
	conn, err := net.Dial("unix", socket)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	p := &peer{b: b, in: conn, out: bufio.NewReaderSize(conn, 64<<10)}
	p.open()
	return p
}

// ask calls and returns the answer.
func (p *peer) ask(method, params string) []byte {
	p.send(frame(fmt.Sprintf(`{"jsonrpc":"2.0","id":99,"method":%q,"params":%s}`, method, params)))
	return p.until(99)
}

func (p *peer) subscribe(params string) { p.ask("logs/subscribe", params) }

// start has the engine run one of children.
func (p *peer) start(name string, cmd *exec.Cmd) {
	params, _ := json.Marshal(map[string]any{
		"name": name, "command": cmd.Args, "env": map[string]string{childMark: name},
	})
	p.ask("process/start", string(params))
}

func (p *peer) stop(name string) { p.ask("process/stop", fmt.Sprintf(`{"id":%q}`, name)) }

// head is the number of the newest line.
func (p *peer) head() int {
	var answer struct {
		Result struct{ Lines []struct{ Seq int } }
	}
	body := p.ask("logs/query", `{"tail":1}`)
	if err := json.Unmarshal(body, &answer); err != nil || len(answer.Result.Lines) != 1 {
		p.b.Fatalf("%s: %v", body, err)
	}
	return answer.Result.Lines[0].Seq
}
