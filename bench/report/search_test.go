package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const searchRun = `
BenchmarkSearch/start/rg-2 	 100	 3500000 ns/op
BenchmarkSearch/lines=1M/rare/brummer-2 	 100	 6000000 ns/op	 20 hits
BenchmarkSearch/lines=1M/rare/brummer-2 	 100	 8000000 ns/op	 20 hits
BenchmarkSearch/lines=1M/rare/brummer-2 	 100	 7000000 ns/op	 20 hits
BenchmarkSearch/lines=1M/rare/rg-2 	 10	 11000000 ns/op
BenchmarkSearchAgain/lines=1M/rare/arriving/brummer-2 	 10	 99 ns/op	 2000 p50-ns
BenchmarkSearchAgain/lines=1M/rare/count/brummer-2 	 10	 99 ns/op	 3.25 cache-KiB
BenchmarkAppendHeap/batch=600/brummer-2 	 10	 99 ns/op	 1.11 heap/text
BenchmarkSearch/lines=10k/absent/brummer-2 	 100	 60000 ns/op
`

func TestWriteSearch(t *testing.T) {
	dir := t.TempDir()
	o := Options{Run: filepath.Join(dir, "run"), Out: filepath.Join(dir, "out"), Machine: "a machine"}
	if err := os.WriteFile(o.Run, []byte(searchRun), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteSearch(o); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"on a machine", "3.5 ms of ripgrep's time is its start",
		"\n| absent | 60 us | | | | | | | | | |\n", "\n| rare | 7 ms | | 99 ns | 2 us | 3.2 KiB | | | 11 ms | | |\n",
		"\n| cold, few hits: ripgrep's time | 1M | rare: 0.64 | 0.50 | **missed** |\n",
		"\n| a text in what took the seed 24 ms | 10k | absent: 60 us | 80 us | met |\n",
		"\n| a page while lines arrive, median | 1M | rare: 2 us | 2 us | met |\n",
		"takes 1.11 bytes of the heap",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Index(string(text), "## 10k") > strings.Index(string(text), "## 1M") {
		t.Error("the larger number of lines comes first")
	}
}
