package rpc

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"mime"
	"net"
	"net/http"
	"sync"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/script"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// serveHTTP serves the requests of one connection to the workspace socket:
//
//	POST /rpc            a message or a batch; 204 if there is nothing to answer
//	GET  /metrics        the engine's metrics, in Prometheus' text format
//	GET  /openrpc.json   the protocol, as an OpenRPC document
//
// Every POST is a session of its own, on the same front as a script's pipe, so
// its rules and its bytes are the same.
func (s *Server) serveHTTP(ctx context.Context, in *bufio.Reader, conn net.Conn) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /rpc", s.post)
	mux.HandleFunc("GET /metrics", s.metrics)
	mux.HandleFunc("GET /openrpc.json", openRPC)
	server := &http.Server{
		Handler:     noOrigin(mux),
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    log.New(io.Discard, "", 0),
	}
	l := &oneConn{conn: &peeked{Conn: conn, in: in}, closed: make(chan struct{})}
	l.conn.onClose = func() { l.once.Do(func() { close(l.closed) }) }
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.Serve(l); !errors.Is(err, net.ErrClosed) && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// noOrigin turns browsers away: no page has business with the engine.
func noOrigin(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != "" {
			http.Error(w, "requests of web pages are refused", http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func (s *Server) post(w http.ResponseWriter, r *http.Request) {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		http.Error(w, "the Content-Type must be application/json", http.StatusUnsupportedMediaType)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, front.MaxMessage))
	var answer []byte
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		answer = front.Response(nil, nil, &wire.Error{
			Code: wire.InvalidRequest, Message: "the message is too large", Data: wire.ErrorData{Kind: "limit.tooLarge"},
		})
	case err != nil:
		return // the client has gone
	default:
		answer = s.answer(r.Context(), body)
	}
	if len(answer) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(answer, '\n'))
}

// answer serves one message, which may stand on several lines, as a script's
// input of one line.
func (s *Server) answer(ctx context.Context, body []byte) []byte {
	var line bytes.Buffer
	if json.Compact(&line, body) != nil {
		line.Reset()
		line.WriteString("?") // no JSON at all: let the gate say so
	}
	line.WriteByte('\n')
	var out answers
	c := script.New(&line, &out)
	s.serve(ctx, c, front.HTTP)
	return bytes.TrimSpace(out.Bytes())
}

// answers collects what a session writes.
type answers struct{ bytes.Buffer }

func (*answers) Close() error { return nil }

func (s *Server) metrics(w http.ResponseWriter, _ *http.Request) {
	e, err := s.o.Open("")
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	e.Metrics.WritePrometheus(w)
}

// peeked is a connection of which some bytes have been read already.
type peeked struct {
	net.Conn
	in      *bufio.Reader
	onClose func()
}

func (c *peeked) Read(b []byte) (int, error) { return c.in.Read(b) }

func (c *peeked) Close() error {
	defer c.onClose()
	return c.Conn.Close()
}

// oneConn is a listener for net/http that has one connection, and waits for its
// end.
type oneConn struct {
	conn   *peeked
	given  bool
	closed chan struct{}
	once   sync.Once
}

func (l *oneConn) Accept() (net.Conn, error) {
	if !l.given {
		l.given = true
		return l.conn, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *oneConn) Close() error   { return nil }
func (l *oneConn) Addr() net.Addr { return l.conn.LocalAddr() }
