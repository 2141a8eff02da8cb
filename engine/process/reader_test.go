package process

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// TestLinesAcrossReads writes lines as programs do that fill a buffer, which ends
// anywhere: no line is torn and none is joined with the next, however the writes
// fall, and the records put end to end are what was written. A record may be a part
// (the writer was not let on for a while); then its line goes on in the next one.
func TestLinesAcrossReads(t *testing.T) {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var written []byte
		for i := range 20_000 {
			written = append(strconv.AppendInt(written, int64(i), 10), bytes.Repeat([]byte("é"), rng.IntN(60))...)
			written = append(written, '\n')
		}
		written = append(written, "the end has no newline"...)
		var lineParts [][]byte // records, parts joined
		open := false
		got := readFrom(t, written, rng, func(record []byte, partial bool) {
			if open {
				last := len(lineParts) - 1
				lineParts[last] = append(lineParts[last], record...)
			} else {
				lineParts = append(lineParts, bytes.Clone(record))
			}
			open = partial
		})
		if !bytes.Equal(got, written) {
			t.Fatalf("seed %d: %d bytes written, %d other ones stored", seed, len(written), len(got))
		}
		if want := bytes.SplitAfter(written, []byte("\n")); len(lineParts) != len(want) || open {
			t.Fatalf("seed %d: %d lines of %d, the last one open: %v", seed, len(lineParts), len(want), open)
		}
		for i, line := range lineParts {
			if n := bytes.IndexByte(line, '\n'); n >= 0 && n != len(line)-1 || n < 0 && i < len(lineParts)-1 {
				t.Fatalf("seed %d: line %d is %q", seed, i, line)
			}
		}
	}
}

// readFrom lets a reader read what is written piece by piece, and returns what it
// has stored.
func readFrom(t *testing.T, written []byte, rng *rand.Rand, record func(record []byte, partial bool)) (stored []byte) {
	t.Helper()
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() { // ends when all is read, or the pipe has no reader
		defer to.Close()
		for rest := written; len(rest) > 0; {
			n := min(1+rng.IntN(9000), len(rest))
			if _, err := to.Write(rest[:n]); err != nil {
				return
			}
			rest = rest[n:]
		}
	}()
	r := &reader{file: from, cutter: lines.Cutter{Max: 64 << 10}, write: func(b lines.Batch) uint64 {
		at := uint32(0)
		for _, c := range b.Cuts {
			record(b.Data[at:c.End], c.Partial)
			at = c.End
		}
		stored = append(stored, b.Data...)
		return 1
	}}
	r.read()
	return stored
}

// TestTailIsShown: an unfinished line is shown when its writer has waited for a
// while, each time anew, whatever came before it; and a stream that is quiet with
// nothing unfinished goes on afterwards.
func TestTailIsShown(t *testing.T) {
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	records := make(chan string)
	r := &reader{file: from, cutter: lines.Cutter{Max: 64 << 10}, write: func(b lines.Batch) uint64 {
		at := uint32(0)
		for _, c := range b.Cuts {
			mark := ""
			if c.Partial {
				mark = "+"
			}
			records <- string(b.Data[at:c.End]) + mark
			at = c.End
		}
		return 1
	}}
	var reading sync.WaitGroup
	reading.Go(r.read)
	for _, step := range []struct {
		write string
		want  []string
	}{
		{"one\ntwo? ", []string{"one\n", "two? +"}},
		{"yes\nthree? ", []string{"yes\n", "three? +"}},
		{"no ", []string{"no +"}},
		{"\n", []string{"\n"}},
		{"four\n", []string{"four\n"}},
		{"five? ", []string{"five? +"}},
	} {
		if _, err := to.WriteString(step.write); err != nil {
			t.Fatal(err)
		}
		for _, want := range step.want {
			if got := <-records; got != want {
				t.Fatalf("behind %q comes %q, want %q", step.write, got, want)
			}
		}
	}
	to.Close()
	if got := <-records; got != "" { // ends the line that went on
		t.Errorf("at the end comes %q", got)
	}
	reading.Wait()
}

// TestAbandoned: a reader that is behind when it is abandoned still stores all that
// was written, and tells a file that somebody holds from one that has ended.
func TestAbandoned(t *testing.T) {
	for name, held := range map[string]bool{"held open": true, "ended": false} {
		t.Run(name, func(t *testing.T) {
			from, to, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer to.Close()
			var stored []byte
			first, goOn := make(chan struct{}), make(chan struct{})
			behind := sync.OnceFunc(func() {
				close(first)
				<-goOn
			})
			r := &reader{file: from, cutter: lines.Cutter{Max: 64 << 10}, write: func(b lines.Batch) uint64 {
				behind()
				stored = append(stored, b.Data...)
				return 1
			}}
			var reading sync.WaitGroup
			reading.Go(r.read)
			to.WriteString("one\n")
			<-first
			rest := bytes.Repeat([]byte("and more\n"), 7000) // of several reads
			to.Write(append(rest, "no newline"...))
			if !held {
				to.Close()
			}
			r.abandon()
			close(goOn)
			reading.Wait()
			if want := "one\n" + string(rest) + "no newline"; string(stored) != want || r.held != held {
				t.Errorf("%d bytes are stored of %d; held: %v", len(stored), len(want), r.held)
			}
		})
	}
}
