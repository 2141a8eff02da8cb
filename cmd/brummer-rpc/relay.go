package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/brummer-rpc/brummer-rpc/rpc"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// relay connects stdin and stdout with the workspace's engine, which it starts
// if there is none. It changes no byte but for the first message, to which it
// adds the environment and the folder that it was started with:
//
//	stdin  -> first message -> engine's socket    end of input: half-closed
//	stdout <---------------- engine's socket      its end: everything is done
//
// An engine that lives with its clients ends when the last one has left, and
// closes that one's connection only when its processes are gone.
func (p *program) relay(ctx context.Context, framing front.Framing) error {
	in := bufio.NewReaderSize(p.stdin, 64<<10)
	sniffed, err := front.Sniff(in)
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	case framing == front.Unknown:
		framing = sniffed
	}
	r := &relayed{p: p, in: in, header: framing == front.Header}
	if framing == front.Unknown {
		return p.serveHere(ctx, in, framing) // to say what is wrong with it
	}
	if err := r.connect(ctx); err != nil {
		r.refuse(err)
		return &codeError{code: exitLost}
	}
	defer r.conn.Close()
	p.code = r.run(ctx)
	return nil
}

// relayed is one relay under way.
type relayed struct {
	p      *program
	in     *bufio.Reader
	header bool
	first  []byte // the body of the first message, for header clients
	conn   *net.UnixConn
	life   sessionLife
}

// connect finds the root, then the engine, and sends the first message.
func (r *relayed) connect(ctx context.Context) error {
	given := r.p.flags.root
	if r.header {
		var err error
		if r.first, err = readFrame(r.in); err != nil {
			return err
		}
		if given == "" {
			given = rootOfInitialize(r.first)
		}
	}
	place, err := r.p.place(given)
	if err != nil {
		return err
	}
	hello := helloLine()
	if r.header {
		r.life.saw(r.first)
		hello = frame(withEnvironment(r.first))
	}
	for range maxMeetings {
		if r.conn, err = r.p.dialOrLaunch(ctx, place, withClients); err != nil {
			return err
		}
		if err = r.meet(ctx, hello); err == nil {
			return nil
		}
		r.conn.Close()
	}
	return fmt.Errorf("the engine at %s hangs up: %w", place.Socket(), err)
}

// maxMeetings is how many engines are tried that hang up before they have said a
// word, as one does that is being killed.
const maxMeetings = 3

// meet sends the first message. An editor waits for its answer before it goes
// on, so the answer can be waited for here, and the message sent again if need be.
func (r *relayed) meet(ctx context.Context, hello []byte) error {
	if _, err := r.conn.Write(hello); err != nil || !isInitialize(r.first) {
		return err
	}
	defer context.AfterFunc(ctx, func() { r.conn.Close() })()
	answer := make([]byte, 4<<10)
	n, err := r.conn.Read(answer)
	if err != nil {
		return err
	}
	_, err = r.p.stdout.Write(answer[:n])
	return err
}

// refuse answers the client's first message with why there is no engine.
func (r *relayed) refuse(err error) {
	r.p.logf("%v", err)
	e := &wire.Error{Code: wire.RequestFailed, Message: err.Error(), Data: wire.ErrorData{Kind: "engine.unavailable"}}
	var protocol *protocolError
	if errors.As(err, &protocol) {
		e.Data.Kind = "version"
	}
	if r.header {
		r.p.stdout.Write(frame(front.Response(idOf(r.first), nil, e)))
		return
	}
	line, _ := r.in.ReadBytes('\n')
	r.p.stdout.Write(append(front.Response(idOf(line), nil, e), '\n'))
}

// run copies until both directions have ended and returns the exit code.
func (r *relayed) run(ctx context.Context) int {
	defer watchReader(r.p.stdout, func() { r.conn.Close() })()
	defer context.AfterFunc(ctx, func() { r.conn.Close() })()
	go func() {
		if r.header {
			r.copyFrames()
		} else {
			io.Copy(r.conn, r.in)
		}
		r.conn.CloseWrite()
	}()
	io.Copy(r.p.stdout, r.conn)
	return r.life.exitCode()
}

// copyFrames copies the client's messages, and looks at the short ones for the
// two that decide the exit code.
func (r *relayed) copyFrames() {
	for {
		header, length, err := readHeader(r.in)
		if err != nil || length < 0 || length > lifeMessage {
			r.conn.Write(header) // and all the rest, as it is
			if err == nil {
				_, err = io.CopyN(r.conn, r.in, max(0, int64(length)))
			}
			if err != nil {
				return
			}
			continue
		}
		body := make([]byte, length)
		n, err := io.ReadFull(r.in, body)
		r.life.saw(body[:n])
		if _, werr := r.conn.Write(append(header, body[:n]...)); werr != nil || err != nil {
			return
		}
	}
}

// lifeMessage is longer than any shutdown or exit, in bytes.
const lifeMessage = 1 << 10

// sessionLife follows LSP's shutdown and exit, which decide the exit code.
type sessionLife struct{ shutdown, exit atomic.Bool }

func (l *sessionLife) saw(body []byte) {
	var m struct{ Method string }
	if len(body) > lifeMessage || json.Unmarshal(body, &m) != nil {
		return
	}
	switch m.Method {
	case "shutdown":
		l.shutdown.Store(true)
	case "exit":
		l.exit.Store(true)
	}
}

func (l *sessionLife) exitCode() int {
	if l.exit.Load() && !l.shutdown.Load() {
		return rpc.ExitNoReason
	}
	return rpc.ExitOK
}

// readHeader reads a message's header, with its empty line, as it stands; length
// is -1 if it has no Content-Length that makes sense.
func readHeader(in *bufio.Reader) (header []byte, length int, err error) {
	length = -1
	for {
		line, err := in.ReadBytes('\n')
		header = append(header, line...)
		if err != nil {
			return header, length, err
		}
		text := strings.TrimSpace(string(line))
		if text == "" && len(bytes.TrimSpace(header)) > 0 || len(header) > front.MaxMessage {
			return header, length, nil
		}
		if name, value, ok := strings.Cut(text, ":"); ok && strings.EqualFold(name, "content-length") {
			if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
				length = n
			}
		}
	}
}

// readFrame reads the body of one message.
func readFrame(in *bufio.Reader) ([]byte, error) {
	_, length, err := readHeader(in)
	if err != nil {
		return nil, err
	}
	if length < 0 || length > front.MaxMessage {
		return nil, errors.New("the first message has no Content-Length that makes sense")
	}
	body := make([]byte, length)
	_, err = io.ReadFull(in, body)
	return body, err
}

func frame(body []byte) []byte {
	return append([]byte("Content-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"), body...)
}

// isInitialize reports whether a message is LSP's first call.
func isInitialize(body []byte) bool {
	var m struct{ Method string }
	return json.Unmarshal(body, &m) == nil && m.Method == "initialize" && idOf(body) != nil
}

// rootOfInitialize is the folder that an initialize names, "" if the message is
// none or names none that is usable; then the engine says so.
func rootOfInitialize(body []byte) string {
	var m struct{ Params json.RawMessage }
	if !isInitialize(body) || json.Unmarshal(body, &m) != nil {
		return ""
	}
	return rpc.RootOf(m.Params)
}

// withEnvironment adds the relay's environment and folder to an initialize.
// Anything else stays as it is.
func withEnvironment(body []byte) []byte {
	var m map[string]json.RawMessage
	if !isInitialize(body) || json.Unmarshal(body, &m) != nil {
		return body
	}
	params, options := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	json.Unmarshal(m["params"], &params)
	json.Unmarshal(params["initializationOptions"], &options)
	if params == nil {
		return body // null: there is nothing to add to
	}
	if options == nil {
		options = map[string]json.RawMessage{}
	}
	if options["env"] == nil {
		options["env"] = toJSON(environment())
	}
	if options["cwd"] == nil {
		options["cwd"] = toJSON(workingDir())
	}
	params["initializationOptions"] = toJSON(options)
	m["params"] = toJSON(params)
	return toJSON(m)
}

// helloLine tells the engine the environment and folder of a script's session.
// It is a notification, so that nothing comes back that the script has not asked.
func helloLine() []byte {
	line, err := wire.Encode(map[string]any{
		"jsonrpc": "2.0", "method": "session/hello",
		"params": wire.HelloParams{Env: environment(), Cwd: workingDir()},
	})
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return append(line, '\n')
}

func toJSON(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return text
}

// environment is this program's, as JSON can say it: what is no UTF-8 stays out.
func environment() map[string]string {
	env := map[string]string{}
	for _, e := range os.Environ() {
		if k, v, ok := strings.Cut(e, "="); ok && k != "" {
			env[k] = strings.ToValidUTF8(v, "\ufffd")
		}
	}
	return env
}

func workingDir() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	return dir
}

// idOf is the raw id of a message, nil if it has none.
func idOf(message []byte) []byte {
	var m struct{ ID json.RawMessage }
	if json.Unmarshal(message, &m) != nil || len(m.ID) == 0 {
		return nil
	}
	return m.ID
}
