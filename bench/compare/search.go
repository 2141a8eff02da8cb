//go:build linux

package compare

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// Search is what it takes to find a text in many lines, from the start of a
// command to its end. Ours asks an engine that has the lines in memory; the others
// read the file.
type Search struct {
	Name, Version string
	Wall          time.Duration // median
	Hits          int
	Err           error
}

// Searches looks for a text in a file with each program, so many times in turn.
func Searches(binary, file, text string, runs int) []Search {
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return []Search{{Name: "brummer-rpc search", Err: err}}
	}
	defer os.RemoveAll(dir)
	engine := func(args ...string) *exec.Cmd {
		cmd := exec.Command(binary, append([]string{"--root", dir}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir)
		return cmd
	}
	defer engine("shutdown").Run()
	for _, args := range [][]string{{"start", "--name", "log", "--log-budget", "1073741824", "--", "cat", file}, {"wait", "log"}} {
		if out, err := engine(args...).CombinedOutput(); err != nil {
			return []Search{{Name: "brummer-rpc search", Err: fmt.Errorf("%w: %s", err, out)}}
		}
	}
	commands := []struct {
		name, version string
		make          func() *exec.Cmd
	}{
		{"brummer-rpc search", binary, func() *exec.Cmd { return engine("search", text, "--limit", "500") }},
		{"lnav", "lnav", func() *exec.Cmd { return exec.Command("lnav", "-n", "-c", ":filter-in "+text, file) }},
		{"rg", "rg", func() *exec.Cmd { return exec.Command("rg", text, file) }},
		{"grep", "grep", func() *exec.Cmd { return exec.Command("grep", "-F", text, file) }},
	}
	out := make([]Search, len(commands))
	times := make([][]time.Duration, len(commands))
	for range runs {
		for i, c := range commands {
			begun := time.Now()
			text, err := c.make().Output()
			times[i] = append(times[i], time.Since(begun))
			out[i].Hits, out[i].Err = bytes.Count(text, []byte("\n")), err
		}
	}
	for i, c := range commands {
		slices.Sort(times[i])
		out[i].Name, out[i].Wall = c.name, times[i][runs/2]
		out[i].Version = Rival{version: []string{c.version, "--version"}}.Version()
	}
	out[0].Version = Rival{version: []string{binary, "version"}}.Version() // it has no flag for that
	return out
}
