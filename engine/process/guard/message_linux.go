package guard

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard/vfork"
)

// Operations of a request. Start is followed by three descriptors and a launch,
// reap by a pid.
const (
	opStart = iota + 1
	opReap
)

// maxLaunch bounds a message in bytes. The kernel takes at most 6 MiB of
// arguments and environment (fs/exec.c: three quarters of _STK_LIM).
const maxLaunch = 8 << 20

// A message is a head of 12 bytes, which are the operation, the turn and the length of
// the rest, and the rest. Numbers are little endian. There is no message back: what the
// guard says is in an [vfork.Answer].
const headSize = 12

func encode(op int, turn int32, body []byte) []byte {
	b := make([]byte, 0, headSize+len(body))
	for _, n := range []int{op, int(turn), len(body)} {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return append(b, body...)
}

// encodeLaunch makes the body of a start of a launch: a flag, the number of
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
	b := make([]byte, 0, size)
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

// decodeLaunch is the inverse, without the files. The command points into b.
func decodeLaunch(b []byte) (*vfork.Command, error) {
	if len(b) < 8 || len(b) > 8 && b[len(b)-1] != 0 {
		return nil, errMessage
	}
	tty, args := binary.LittleEndian.Uint32(b) != 0, int64(binary.LittleEndian.Uint32(b[4:]))
	var words []*byte
	for rest := b[8:]; len(rest) > 0; rest = rest[bytes.IndexByte(rest, 0)+1:] {
		words = append(words, &rest[0])
	}
	if int64(len(words)) < 2+args {
		return nil, errMessage
	}
	return &vfork.Command{
		Path: words[0], Dir: words[1], TTY: tty,
		Args: append(slices.Clip(words[2:2+args]), nil), Env: append(words[2+args:], nil),
	}, nil
}

// wire is one end of the connection for requests. It is read and written by
// system calls that block: a start waits for little else, and the runtime's poller
// would add its own latency, twice on each side.
type wire int

// send writes bytes, with descriptors at the first of them.
func (w wire) send(b []byte, fds ...int) error {
	var control []byte
	if len(fds) > 0 {
		control = unix.UnixRights(fds...)
	}
	for len(b) > 0 {
		n, err := unix.SendmsgN(int(w), b, control, nil, unix.MSG_NOSIGNAL)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return err
		}
		b, control = b[n:], nil
	}
	return nil
}

// Read implements io.Reader.
func (w wire) Read(b []byte) (int, error) {
	for {
		n, err := unix.Read(int(w), b)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 0, err
		case n == 0 && len(b) > 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

// message is a request as the guard gets it.
type message struct {
	op   int
	turn int32
	body []byte
	fds  []int // to be closed by who gets the message
}

// receive reads a message into room, or into more if it does not fit. The engine
// waits for each answer, so there is never more than one.
func (w wire) receive(room []byte) (message, error) {
	control := make([]byte, unix.CmsgSpace(3*4))
	n, m, err := 0, 0, error(unix.EINTR)
	for errors.Is(err, unix.EINTR) {
		n, m, _, _, err = unix.Recvmsg(int(w), room, control, unix.MSG_CMSG_CLOEXEC)
	}
	if err == nil && n == 0 {
		err = io.EOF
	}
	if err != nil {
		return message{}, err
	}
	r := message{fds: rights(control[:m])}
	if n < headSize {
		return r, errMessage // a head is never sent in parts: it is smaller than any buffer of the kernel
	}
	size := int(binary.LittleEndian.Uint32(room[8:]))
	if size > maxLaunch || n > headSize+size {
		return r, fmt.Errorf("%w: %d bytes", errMessage, size)
	}
	r.op, r.turn, r.body = int(binary.LittleEndian.Uint32(room)), int32(binary.LittleEndian.Uint32(room[4:])), room[headSize:n]
	if rest := size - len(r.body); rest > 0 {
		r.body = append(make([]byte, 0, size), r.body...)[:size]
		_, err = io.ReadFull(w, r.body[size-rest:])
	}
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
