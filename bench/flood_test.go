package bench

import (
	"bufio"
	"bytes"
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
// with a client that gets every line, each without detection ("stored") and with it
// ("detected"). cat does the same work without us: it writes the file into a pipe,
// and another one reads it. cpu-ms is of all processes together, but for the client.
// If it grew, a noisy build would cost its user a core.
//
// The least that can be is the child's cat, the reads and one copy: about what cat
// costs twice over.
func BenchmarkFlood(b *testing.B) {
	file := floodFile(b)
	program, err := buildProgram()
	if err != nil {
		b.Fatal(err)
	}
	const subscribe = `{"jsonrpc":"2.0","id":1,"method":"logs/subscribe","params":{"format":"columns","window":0}}` + "\n"
	for _, how := range []struct{ name, first, detection string }{
		{"stored", "", "off"},
		{"detected", "", "on"},
		{"stored-followed", subscribe, "off"},
		{"detected-followed", subscribe, "on"},
	} {
		b.Run(how.name+"/brummer", func(b *testing.B) {
			flooding(b, func() *exec.Cmd { return floodCommand(b, program, file, how.first, how.detection) })
		})
		b.Run(how.name+"/cat", func(b *testing.B) {
			flooding(b, func() *exec.Cmd { return exec.Command("sh", "-c", `cat "$0" | cat >/dev/null`, file) })
		})
	}
}

// BenchmarkFloodDetection is what detection adds to the flood, against a look at each
// of its bytes in a table. If it grew, looking at lines would cost more than having
// them.
func BenchmarkFloodDetection(b *testing.B) {
	file := floodFile(b)
	program, err := buildProgram()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("brummer", func(b *testing.B) {
		var more time.Duration
		for b.Loop() {
			with, _, _ := floodOnce(b, floodCommand(b, program, file, "", "on"))
			without, _, _ := floodOnce(b, floodCommand(b, program, file, "", "off"))
			more += with - without
		}
		b.ReportMetric(float64(more.Milliseconds())/float64(b.N), "cpu-ms")
	})
	b.Run("table", func(b *testing.B) {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		before := spent(b)
		for b.Loop() {
			for line := range bytes.Lines(text) {
				tableSink += lookUp(line)
			}
		}
		b.ReportMetric(float64((spent(b)-before).Milliseconds())/float64(b.N), "cpu-ms")
	})
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
func floodCommand(b *testing.B, program, file, first, detection string) *exec.Cmd {
	cmd := exec.Command(program, "--socket=off", "--root", b.TempDir(), "--log-budget", fmt.Sprint(32<<20), "--detection", detection)
	cmd.Stdin = strings.NewReader(first + fmt.Sprintf(`{"jsonrpc":"2.0","id":2,"method":"process/start","params":{"name":"flood","command":["cat",%q]}}`, file) + "\n" +
		`{"jsonrpc":"2.0","id":3,"method":"process/wait","params":{"id":"flood"}}` + "\n")
	return cmd
}

func flooding(b *testing.B, command func() *exec.Cmd) {
	b.Helper()
	var cpu time.Duration
	var rss, out int64
	for b.Loop() {
		used, n, most := floodOnce(b, command())
		cpu += used
		out += n
		rss = max(rss, most)
	}
	b.ReportMetric(float64(cpu.Milliseconds())/float64(b.N), "cpu-ms")
	b.ReportMetric(float64(out)/float64(b.N)/1e6, "MB-out")
	if rss > 0 {
		b.ReportMetric(float64(rss)/(1<<20), "rss-MiB")
	}
}

// floodOnce runs the command to its end, and returns its processor time, how many
// bytes it has written and its peak of memory.
func floodOnce(b *testing.B, cmd *exec.Cmd) (cpu time.Duration, out, rss int64) {
	b.Helper()
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	if out, err = io.Copy(io.Discard, stdout); err != nil {
		b.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), out, peak(cmd.ProcessState)
}
