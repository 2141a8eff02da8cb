package front

import (
	"bytes"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// MaxCalls is how many calls of one client may wait for their answers.
const MaxCalls = 4096

// Gate keeps the rules of the envelope for one connection and knows its calls in
// flight. It is safe for concurrent use.
type Gate struct {
	// Prompt, if it is set, chooses calls that the front handles and answers before
	// it reads on, without its library; see [Handler.Prompt].
	Prompt func(method, params []byte) string

	prompt Call // the one that is being handled

	mu       sync.Mutex
	calls    map[ID]*Call
	unsent   int           // calls whose answer has not been written
	answered chan struct{} // closed when unsent falls to 0; nil if nobody waits
}

// NewGate returns a gate with nothing in flight.
func NewGate() *Gate { return &Gate{calls: map[ID]*Call{}} }

// Answers are what a frame answers, for [Gate.Written].
type Answers struct {
	Count int      // calls, but that a batch counts as one
	after []func() // see Call.After
}

// batch collects the answers to the members of one array.
type batch struct {
	open    int // members not yet answered
	answers [][]byte
	after   []func()
}

// Admitted is what has come of a frame.
type Admitted struct {
	Requests [][]byte // for the library, each a message of its own that is well-formed and nothing else, perhaps in the frame's memory
	Prompt   *Call    // to be handled and answered at once, see [Gate.Prompt]; nil: there is none
	Reply    []byte   // to send back at once; nil: nothing
}

// Admit checks one frame. It appends the requests in it to requests.
func (g *Gate) Admit(requests [][]byte, frame []byte) Admitted {
	frame = bytes.Trim(frame, " \t\r\n") // TrimSpace would take spaces that are not JSON's
	if !utf8.Valid(frame) {
		return Admitted{requests, nil, unreadable("the message is not valid UTF-8")}
	}
	if len(frame) > 0 && frame[0] == '[' {
		return g.admitBatch(requests, frame)
	}
	e, ok := parseEnvelope(frame)
	if !ok {
		return Admitted{requests, nil, unreadable(notJSON)}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	request, prompt, reply := g.admit(e, nil)
	if request != nil {
		requests = append(requests, request)
	}
	return Admitted{requests, prompt, reply}
}

const notJSON = "the message is not valid JSON"

func unreadable(problem string) []byte {
	return Response(nil, nil, &wire.Error{Code: wire.ParseError, Message: problem})
}

func (g *Gate) admitBatch(requests [][]byte, frame []byte) Admitted {
	members, ok := parseBatch(frame)
	if !ok {
		return Admitted{requests, nil, unreadable(notJSON)}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(members) == 0 {
		return Admitted{requests, nil, Response(nil, nil, invalid("the batch is empty"))}
	}
	b := &batch{}
	for _, m := range members {
		e, _ := parseEnvelope(m)
		request, _, reply := g.admit(e, b)
		if request != nil {
			requests = append(requests, request)
		}
		if reply != nil {
			b.answers = append(b.answers, reply)
		}
	}
	if b.open == 0 && len(b.answers) > 0 {
		return Admitted{requests, nil, b.frame()}
	}
	return Admitted{Requests: requests}
}

// admit checks one message. It returns it in its plainest form, or as a call to be
// handled at once, or the answer to it, or nothing if it is to be ignored.
func (g *Gate) admit(e envelope, b *batch) (request []byte, prompt *Call, reply []byte) {
	if !e.object {
		return nil, nil, Response(nil, nil, invalid("a message must be an object"))
	}
	if e.response && e.method == nil {
		return nil, nil, nil // nobody has asked: answering an answer could go on for ever
	}
	id, valid := ParseID(e.id)
	reject := func(err *wire.Error) ([]byte, *Call, []byte) {
		if !valid {
			return nil, nil, Response(nil, nil, err)
		}
		return nil, nil, Response(e.id, nil, err)
	}
	switch {
	case e.id != nil && !isNull(e.id) && !valid:
		return reject(invalid("the id must be a string or a whole number"))
	case string(text(e.version)) != "2.0":
		return reject(invalid(`the message has no "jsonrpc":"2.0"`))
	case len(text(e.method)) == 0:
		return reject(invalid("the message has no method"))
	case e.params != nil && !isNull(e.params) && e.params[0] != '{' && e.params[0] != '[':
		return reject(invalid("params must be an object"))
	case !valid:
		if string(text(e.method)) == cancelMethod {
			g.cancel(e.params)
		}
		return e.plain(nil), nil, nil
	case g.calls[id] != nil:
		return reject(invalid("a call with the id " + string(e.id) + " is still in flight"))
	case g.unsent >= MaxCalls:
		return reject(&wire.Error{
			Code: wire.RequestFailed, Message: "too many calls wait for their answers: the limit is " + strconv.Itoa(MaxCalls),
			Data: wire.ErrorData{Kind: "limit.tooLarge"},
		})
	}
	g.unsent++
	if b == nil {
		if prompt := g.promptCall(id, e); prompt != nil {
			return nil, prompt, nil
		}
	} else {
		b.open++
	}
	c := &Call{id: id, batch: b, gate: g}
	c.raw = append(c.short[:0], e.id...)
	g.calls[id] = c
	return e.plain(e.id), nil, nil
}

// cancelMethod is LSP's notification that a call is no longer wanted.
const cancelMethod = "$/cancelRequest"

// cancel ends the call that a $/cancelRequest names. It is done as the message is
// read: later, the id may be another call's.
func (g *Gate) cancel(params []byte) {
	e, _ := parseEnvelope(params)
	id, ok := ParseID(e.id)
	if c := g.calls[id]; ok && c != nil {
		c.cancelLocked()
	}
}

func invalid(message string) *wire.Error {
	return &wire.Error{Code: wire.InvalidRequest, Message: message}
}

// plain is a request with no members but its own.
func (e *envelope) plain(id []byte) []byte {
	if !e.untidy && (id == nil) == (e.id == nil) {
		return e.message
	}
	dst := make([]byte, 0, 48+len(id)+len(e.method)+len(e.params))
	dst = append(dst, `{"jsonrpc":"2.0"`...)
	if id != nil {
		dst = append(append(dst, `,"id":`...), id...)
	}
	dst = append(append(dst, `,"method":`...), e.method...)
	if e.params != nil {
		dst = append(append(dst, `,"params":`...), e.params...)
	}
	return append(dst, '}')
}

// responsePrefix is how both libraries begin a response, and nothing else.
const responsePrefix = `{"jsonrpc":"2.0","id":`

// Response is a response message; id is its raw token, nil for null.
func Response(id, result []byte, err *wire.Error) []byte {
	return appendResponse(nil, id, result, err)
}

func appendResponse(dst, id, result []byte, err *wire.Error) []byte {
	dst = append(slices.Grow(dst, len(responsePrefix)+len(id)+len(result)+24), responsePrefix...)
	if id == nil {
		id = []byte("null")
	}
	dst = append(dst, id...)
	if err != nil {
		dst = err.AppendJSON(append(dst, `,"error":`...))
	} else {
		if result == nil {
			result = []byte("null")
		}
		dst = append(append(dst, `,"result":`...), result...)
	}
	return append(dst, '}')
}

// Notification is a notification message, appended to dst.
func Notification(dst []byte, method string, params []byte) []byte {
	dst = slices.Grow(dst, len(method)+len(params)+48)
	dst = wire.AppendString(append(dst, `{"jsonrpc":"2.0","method":`...), method)
	dst = append(append(dst, `,"params":`...), params...)
	return append(dst, '}')
}

// Outgoing takes a message that the library wants to send and appends the message
// to write in its place to dst; it returns nil if that is part of a batch that is
// not complete. When the frame has been written, or could not be, the front calls
// [Gate.Written] with answers.
func (g *Gate) Outgoing(dst, message []byte) (frame []byte, answers Answers) {
	if !bytes.HasPrefix(message, []byte(responsePrefix)) {
		return append(dst, message...), Answers{}
	}
	s := scanner{message, len(responsePrefix)}
	id, _ := ParseID(s.value(1))
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.calls[id]
	if c == nil {
		return append(dst, message...), Answers{}
	}
	delete(g.calls, id)
	if c.batch == nil {
		return c.appendAnswer(dst, message), Answers{1, c.after}
	}
	b := c.batch
	b.answers = append(b.answers, c.appendAnswer(nil, message))
	b.after = append(b.after, c.after...)
	if b.open--; b.open > 0 {
		g.unsent--
		return nil, Answers{}
	}
	return append(dst, b.frame()...), Answers{1, b.after}
}

func (b *batch) frame() []byte {
	frame := append([]byte{'['}, bytes.Join(b.answers, []byte(","))...)
	return append(frame, ']')
}

// Written notes that answers have left, and does what was to follow them.
func (g *Gate) Written(answers Answers) {
	for _, f := range answers.after {
		f()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.unsent -= answers.Count
	if g.unsent == 0 && g.answered != nil {
		close(g.answered)
		g.answered = nil
	}
}

// Answered returns a channel that is closed once no call is in flight. The
// caller must have stopped calling Admit.
func (g *Gate) Answered() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.unsent == 0 {
		done := make(chan struct{})
		close(done)
		return done
	}
	if g.answered == nil {
		g.answered = make(chan struct{})
	}
	return g.answered
}

// Find returns the call in flight with this id token, nil if there is none.
func (g *Gate) Find(token []byte) *Call {
	id, ok := ParseID(token)
	if !ok {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls[id]
}

// FindID returns the call in flight with this id, nil if there is none.
func (g *Gate) FindID(id ID) *Call {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls[id]
}
