package nvim

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestUnpack: the folder has all that the repository has of the plugin, once.
func TestUnpack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "cache")
	path, err := Unpack(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, top := range []string{"plugin", "lua", "ftplugin", "syntax", "doc/brummer.txt"} {
		err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			want, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			if got, err := os.ReadFile(filepath.Join(path, p)); err != nil || !bytes.Equal(want, got) {
				t.Errorf("%s: %v", p, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	again, err := Unpack(dir)
	if err != nil || again != path {
		t.Errorf("again: %s, %v", again, err)
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 1 {
		t.Errorf("%v are left", entries)
	}
}

// TestUnpackTogether: two editors that start at the same time get the same folder.
func TestUnpackTogether(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			path, err := Unpack(dir)
			if err != nil {
				t.Error(err)
			} else if _, err := os.Stat(filepath.Join(path, "doc", "tags")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%v are left", entries)
	}
}

func TestUnpackSaysWhereItCannot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Unpack(filepath.Join(file, "below")); err == nil || !strings.Contains(err.Error(), file) {
		t.Error(err)
	}
}

func TestTags(t *testing.T) {
	got := string(tags([]byte("*b.txt* words\n  x *:B-a* *a/b*\nno*tag*here | *half\n")))
	want := ":B-a\tbrummer.txt\t/*:B-a*\na/b\tbrummer.txt\t/*a\\/b*\nb.txt\tbrummer.txt\t/*b.txt*\n"
	if got != want {
		t.Errorf("got %q", got)
	}
}
