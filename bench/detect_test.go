package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
)

// cleanLines are what dev servers print all day: nothing is found in them.
var cleanLines = []string{
	"GET /api/items?page=2 200 in 12ms",
	"10:20:30 INF request completed method=GET path=/health status=200 duration=3",
	"2026-11-23T09:05:35.239Z info: cache warmed with 512 entries for tenant acme, next run at midnight",
	"\x1b[90m10:20:30\x1b[39m \x1b[36m[vite]\x1b[39m \x1b[2msrc/App.tsx changed, 3 modules\x1b[22m",
	`{"level":30,"time":1795424734863,"pid":4242,"hostname":"devbox","msg":"request completed"}`,
	"the quick brown fox jumps over the lazy dog and runs into the woods again and again",
	"[api] user 4711 logged in from the mobile app and has 3 items in the cart",
	"   sending the newsletter of november to 12 subscribers, the next batch follows",
}

// BenchmarkDetect is what looking at a line costs, for lines in which nothing is
// found and for the captures of real tools, most of which are failures. The
// yardstick looks each byte up in a table and does nothing else: no look at all
// bytes is cheaper. If it grew, every line that a process writes would.
func BenchmarkDetect(b *testing.B) {
	for _, set := range []struct {
		name  string
		lines [][]byte
	}{{"clean", recordsOf(cleanLines)}, {"corpus", captures(b)}} {
		b.Run("lines="+set.name+"/brummer", func(b *testing.B) { detecting(b, set.lines, nil) })
		b.Run("lines="+set.name+"/table", func(b *testing.B) { tableLoop(b, set.lines) })
	}
}

// BenchmarkDetectMatchers is what a hundred matchers of the user's cost on lines
// that none of them is about.
func BenchmarkDetectMatchers(b *testing.B) {
	var files []string
	for i := range 100 {
		files = append(files, fmt.Sprintf(`{"owner":"m%d","pattern":{"regexp":"^TOOL%d: (.*):(\\d+): (.*)$","file":1,"line":2,"message":3}}`, i, i))
	}
	rules, errs := diagnose.Load([]diagnose.File{{Name: "bench", Data: []byte("[" + strings.Join(files, ",") + "]")}})
	if len(errs) > 0 {
		b.Fatal(errs)
	}
	lines := recordsOf(cleanLines)
	b.Run("matchers=100/brummer", func(b *testing.B) { detecting(b, lines, rules) })
	b.Run("matchers=100/none", func(b *testing.B) { detecting(b, lines, nil) })
}

// BenchmarkDetectLong is what the longest lines cost a byte, plain, with a colour for
// each character, and full of what the matchers look for, against the same bytes in
// lines of 1 KiB: whatever a program writes, the cost must stay linear.
func BenchmarkDetectLong(b *testing.B) {
	plain := bytes.Repeat([]byte("lorem ipsum (dolor) sit: amet "), 64<<10/30)
	coloured := bytes.Repeat([]byte("\x1b[38;5;12mx\x1b[0m"), 64<<10/15)
	signs := bytes.Repeat([]byte("level= a.go:1:2: error: 3 failed, at line 3 in (b "), 64<<10/50)
	for _, text := range []struct {
		name string
		raw  []byte
	}{{"plain", plain}, {"coloured", coloured}, {"signs", signs}} {
		b.Run("text="+text.name+"/brummer", func(b *testing.B) { detecting(b, [][]byte{text.raw}, nil) })
		b.Run("text="+text.name+"/short", func(b *testing.B) { detecting(b, pieces(text.raw, 1020), nil) })
	}
}

// detecting runs lines through what a process's stream runs through, but for the
// log.
func detecting(b *testing.B, lines [][]byte, rules *diagnose.Rules) {
	scanner, stream := detect.Scanner{Literals: rules.Literals()}, diagnose.NewStream(rules)
	at := uint64(0)
	best := bestRound(b, lines, func() {
		for _, raw := range lines {
			at++
			l, _ := scanner.Record(raw, false)
			stream.Line(l, at)
		}
		stream.Take(func(string, diagnose.Finding) {})
	})
	perLine(b, best, lines)
}

// bestRound is bestOf for one look at all lines, so many of which are timed together
// that the clock costs nothing beside them.
func bestRound(b *testing.B, lines [][]byte, look func()) time.Duration {
	rounds := 1 + 1000/len(lines)
	return bestOf(b, func() {
		for range rounds {
			look()
		}
	}) / time.Duration(rounds)
}

func perLine(b *testing.B, op time.Duration, lines [][]byte) {
	n := 0
	for _, l := range lines {
		n += len(l)
	}
	perOp := float64(op.Nanoseconds())
	b.ReportMetric(perOp/float64(len(lines)), "ns/line")
	b.ReportMetric(perOp/float64(n), "ns/byte")
}

var tableSink int

func tableLoop(b *testing.B, lines [][]byte) {
	best := bestRound(b, lines, func() {
		n := 0
		for _, raw := range lines {
			n += lookUp(raw)
		}
		tableSink += n
	})
	perLine(b, best, lines)
}

var byteTable = func() (t [256]uint8) { t[':'] = 1; return t }()

// lookUp is the yardstick. It is a function of its own because the compiler keeps
// the variables of a loop over b.Loop in memory, which made each byte wait for the
// sum's store: three times as long as it takes, but not on every machine.
//
//go:noinline
func lookUp(raw []byte) (n int) {
	for _, c := range raw {
		n += int(byteTable[c])
	}
	return n
}

func recordsOf(text []string) (lines [][]byte) {
	for _, s := range text {
		lines = append(lines, []byte(s+"\n"))
	}
	return lines
}

func captures(b *testing.B) (lines [][]byte) {
	files, err := filepath.Glob("../engine/diagnose/testdata/corpus/*.log")
	if err != nil || len(files) == 0 {
		b.Fatal("no captures", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		lines = append(lines, bytes.SplitAfter(data, []byte("\n"))...)
	}
	return lines
}

func pieces(b []byte, n int) (out [][]byte) {
	for len(b) > n {
		out = append(out, b[:n])
		b = b[n:]
	}
	return append(out, b)
}
