package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkFlood is what the program costs, from outside, for a child that writes
// two million lines of 100 bytes as fast as it can: with nobody who follows, and
// with a client that gets every line. cat does the same work without us: it
// writes the file into a pipe, and another one reads it. cpu-ms is of all
// processes together. If it grew, a noisy build would cost its user a core.
func BenchmarkFlood(b *testing.B) {
	file := floodFile(b)
	program, err := buildProgram()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("alone/brummer", func(b *testing.B) { flooding(b, func() *exec.Cmd { return floodCommand(b, program, file, "") }) })
	b.Run("followed/brummer", func(b *testing.B) {
		flooding(b, func() *exec.Cmd {
			return floodCommand(b, program, file, `{"jsonrpc":"2.0","id":1,"method":"logs/subscribe","params":{"format":"columns","window":0}}`+"\n")
		})
	})
	cat := func() *exec.Cmd { return exec.Command("sh", "-c", `cat "$0" | cat >/dev/null`, file) }
	b.Run("alone/cat", func(b *testing.B) { flooding(b, cat) })
	b.Run("followed/cat", func(b *testing.B) { flooding(b, cat) })
}

// floodFile has the lines.
func floodFile(b *testing.B) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "flood")
	f, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	pad := strings.Repeat("x", 79)
	for i := range 2_000_000 {
		fmt.Fprintf(w, "%09d %s %09d\n", i, pad, i)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return file
}

// floodCommand is the program as a script uses it: it starts the child, waits
// for its end, and ends with its input.
func floodCommand(b *testing.B, program, file, first string) *exec.Cmd {
	cmd := exec.Command(program, "--socket=off", "--root", b.TempDir(), "--log-budget", fmt.Sprint(32<<20))
	cmd.Stdin = strings.NewReader(first + fmt.Sprintf(`{"jsonrpc":"2.0","id":2,"method":"process/start","params":{"name":"flood","command":["cat",%q]}}`, file) + "\n" +
		`{"jsonrpc":"2.0","id":3,"method":"process/wait","params":{"id":"flood"}}` + "\n")
	return cmd
}

func flooding(b *testing.B, command func() *exec.Cmd) {
	b.Helper()
	var cpu time.Duration
	var rss, out int64
	for b.Loop() {
		cmd := command()
		stdout, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, stdout)
		if err != nil {
			b.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
		out += n
		cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		rss = max(rss, peak(cmd.ProcessState))
	}
	b.ReportMetric(float64(cpu.Milliseconds())/float64(b.N), "cpu-ms")
	b.ReportMetric(float64(out)/float64(b.N)/1e6, "MB-out")
	if rss > 0 {
		b.ReportMetric(float64(rss)/(1<<20), "rss-MiB")
	}
}
