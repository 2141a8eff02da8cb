package procfs

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Stat is one process at one moment: fields of /proc/PID/stat, see proc(5).
type Stat struct {
	PID     int
	Name    string // of the executable, cut to 15 bytes
	State   byte   // R, S, D (waits and can't be interrupted), T (stopped), Z (zombie), ...
	Parent  int
	Group   int
	Session int
	User    uint64 // clock ticks spent in user mode, children's not counted
	System  uint64 // clock ticks spent in the kernel, children's not counted
	Start   uint64 // clock ticks from the system's start to the process's
	RSS     uint64 // resident pages
}

// Dead reports whether the process has ended and is only kept for its parent.
func (s *Stat) Dead() bool { return s.State == 'Z' || s.State == 'X' }

// ReadStat reads /proc/PID/stat. The error is [os.ErrNotExist] if there is no
// such process.
func ReadStat(pid int) (Stat, error) {
	var room [1024]byte
	line, err := readInto(room[:], path(pid, "/stat"))
	if err != nil {
		return Stat{}, err
	}
	return parseStat(line)
}

var errStat = errors.New("procfs: this is no line of /proc/PID/stat")

// parseStat takes the line apart. The name stands in parentheses and may have
// parentheses and spaces of its own, so the last one ends it.
func parseStat(line []byte) (Stat, error) {
	open, end := bytes.IndexByte(line, '('), bytes.LastIndexByte(line, ')')
	if open < 1 || end < open || end+2 > len(line) {
		return Stat{}, errStat
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(line[:open])))
	fields := bytes.Fields(line[end+1:])
	if err != nil || len(fields) < 22 || len(fields[0]) != 1 {
		return Stat{}, errStat
	}
	s := Stat{PID: pid, Name: string(line[open+1 : end]), State: fields[0][0]}
	// field returns field n as proc(5) counts them: the state is field 3.
	field := func(n int) uint64 {
		v, e := strconv.ParseInt(string(fields[n-3]), 10, 64)
		if e != nil {
			err = errStat
		}
		return uint64(v)
	}
	s.Parent, s.Group, s.Session = int(field(4)), int(field(5)), int(field(6))
	s.User, s.System = field(14), field(15)
	s.Start, s.RSS = field(22), field(24)
	return s, err
}

// Children appends the pids of a process's children to dst. The kernel keeps
// them by the thread that has started or adopted them. A child that is being
// collected during the reading may hide another one (proc(5)), so who must not
// miss one looks twice. A process that is gone has none.
func Children(dst []int, pid int) []int {
	var room [4096]byte
	for _, t := range threads(pid) {
		list, err := readInto(room[:], path(pid, "/task/"+t+"/children"))
		if err != nil {
			continue // the thread has ended
		}
		for _, f := range bytes.Fields(list) {
			if child, err := strconv.Atoi(string(f)); err == nil {
				dst = append(dst, child)
			}
		}
	}
	return dst
}

func threads(pid int) (names []string) {
	fd, err := open(path(pid, "/task"), unix.O_DIRECTORY)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	var room [4096]byte
	for {
		n, err := unix.ReadDirent(fd, room[:])
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n <= 0 {
			return names
		}
		_, _, names = unix.ParseDirent(room[:n], -1, names)
	}
}

// Env returns the value of a variable in the environment that a process's
// program was started with; ok is false if it has none, or may not be looked at.
func Env(pid int, key string) (value string, ok bool) {
	all, err := os.ReadFile(path(pid, "/environ"))
	if err != nil {
		return "", false
	}
	for len(all) > 0 {
		entry, rest, _ := bytes.Cut(all, []byte{0})
		all = rest
		if v, found := bytes.CutPrefix(entry, []byte(key+"=")); found {
			value, ok = string(v), true // the last one counts, as in exec
		}
	}
	return value, ok
}

// Command is a process's command line for people, at most 200 bytes of it.
func Command(pid int) string {
	var room [200]byte
	f, err := os.Open(path(pid, "/cmdline"))
	if err != nil {
		return "?"
	}
	defer f.Close()
	n, _ := f.Read(room[:])
	text := strings.TrimSpace(strings.ReplaceAll(string(room[:n]), "\x00", " "))
	if text == "" { // it has ended, or belongs to the kernel
		if s, err := ReadStat(pid); err == nil {
			text = "[" + s.Name + "]"
		}
	}
	return strings.ToValidUTF8(text, "\ufffd")
}

func path(pid int, rest string) string { return "/proc/" + strconv.Itoa(pid) + rest }

// readInto reads a file into room, or into more if it does not fit.
func readInto(room []byte, name string) ([]byte, error) {
	fd, err := open(name, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	n := 0
	for {
		m, err := unix.Read(fd, room[n:])
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case m > 0:
			n += m
		case n > 0:
			return room[:n], nil
		case err != nil:
			return nil, err
		default:
			return nil, io.EOF
		}
		if n == len(room) {
			room = append(room, make([]byte, len(room))...)
		}
	}
}

// open opens a file of the kernel's. An [os.File] would be announced to the poller,
// in vain and with six system calls more, and a look at all processes is made of
// hundreds of these.
func open(name string, flags int) (fd int, err error) {
	for {
		fd, err = unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC|flags, 0)
		if !errors.Is(err, unix.EINTR) {
			return fd, err
		}
	}
}
