package editor

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.lsp.dev/jsonrpc2"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// stream is the framing, as the library wants it, with the gate in between. Its
// ReadFrame and WriteFrame are the names by which the library finds out that it
// can read whole frames.
type stream struct {
	in    *bufio.Reader
	out   io.WriteCloser
	gate  *front.Gate
	ready [][]byte // admitted requests that have not been read yet

	hangUp func()          // ends the handlers' context
	ended  <-chan struct{} // the session is over

	gone atomic.Bool // a write has failed: nobody reads any more

	mu  sync.Mutex // one frame is written at a time
	buf []byte

	closing sync.Once
	closed  chan struct{}
}

func newStream(r io.Reader, w io.WriteCloser) *stream {
	in, ok := r.(*bufio.Reader)
	if !ok {
		in = bufio.NewReaderSize(r, 64<<10)
	}
	return &stream{in: in, out: w, gate: front.NewGate(), hangUp: func() {}, closed: make(chan struct{})}
}

// ReadFrame returns the next request that the gate has let through. At the end
// of input it hangs up, and returns only when all calls have been answered or
// a second has gone.
func (s *stream) ReadFrame(context.Context) ([]byte, int64, error) {
	for len(s.ready) == 0 {
		body, err := s.readBody()
		switch {
		case errors.Is(err, errSkipped):
			continue
		case err != nil:
			return nil, 0, s.endInput(err)
		}
		requests, reply := s.gate.Admit(body)
		if reply != nil {
			s.write(reply)
		}
		s.ready = requests
	}
	frame := s.ready[0]
	s.ready = s.ready[1:]
	return frame, int64(len(frame)), nil
}

func (s *stream) readBody() ([]byte, error) {
	select {
	case <-s.ended:
		return nil, io.EOF
	case <-s.closed:
		return nil, io.EOF
	default:
	}
	length, err := s.readHeader()
	if err != nil {
		return nil, err
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(s.in, body); err != nil {
		return nil, err
	}
	return body, nil
}

func (s *stream) endInput(err error) error {
	s.hangUp()
	select {
	case <-s.gate.Answered():
	case <-s.closed:
	case <-time.After(farewell):
	}
	return err
}

// errSkipped: a message was not readable; it has been answered and skipped.
var errSkipped = errors.New("skipped")

// maxHeader bounds one line of a header, in bytes.
const maxHeader = 4 << 10

// readHeader returns the length of the body that follows. A header that makes no
// sense is answered once, and everything up to the next Content-Length skipped,
// so that one bad frame does not end the session.
func (s *stream) readHeader() (int, error) {
	length := -1
	for first := true; ; {
		line, err := s.readLine()
		if err != nil {
			return 0, err
		}
		if line == "" && first {
			continue // blank lines between messages do no harm
		}
		first = false
		name, value, ok := strings.Cut(line, ":")
		switch {
		case line == "" && length >= 0:
			return length, nil
		case line == "":
			return 0, s.skip("the header has no Content-Length")
		case !ok, length < 0 && !isFieldName(strings.TrimSpace(name)):
			return 0, s.skip("a header line must be a name, a colon and a value")
		case strings.EqualFold(strings.TrimSpace(name), "content-length"):
			n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 64)
			if err != nil || n > maxSkip {
				return 0, s.skip("the Content-Length makes no sense")
			}
			if n > front.MaxMessage {
				return 0, s.skipBody(int(n))
			}
			length = int(n)
		}
	}
}

// isFieldName reports whether a header field can be called so: letters, digits
// and hyphens, as all that are in use. JSON, which has colons too, is none.
func isFieldName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
	})
}

// readLine returns a line without its end. Over-long lines are cut: they are
// no header of ours.
func (s *stream) readLine() (string, error) {
	var line []byte
	for {
		part, err := s.in.ReadSlice('\n')
		if len(line) < maxHeader {
			line = append(line, part...)
		}
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if len(line) > 0 && errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return "", err
		}
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

// maxSkip is the longest body that is believed and skipped; a length above is
// taken for garbage.
const maxSkip = 1 << 30

// skipBody passes over a message that is too large.
func (s *stream) skipBody(length int) error {
	for {
		line, err := s.readLine()
		if err != nil {
			return err
		}
		if line == "" {
			break
		}
	}
	if _, err := s.in.Discard(length); err != nil {
		return err
	}
	s.write(front.Response(nil, nil, &wire.Error{
		Code: wire.InvalidRequest, Message: "the message has " + strconv.Itoa(length) + " bytes: the limit is " + strconv.Itoa(front.MaxMessage),
		Data: wire.ErrorData{Kind: "limit.tooLarge"},
	}))
	return errSkipped
}

// skip answers garbage and moves to where a header may begin.
func (s *stream) skip(problem string) error {
	s.write(front.Response(nil, nil, &wire.Error{Code: wire.InvalidRequest, Message: problem}))
	const mark = "content-length:"
	for {
		b, err := s.in.Peek(len(mark))
		if err != nil {
			return err
		}
		if strings.EqualFold(string(b), mark) {
			return errSkipped
		}
		s.in.Discard(1)
	}
}

// WriteFrame writes a message that is already encoded.
func (s *stream) WriteFrame(_ context.Context, message []byte) (int64, error) {
	frame, answers := s.gate.Outgoing(message)
	if frame == nil {
		return 0, nil
	}
	defer s.gate.Written(answers)
	return s.write(frame)
}

// write frames and writes a message in one piece.
func (s *stream) write(message []byte) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf = append(s.buf[:0], "Content-Length: "...)
	s.buf = strconv.AppendInt(s.buf, int64(len(message)), 10)
	s.buf = append(s.buf, "\r\n\r\n"...)
	s.buf = append(s.buf, message...)
	n, err := s.out.Write(s.buf)
	if err != nil {
		s.gone.Store(true)
		s.hangUp()
	}
	if cap(s.buf) > maxKept {
		s.buf = nil
	}
	return int64(n), err
}

// maxKept is the largest write buffer that is kept for the next message.
const maxKept = 256 << 10

// Read implements [jsonrpc2.Stream].
func (s *stream) Read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	frame, n, err := s.ReadFrame(ctx)
	if err != nil {
		return nil, 0, err
	}
	m, err := jsonrpc2.DecodeMessage(frame)
	return m, n, err
}

// Write implements [jsonrpc2.Stream].
func (s *stream) Write(ctx context.Context, m jsonrpc2.Message) (int64, error) {
	return s.WriteFrame(ctx, jsonrpc2.AppendMessage(nil, m))
}

// Close implements [jsonrpc2.Stream].
func (s *stream) Close() error {
	s.closing.Do(func() {
		close(s.closed)
		s.out.Close()
	})
	return nil
}
