package outfile

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// TestDiskFull runs in a process of its own that may write a mebibyte, which is
// what a full disk is to it: the error is said, and no half file stays.
func TestDiskFull(t *testing.T) {
	if root := os.Getenv("OUTFILE_ROOT"); root != "" {
		fillDisk(t, root)
		return
	}
	root, _ := workspace(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestDiskFull$")
	cmd.Env = append(os.Environ(), "OUTFILE_ROOT="+root)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v were left, %v", entries, err)
	}
	if got, _ := os.ReadFile(root + "/old"); string(got) != "old" {
		t.Errorf("the old file has %q", got)
	}
}

func fillDisk(t *testing.T, root string) {
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(root+"/old", []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"new", "old"} {
		_, err := Write(root, name, true, func(w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(make([]byte, 4<<20)))
			return err
		})
		var pe *PathError
		if !errors.As(err, &pe) || !strings.Contains(err.Error(), "file too large") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
