package outfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func write(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// workspace is a folder that is not below the one for temporary files.
func workspace(t *testing.T) (root, outside string) {
	t.Helper()
	dir := t.TempDir()
	root, outside = filepath.Join(dir, "root"), filepath.Join(dir, "outside")
	temp := filepath.Join(dir, "temp")
	for _, d := range []string{root, outside, temp} {
		if err := os.Mkdir(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TMPDIR", temp)
	return root, outside
}

func TestWrite(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("TMPDIR is not what names the folder there")
	}
	root, outside := workspace(t)
	if err := os.Symlink(outside, filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "x"), filepath.Join(root, "name")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path      string
		overwrite bool
		reason    string
	}{
		{"a.txt", false, ""},
		{"a.txt", false, "it exists; overwrite: true replaces it"},
		{"a.txt", true, ""},
		{filepath.Join(root, "b.txt"), false, ""},
		{filepath.Join(os.TempDir(), "c.txt"), false, ""},
		{"../outside/d.txt", false, "neither in the workspace"},
		{filepath.Join(outside, "d.txt"), true, "neither in the workspace"},
		{"link/d.txt", false, "neither in the workspace"},
		{"name", true, "no regular file"},
		{"no/such/folder.txt", false, "its folder can't be used: no such file or directory"},
		{".", true, "it is a folder"},
		{"", false, "no path"},
		{"a\x00b", false, "no path"},
	} {
		where, err := Write(root, c.path, c.overwrite, write(c.path))
		if c.reason != "" {
			var pe *PathError
			if !errors.As(err, &pe) || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("%q: %v, want %s", c.path, err, c.reason)
			}
			continue
		}
		if got, _ := os.ReadFile(where); err != nil || string(got) != c.path {
			t.Errorf("%q: %v, %s has %q", c.path, err, where, got)
		}
	}
	if entries, _ := os.ReadDir(outside); len(entries) > 0 {
		t.Errorf("%v were written outside", entries)
	}
}

// TestNothingHalf: what fails leaves no file, and the old one as it was.
func TestNothingHalf(t *testing.T) {
	root, _ := workspace(t)
	if err := os.WriteFile(filepath.Join(root, "a"), []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	_, err := Write(root, "a", true, func(w io.Writer) error {
		io.WriteString(w, strings.Repeat("x", 1<<20))
		return broken
	})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
	entries, _ := os.ReadDir(root)
	if got, _ := os.ReadFile(filepath.Join(root, "a")); len(entries) != 1 || string(got) != "old" {
		t.Errorf("%v, %q", entries, got)
	}
}
