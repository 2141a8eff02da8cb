package guard

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Operations of a request. Start is followed by three descriptors and a launch,
// reap by a pid.
const (
	opStart = iota + 1
	opReap
)

// Operations of a reply: started and reaped answer requests, in their order;
// exited comes between them.
const (
	opStarted = iota + 1 // with a pid, or an error number
	opReaped             // with a status as wait4 gives it
	opExited
)

// maxLaunch bounds a message in bytes. The kernel takes at most 6 MiB of
// arguments and environment (fs/exec.c: three quarters of _STK_LIM).
const maxLaunch = 8 << 20

// A request is a head of 8 bytes, its operation and the length of the rest, and
// the rest. Numbers are little endian.
const headSize = 8

func appendHead(b []byte, op, size int) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(op))
	return binary.LittleEndian.AppendUint32(b, uint32(size))
}

// encodeLaunch makes a start request of a launch: a flag, the number of
// arguments, then all strings, each ended by a NUL, which none of them can have.
func encodeLaunch(l *Launch) ([]byte, error) {
	size := 8 + len(l.Path) + len(l.Dir) + 2 + len(l.Args) + len(l.Env)
	for _, s := range l.Args {
		size += len(s)
	}
	for _, s := range l.Env {
		size += len(s)
	}
	if size > maxLaunch {
		return nil, syscall.E2BIG
	}
	b := appendHead(make([]byte, 0, headSize+size), opStart, size)
	tty := uint32(0)
	if l.TTY {
		tty = 1
	}
	b = binary.LittleEndian.AppendUint32(b, tty)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(l.Args)))
	for _, list := range [][]string{{l.Path, l.Dir}, l.Args, l.Env} {
		for _, s := range list {
			if strings.IndexByte(s, 0) >= 0 {
				return nil, syscall.EINVAL
			}
			b = append(append(b, s...), 0)
		}
	}
	return b, nil
}

var errMessage = errors.New("guard: a message that is none")

// decodeLaunch is the inverse, without the files.
func decodeLaunch(b []byte) (*Launch, error) {
	if len(b) < 8 || len(b) > 8 && b[len(b)-1] != 0 {
		return nil, errMessage
	}
	l := &Launch{TTY: binary.LittleEndian.Uint32(b) != 0}
	args := int64(binary.LittleEndian.Uint32(b[4:]))
	words := strings.Split(string(b[8:]), "\x00")
	words = words[:len(words)-1]
	if int64(len(words)) < 2+args {
		return nil, errMessage
	}
	l.Path, l.Dir = words[0], words[1]
	l.Args, l.Env = words[2:2+args], words[2+args:]
	return l, nil
}

// reply is one message of the guard.
type reply struct {
	op    uint32
	pid   int32
	value uint32 // an error number or a status
}

const replySize = 12

func (r reply) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, r.op)
	b = binary.LittleEndian.AppendUint32(b, uint32(r.pid))
	return binary.LittleEndian.AppendUint32(b, r.value)
}

func readReply(r io.Reader) (reply, error) {
	var b [replySize]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return reply{}, err
	}
	le := binary.LittleEndian
	return reply{le.Uint32(b[:]), int32(le.Uint32(b[4:])), le.Uint32(b[8:])}, nil
}

// send writes a message, with descriptors at its first byte. The files become
// blocking, as a process expects of its streams: Fd sees to that.
func send(conn *net.UnixConn, b []byte, files []*os.File) error {
	var rights []byte
	if len(files) > 0 {
		fds := make([]int, len(files))
		for i, f := range files {
			fds[i] = int(f.Fd())
		}
		rights = unix.UnixRights(fds...)
	}
	n, _, err := conn.WriteMsgUnix(b, rights, nil)
	if err == nil && n < len(b) {
		_, err = conn.Write(b[n:])
	}
	return err
}

// request is a message of the engine.
type request struct {
	op   int
	body []byte
	fds  []int // to be closed by who gets the request
}

// receive reads a request. Heads are read alone, so that descriptors, which come
// with the first byte of a message, can't come with the end of another.
func receive(conn *net.UnixConn) (request, error) {
	var head [headSize]byte
	room := make([]byte, unix.CmsgSpace(3*4))
	n, m, _, _, err := conn.ReadMsgUnix(head[:], room)
	if err != nil {
		return request{}, err
	}
	if n == 0 {
		return request{}, io.EOF
	}
	r := request{fds: rights(room[:m])}
	if _, err := io.ReadFull(conn, head[n:]); err != nil {
		return r, err
	}
	size := binary.LittleEndian.Uint32(head[4:])
	if size > maxLaunch {
		return r, fmt.Errorf("%w: %d bytes", errMessage, size)
	}
	r.op, r.body = int(binary.LittleEndian.Uint32(head[:])), make([]byte, size)
	_, err = io.ReadFull(conn, r.body)
	return r, err
}

// rights are the descriptors in a control message. The kernel leaves out those
// that it has no room for.
func rights(control []byte) (fds []int) {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return nil
	}
	for i := range messages {
		got, _ := unix.ParseUnixRights(&messages[i])
		fds = append(fds, got...)
	}
	return fds
}
