//go:build unix

package process

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestLookPath: to find a program no folder of PATH is read that does not have it,
// only to tell what somebody may have meant.
func TestLookPath(t *testing.T) {
	many, has := t.TempDir(), t.TempDir()
	for i := range 300 {
		program(t, filepath.Join(many, fmt.Sprintf("other%d", i)))
	}
	program(t, filepath.Join(has, "program"))
	path := many + string(filepath.ListSeparator) + has
	if got, err := lookPath("program", "/", path); err != nil || got != filepath.Join(has, "program") {
		t.Errorf("%q, %v", got, err)
	}
	if n := testing.AllocsPerRun(10, func() { lookPath("program", "/", path) }); n > 30 {
		t.Errorf("%v allocations", n)
	}
	for name, want := range map[string]string{
		"prgram":            `there is no program "prgram" in PATH; did you mean program?`,
		has + "/prgram":     "the program " + has + "/prgram does not exist; did you mean program?",
		"./" + "nothing":    "the program /nothing does not exist",
		many + "/other0/in": "stat " + many + "/other0/in: not a directory",
	} {
		if _, err := lookPath(name, "/", path); err == nil || err.Error() != want {
			t.Errorf("%s: %v; want %s", name, err, want)
		}
	}
}

func program(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o755); err != nil {
		t.Fatal(err)
	}
}
