//go:build unix

package process

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// wrap puts what sets the umask and the niceness before a command. The shell and
// nice(1) replace themselves by the command, so the process stays the same one.
// Setting both from here would reach the engine's own threads, or come too late
// for what the command starts first.
func (s *Spec) wrap(argv []string) []string {
	var script strings.Builder
	if s.Umask != nil {
		fmt.Fprintf(&script, "umask %03o; ", *s.Umask)
	}
	script.WriteString("exec ")
	if s.Nice != 0 {
		fmt.Fprintf(&script, "nice -n %d ", s.Nice)
	}
	if s.Umask == nil && s.Nice == 0 {
		return argv
	}
	return append([]string{"/bin/sh", "-c", script.String() + `"$0" "$@"`}, argv...)
}

// checkWrap refuses what nice(1) would only complain about.
func checkWrap(s *Spec) error {
	if s.Nice >= 0 || os.Geteuid() == 0 {
		return nil
	}
	now, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err == nil && niceOf(now)+s.Nice < lowestNice() {
		return &SpecError{"nice", fmt.Sprintf("can't be %d: only root may raise a process's priority", s.Nice)}
	}
	return nil
}
