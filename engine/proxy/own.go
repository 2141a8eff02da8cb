package proxy

import (
	"context"
	"net/http"
	"time"
)

// What a proxy answers by itself, below ownPath.
const (
	scriptName = "t.js"  // our script
	reportName = "e"     // where it reports to
	readyName  = "ready" // whether the target listens; the page that waits for it asks
)

func (p *Proxy) serveOwn(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch r.URL.Path[len(ownPath):] {
	case readyName:
		p.serveReady(w, r)
	default:
		http.NotFound(w, r)
	}
}

// serveReady answers 204 once the target can be connected to, else 503.
func (p *Proxy) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	conn, err := dial(ctx, "tcp", withPort(p.target.Hostname(), portOf(p.target)))
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	conn.Close()
	w.WriteHeader(http.StatusNoContent)
}
