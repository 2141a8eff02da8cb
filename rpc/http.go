package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/script"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// handler serves HTTP:
//
//	POST /rpc            a message or a batch; 204 if there is nothing to answer
//	GET  /metrics        the engine's metrics, in Prometheus' text format
//	GET  /openrpc.json   the protocol, as an OpenRPC document
//
// Every POST is a session of its own, on the same front as a script's pipe, so
// its rules and its bytes are the same.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /rpc", s.post)
	mux.HandleFunc("GET /metrics", s.metrics)
	mux.HandleFunc("GET /openrpc.json", openRPC)
	return noOrigin(mux)
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
	answer, err := s.answerBody(r)
	switch {
	case err != nil: // or the client has gone, and reads nothing of this
		http.Error(w, "the body has ended before its Content-Length", http.StatusBadRequest)
	case len(answer) == 0:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.Write(append(answer, '\n'))
	}
}

// answerBody reads the message of a POST and serves it. A body that says how
// long it is need not be read to be refused.
func (s *Server) answerBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > front.MaxMessage {
		return bodyTooLong(), nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, front.MaxMessage+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > front.MaxMessage:
		return bodyTooLong(), nil
	}
	return s.answer(r.Context(), body), nil
}

func bodyTooLong() []byte {
	return front.Response(nil, nil, &wire.Error{
		Code: wire.InvalidRequest, Message: "the body is longer than " + strconv.Itoa(front.MaxMessage) + " bytes",
		Data: wire.ErrorData{Kind: "limit.tooLarge"},
	})
}

// answer serves one message, which may stand on several lines, as a script's
// input of one line.
func (s *Server) answer(ctx context.Context, body []byte) []byte {
	var line bytes.Buffer
	if json.Compact(&line, bytes.TrimPrefix(body, []byte("\ufeff"))) != nil {
		line.Reset()
		line.WriteString("?") // no JSON at all: let the gate say so
	}
	line.WriteByte('\n')
	var out answers
	s.serve(ctx, script.New(&line, &out), front.HTTP)
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
