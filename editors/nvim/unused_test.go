package nvim

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestDeleteUnused: what nobody has used for a month goes, but for the version that is
// wanted; what is used, or not ours, stays.
func TestDeleteUnused(t *testing.T) {
	now := time.Now()
	dir := t.TempDir()
	old := now.Add(-unusedFor - time.Hour)
	age := func(name string, at time.Time) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Join(path, "plugin"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		return path
	}
	wanted := age("brummer-aaaaaaaaaaaa", old)
	unused := age("brummer-bbbbbbbbbbbb", old)
	age("brummer-cccccccccccc", now.Add(-unusedFor+time.Hour))
	age("brummer-dddddddddddd-mine", old)
	age("else", old)
	age(unpacking+"1", now)
	left := age(unpacking+"2", now.Add(-unpackingFor-time.Hour))
	if err := os.Symlink("else", filepath.Join(dir, "brummer-eeeeeeeeeeee")); err != nil {
		t.Skipf("links can't be made here: %v", err)
	}
	if gone := DeleteUnused(dir, wanted, now); !slices.Equal(gone, []string{left, unused}) {
		t.Errorf("%v have gone", gone)
	}
	entries, _ := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{unpacking + "1", "brummer-aaaaaaaaaaaa", "brummer-cccccccccccc", "brummer-dddddddddddd-mine", "brummer-eeeeeeeeeeee", "else"}
	if !slices.Equal(names, want) {
		t.Errorf("%v are left, want %v", names, want)
	}
	if gone := DeleteUnused(filepath.Join(dir, "nothing"), "", now); gone != nil {
		t.Errorf("of a folder that is not there: %v", gone)
	}
}

// TestUnpackIsUse: a version that is asked for is in use.
func TestUnpackIsUse(t *testing.T) {
	dir := t.TempDir()
	path, err := Unpack(dir)
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-unusedFor - time.Hour)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := Unpack(dir); err != nil {
		t.Fatal(err)
	}
	if gone := DeleteUnused(dir, "", time.Now()); gone != nil {
		t.Errorf("%v have gone", gone)
	}
}
