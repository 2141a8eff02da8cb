package editor

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
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
	body  []byte   // the last message read that was not in the buffer as a whole
	ready [][]byte // admitted requests in it that have not been passed on yet
	taken int      // how many of them have
	room  []byte   // of the results of prompt calls

	handler front.Handler   // nil: there are no prompt calls
	ctx     context.Context // the handlers'
	hangUp  func()          // ends ctx
	ended   <-chan struct{} // the session is over

	gone atomic.Bool // a write has failed: nobody reads any more

	mu      sync.Mutex // one frame is written at a time
	buf     []byte
	scratch []byte // the library's own form of a message

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

// serve says who answers the prompt calls. It must be called before the first read.
func (s *stream) serve(ctx context.Context, hangUp func(), h front.Handler) {
	s.handler, s.ctx, s.hangUp, s.ended = h, ctx, hangUp, h.Ended()
	s.gate.Prompt = h.Prompt
}

// ReadFrame returns the next request that the gate has let through, which is good
// until the next call. Those that are prompt it answers itself. At the end of input it hangs up, and returns only when all
// calls have been answered or a second has gone.
func (s *stream) ReadFrame(context.Context) ([]byte, int64, error) {
	for s.taken == len(s.ready) {
		body, err := s.readBody()
		switch {
		case errors.Is(err, errSkipped):
			continue
		case err != nil:
			return nil, 0, s.endInput(err)
		}
		admitted := s.gate.Admit(s.ready[:0], body)
		s.ready, s.taken = admitted.Requests, 0
		if admitted.Prompt != nil {
			s.respond(admitted.Prompt)
		}
		if admitted.Reply != nil {
			s.write(admitted.Reply)
		}
	}
	frame := s.ready[s.taken]
	s.taken++
	return frame, int64(len(frame)), nil
}

// respond has a prompt call handled and answers it.
func (s *stream) respond(c *front.Call) {
	c.Request.Room = s.room
	result, failure := s.handler.Handle(s.ctx, &c.Request)
	if cap(result) <= maxKept {
		s.room = result
	}
	var answers front.Answers
	s.writeFrame(func(dst []byte) []byte {
		dst, answers = s.gate.Respond(dst, c, result, failure)
		return dst
	})
	s.gate.Written(answers)
}

func (s *stream) readBody() ([]byte, error) {
	if done(s.ended) || done(s.closed) {
		return nil, io.EOF
	}
	length, ok := s.plainHeader()
	if !ok {
		var err error
		if length, err = s.readHeader(); err != nil {
			return nil, err
		}
	}
	if length <= s.in.Buffered() { // which the next read overwrites, and not before
		body, err := s.in.Peek(length)
		s.in.Discard(length)
		return body, err
	}
	if cap(s.body) > maxKept {
		s.body = nil
	}
	s.body = slices.Grow(s.body[:0], length)[:length]
	if _, err := io.ReadFull(s.in, s.body); err != nil {
		return nil, err
	}
	return s.body, nil
}

func done(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
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

// plainHeader reads a header as clients write it: the length, and nothing else. Any
// other is left where it is, for readHeader.
func (s *stream) plainHeader() (length int, ok bool) {
	if _, err := s.in.Peek(1); err != nil {
		return 0, false
	}
	b, _ := s.in.Peek(min(s.in.Buffered(), len(head)))
	digits, ok := bytes.CutPrefix(b, plainLength)
	if !ok {
		return 0, false
	}
	n := 0
	for ; n < len(digits) && '0' <= digits[n] && digits[n] <= '9' && length <= front.MaxMessage; n++ {
		length = 10*length + int(digits[n]-'0')
	}
	if n == 0 || length > front.MaxMessage || !bytes.HasPrefix(digits[n:], endOfHeader) {
		return 0, false
	}
	s.in.Discard(len(plainLength) + n + len(endOfHeader))
	return length, true
}

var plainLength, endOfHeader = []byte("Content-Length: "), []byte("\r\n\r\n")

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
		if len(line) == 0 && first {
			continue // blank lines between messages do no harm
		}
		first = false
		name, value, ok := bytes.Cut(line, []byte(":"))
		name = bytes.TrimSpace(name)
		switch {
		case len(line) == 0 && length >= 0:
			return length, nil
		case len(line) == 0:
			return 0, s.skip("the header has no Content-Length")
		case !ok, length < 0 && !isFieldName(name):
			return 0, s.skip("a header line must be a name, a colon and a value")
		case bytes.EqualFold(name, contentLength):
			n, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 64)
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

var contentLength = []byte("content-length")

// isFieldName reports whether a header field can be called so: letters, digits
// and hyphens, as all that are in use. JSON, which has colons too, is none.
func isFieldName(name []byte) bool {
	return len(name) > 0 && !bytes.ContainsFunc(name, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
	})
}

// readLine returns a line without its end, good until the next read. Over-long
// lines are cut: they are no header of ours.
func (s *stream) readLine() ([]byte, error) {
	var long []byte
	for {
		part, err := s.in.ReadSlice('\n')
		switch {
		case err == nil && long == nil:
			return bytes.TrimRight(part, "\r\n"), nil
		case err == nil:
			return bytes.TrimRight(long, "\r\n"), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			if len(long)+len(part) > 0 && errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		case long == nil:
			long = bytes.Clone(part[:min(len(part), maxHeader)])
		}
	}
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
		if len(line) == 0 {
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

// WriteFrame writes a message that is already encoded, or what the gate has in its
// place.
func (s *stream) WriteFrame(_ context.Context, message []byte) (int64, error) {
	return s.writeAnswer(func() []byte { return message })
}

// Write implements [jsonrpc2.Stream].
func (s *stream) Write(_ context.Context, m jsonrpc2.Message) (int64, error) {
	return s.writeAnswer(func() []byte {
		s.scratch = jsonrpc2.AppendMessage(s.scratch[:0], m)
		return s.scratch
	})
}

// writeAnswer writes the library's message, which is made under the lock.
func (s *stream) writeAnswer(message func() []byte) (int64, error) {
	var answers front.Answers
	n, err := s.writeFrame(func(dst []byte) []byte {
		dst, answers = s.gate.Outgoing(dst, message())
		return dst
	})
	s.gate.Written(answers)
	return n, err
}

func (s *stream) notify(method string, params []byte) error {
	_, err := s.writeFrame(func(dst []byte) []byte { return front.Notification(dst, method, params) })
	return err
}

func (s *stream) write(message []byte) (int64, error) {
	return s.writeFrame(func(dst []byte) []byte { return append(dst, message...) })
}

// head is as long as a header can be; the message is appended behind it, and the
// header put right before the message.
const head = "Content-Length: 2147483647\r\n\r\n"

// writeFrame frames what body appends and writes it in one piece; nil is nothing.
func (s *stream) writeFrame(body func(dst []byte) []byte) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	frame := body(append(s.buf[:0], head...))
	if frame == nil {
		return 0, nil
	}
	s.buf = frame
	var digits [20]byte
	length := strconv.AppendInt(digits[:0], int64(len(frame)-len(head)), 10)
	start := len(head) - len("Content-Length: ") - len(length) - len("\r\n\r\n")
	copy(frame[start+copy(frame[start:], "Content-Length: "):], length)
	n, err := s.out.Write(frame[start:])
	if err != nil {
		s.gone.Store(true)
		s.hangUp()
	}
	if cap(s.buf) > maxKept {
		s.buf = nil
	}
	return int64(n), err
}

// maxKept is the largest buffer that is kept for the next message.
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

// Close implements [jsonrpc2.Stream].
func (s *stream) Close() error {
	s.closing.Do(func() {
		close(s.closed)
		s.out.Close()
	})
	return nil
}
