package diagnose

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// FuzzStream: whatever is written, what is found has a name, and is found again
// when the same is written once more. The captures are its seeds: mutations of
// them break off in the middle of every form.
func FuzzStream(f *testing.F) {
	addCaptures(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		first, again := told(t, raw), told(t, raw)
		if !bytes.Equal(first, again) {
			t.Fatalf("found at first:\n%s\nfound then:\n%s", first, again)
		}
	})
}

// addCaptures makes the captures seeds.
func addCaptures(f *testing.F) {
	for _, folder := range []string{"corpus", "unseen", "second", "third", "fourth", "fifth", "sixth", "seventh"} {
		logs, err := filepath.Glob(filepath.Join("testdata", folder, "*.log"))
		if err != nil || len(logs) == 0 {
			f.Fatal(folder, err)
		}
		for _, name := range logs {
			raw, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(raw)
		}
	}
}

// told is what is found in raw, as text.
func told(t *testing.T, raw []byte) []byte {
	var out bytes.Buffer
	var scanner detect.Scanner
	s := NewStream(nil)
	for i, line := range bytes.SplitAfter(raw, []byte("\n")) {
		s.Line(scanner.Scan(line), uint64(i+1))
	}
	s.Flush()
	s.Take(func(tag string, f Finding) {
		if p := f.Problem; p != nil && (p.File == "" || p.Line < 0 || p.Col < 0 || p.At == 0 || p.Severity == 0) {
			t.Fatalf("a problem without a place: %+v", p)
		}
		if f.Test != nil && (f.Test.Name == "" || f.Test.Status == 0) {
			t.Fatalf("a test without a name: %+v", f.Test)
		}
		if tag == "" { // of several names the order is not told
			out.WriteString(f.String() + "\n")
		}
	})
	return out.Bytes()
}
