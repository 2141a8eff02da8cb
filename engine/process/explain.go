package process

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// explain says what the system's refusal to start something means, and what can
// be done about it.
func explain(err error, l *guard.Launch) error {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err
	}
	switch errno {
	case syscall.E2BIG:
		return fmt.Errorf("its arguments and environment are too long: %d arguments of %d bytes and %d variables of %d bytes (%w)",
			len(l.Args), total(l.Args), len(l.Env), total(l.Env), errno)
	case syscall.ENOEXEC:
		return fmt.Errorf("%s is no program for this system; a script begins with #! and its interpreter (%w)", l.Path, errno)
	case syscall.ENOENT:
		if interpreter := interpreterOf(l.Path); interpreter != "" {
			return fmt.Errorf("the interpreter that %s names, %s, does not exist", l.Path, interpreter)
		}
	}
	return spawnReason(err)
}

// spawnReason explains what can go wrong with anything that is started.
func spawnReason(err error) error {
	switch {
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return fmt.Errorf("too many files are open: stop something, or raise the limit with ulimit -n (%w)", err)
	case errors.Is(err, syscall.EAGAIN):
		return fmt.Errorf("the limit of processes is reached: stop something, or raise it with ulimit -u (%w)", err)
	case errors.Is(err, syscall.ENOMEM):
		return fmt.Errorf("there is not enough memory (%w)", err)
	}
	return err
}

func total(list []string) (bytes int) {
	for _, s := range list {
		bytes += len(s) + 1
	}
	return bytes
}

// interpreterOf is the interpreter that a script names, if that does not exist.
func interpreterOf(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	line, _ := bufio.NewReader(io.LimitReader(f, 256)).ReadString('\n')
	rest, script := strings.CutPrefix(line, "#!")
	words := strings.Fields(rest)
	if !script || len(words) == 0 {
		return ""
	}
	if _, err := os.Stat(words[0]); err == nil {
		return ""
	}
	return words[0]
}
