package diagnose

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// unsifted runs f as if no entry of a table had needs: every one is asked about
// every line.
func unsifted(f func()) {
	tests, builds := testSieve, buildSieve
	defer func() { testSieve, buildSieve = tests, builds }()
	testSieve, buildSieve = newSieve(make([]needs, len(testFormats))), newSieve(make([]needs, len(buildMarks)))
	f()
}

// sameUnsifted fails the test if the sieve hides something in raw.
func sameUnsifted(t *testing.T, raw []byte) {
	sifted := everything(raw)
	var all []byte
	unsifted(func() { all = everything(raw) })
	if bytes.Equal(sifted, all) {
		return
	}
	got, want := bytes.Split(sifted, []byte("\n")), bytes.Split(all, []byte("\n"))
	for i := range want {
		if i >= len(got) || !bytes.Equal(got[i], want[i]) {
			t.Fatalf("an entry of a table is not asked about a line that it takes: its needs are incomplete.\nwithout sieve: %s\nwith it: %s", want[i], bytes.Join(got[min(i, len(got)):min(i+1, len(got))], nil))
		}
	}
	t.Fatalf("found with the sieve alone: %s", bytes.Join(got[len(want):], []byte("\n")))
}

// everything is what each line of raw is taken for, and what is found in it.
func everything(raw []byte) []byte {
	var out bytes.Buffer
	var scanner detect.Scanner
	s := NewStream(nil)
	take := func() {
		s.Take(func(tag string, f Finding) {
			out.WriteString("\t" + tag + " " + f.String() + "\n")
		})
	}
	for i, line := range bytes.SplitAfter(raw, []byte("\n")) {
		level := s.Line(scanner.Scan(line), uint64(i+1))
		out.WriteString(level.String() + " " + s.Why() + ": " + string(line))
		take()
	}
	s.Flush()
	take()
	return out.Bytes()
}

// TestSieve: no line of any capture or piece of output is hidden from the format that
// takes it.
func TestSieve(t *testing.T) {
	for _, pattern := range []string{"*/*.log", "formats/*.txt"} {
		files, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range files {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(filepath.Base(name), func(t *testing.T) { sameUnsifted(t, raw) })
		}
	}
}

// FuzzSieve: nor is any other line. The captures are its seeds.
func FuzzSieve(f *testing.F) {
	addCaptures(f)
	f.Fuzz(sameUnsifted)
}
