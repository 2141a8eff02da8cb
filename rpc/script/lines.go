package script

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// maxStarting is how many requests are read ahead of the one that starts.
const maxStarting = 256

// lines is the framing, as the library wants it, with the gate in between.
type lines struct {
	in    *bufio.Reader
	out   io.WriteCloser
	gate  *front.Gate
	read  chan input
	ready [][]byte // admitted requests that have not been received yet

	starting chan struct{} // holds one for each request that has yet to start

	ctx     context.Context // of the handlers
	hangUp  func()          // ends it
	handler front.Handler

	mu  sync.Mutex // one line is written at a time
	buf []byte

	closing sync.Once
	closed  chan struct{}
}

func newLines(r io.Reader, w io.WriteCloser) *lines {
	in, ok := r.(*bufio.Reader)
	if !ok {
		in = bufio.NewReaderSize(r, 64<<10)
	}
	return &lines{
		in: in, out: w, gate: front.NewGate(),
		read: make(chan input), starting: make(chan struct{}, maxStarting),
		ctx: context.Background(), hangUp: func() {}, closed: make(chan struct{}),
	}
}

// Recv implements the library's channel: it returns the next request that the
// gate has let through, and io.EOF only once everything has been answered.
func (c *lines) Recv() ([]byte, error) {
	for len(c.ready) == 0 {
		line, err := c.nextLine()
		switch {
		case errors.Is(err, errTooLong):
			c.write(front.Response(nil, nil, tooLong()))
			continue
		case err != nil:
			return nil, c.endInput(err)
		}
		admitted := c.gate.Admit(nil, line)
		c.ready = admitted.Requests
		if admitted.Reply != nil {
			c.write(admitted.Reply)
		}
	}
	if !c.awaitStart() {
		return nil, io.EOF
	}
	message := c.ready[0]
	c.ready = c.ready[1:]
	return message, nil
}

// awaitStart holds reading back while many requests have yet to start. Those
// that wait in the middle do not count: they may wait for ever.
func (c *lines) awaitStart() bool {
	select {
	case c.starting <- struct{}{}:
		return true
	case <-c.closed:
	case <-c.ctx.Done():
	}
	return false
}

// input is what the reading goroutine hands over.
type input struct {
	line []byte
	err  error
}

// readLines reads ahead by one line, so that Recv can also wait for other
// things. It ends with the input or, if it must wait for that longer than the
// session lasts, some time after it.
func (c *lines) readLines() {
	for {
		line, err := c.readLine()
		select {
		case c.read <- input{line, err}:
		case <-c.closed:
			return
		}
		if err != nil && !errors.Is(err, errTooLong) {
			return
		}
	}
}

// nextLine waits for a line, or for the session to end.
func (c *lines) nextLine() ([]byte, error) {
	select {
	case in := <-c.read:
		return in.line, in.err
	case <-c.closed:
	case <-c.ctx.Done():
	case <-c.handler.Ended():
	}
	return nil, io.EOF
}

// endInput waits until every call is answered, lets the subscriptions send what
// they have, and passes err on. A session that is over from our side, or whose
// client reads no more, ends its calls; their answers have a second to be
// written.
func (c *lines) endInput(err error) error {
	select {
	case <-c.gate.Answered():
		c.handler.Flush(c.ctx)
		return err
	case <-c.closed:
		return err
	case <-c.ctx.Done():
	case <-c.handler.Ended():
	}
	c.hangUp()
	select {
	case <-c.gate.Answered():
	case <-c.closed:
	case <-time.After(farewell):
	}
	return err
}

// farewell is how long answers may take that are still due when the session is
// over.
const farewell = time.Second

var errTooLong = errors.New("line too long")

func tooLong() *wire.Error {
	return &wire.Error{
		Code: wire.InvalidRequest, Message: "the line is longer than " + strconv.Itoa(front.MaxMessage) + " bytes",
		Data: wire.ErrorData{Kind: "limit.tooLarge"},
	}
}

// readLine returns the next line that is not blank, with or without a newline
// behind it. A line that is too long is passed over and told by errTooLong.
func (c *lines) readLine() ([]byte, error) {
	for {
		line, err := c.readAnyLine()
		if err != nil || !blank(line) {
			return line, err
		}
	}
}

func (c *lines) readAnyLine() ([]byte, error) {
	var line []byte
	tooLong := false
	for {
		part, err := c.in.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > front.MaxMessage; tooLong {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case tooLong && (err == nil || errors.Is(err, io.EOF)):
			return nil, errTooLong
		case errors.Is(err, io.EOF) && len(line) > 0:
			return line, nil
		}
		return line, err
	}
}

func blank(line []byte) bool {
	for _, b := range line {
		if b != ' ' && b != '\t' && b != '\r' && b != '\n' {
			return false
		}
	}
	return true
}

// Send implements the library's channel.
func (c *lines) Send(message []byte) error {
	var answers front.Answers
	err := c.writeLine(func(dst []byte) []byte {
		dst, answers = c.gate.Outgoing(dst, message)
		return dst
	})
	c.gate.Written(answers)
	return err
}

func (c *lines) notify(method string, params []byte) error {
	return c.writeLine(func(dst []byte) []byte { return front.Notification(dst, method, params) })
}

func (c *lines) write(message []byte) error {
	return c.writeLine(func(dst []byte) []byte { return append(dst, message...) })
}

// writeLine writes what body appends and a newline in one piece; nil is nothing.
// What the library says to calls that it drops when it stops is not for the client.
func (c *lines) writeLine(body func(dst []byte) []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.closed:
		return io.ErrClosedPipe
	default:
	}
	line := body(c.buf[:0])
	if line == nil {
		return nil
	}
	c.buf = append(line, '\n')
	_, err := c.out.Write(c.buf)
	if err != nil {
		c.hangUp() // nobody reads any more
	}
	if cap(c.buf) > maxKept {
		c.buf = nil
	}
	return err
}

// maxKept is the largest write buffer that is kept for the next message.
const maxKept = 256 << 10

// Close implements the library's channel.
func (c *lines) Close() error {
	c.closing.Do(func() {
		close(c.closed)
		c.out.Close()
	})
	return nil
}
