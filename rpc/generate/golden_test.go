package generate

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the generated files")

const root = "../.."

// TestGenerated: the generated files of the repository are what the table, the
// shapes and the transcripts make.
func TestGenerated(t *testing.T) {
	files, err := Files(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(root, filepath.FromSlash(name))
		if *update {
			write(t, path, files[name])
		}
		have, err := os.ReadFile(path)
		if diff := cmp.Diff(string(have), string(files[name])); err != nil || diff != "" {
			t.Errorf("%s is not what `make generate` writes (%v): -there +generated:\n%s", name, err, diff)
		}
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}
