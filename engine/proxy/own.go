package proxy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy/telemetry"
)

// What a proxy answers by itself, below ownPath.
const (
	scriptName = "t.js"  // our script
	reportName = "e"     // where it reports to
	readyName  = "ready" // whether the target listens; the page that waits for it asks
)

// serveOwn answers below ownPath. Nothing here is for another origin: there are
// no CORS headers, and what is asked from elsewhere is refused.
func (p *Proxy) serveOwn(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		http.Error(w, "brummer-rpc: only for pages of this origin", http.StatusForbidden)
		return
	}
	name, method := r.URL.Path[len(ownPath):], r.Method
	switch {
	case name == scriptName && (method == http.MethodGet || method == http.MethodHead):
		p.serveScript(w, r)
	case name == readyName && method == http.MethodGet:
		p.serveReady(w, r)
	case name == reportName && method == http.MethodPost:
		p.serveReport(w, r)
	default:
		http.NotFound(w, r)
	}
}

// serveScript lets a browser keep the script and ask whether it is still good:
// its token changes with the proxy.
func (p *Proxy) serveScript(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Etag", p.scriptTag)
	if r.Header.Get("If-None-Match") == p.scriptTag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Write(p.script)
}

// entityTag names a content.
func entityTag(content []byte) string {
	sum := sha256.Sum256(content)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// serveReport takes what a page reports. A page that is answered with an error
// says no more of it, so the reason goes to the log.
func (p *Proxy) serveReport(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") != "http://"+r.Host {
		p.refuseReport(w, http.StatusForbidden, "a report from the origin "+r.Header.Get("Origin"))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, telemetry.MaxReport))
	if err != nil {
		p.refuseReport(w, http.StatusRequestEntityTooLarge, "a report: "+err.Error())
		return
	}
	report, err := telemetry.Parse(body, p.token)
	if err != nil {
		status := http.StatusBadRequest
		if errors.Is(err, telemetry.ErrToken) {
			status = http.StatusForbidden
		}
		p.refuseReport(w, status, err.Error())
		return
	}
	p.locate(report.Events, "http://"+r.Host)
	w.WriteHeader(http.StatusNoContent)
	p.reported(p.owner.Telemetry.Add(p.id, report, time.Now()))
}

func (p *Proxy) refuseReport(w http.ResponseWriter, status int, reason string) {
	p.owner.metrics.reportsRefused.Inc()
	p.owner.o.Logf("proxy %s: refused: %s", p.id, reason)
	http.Error(w, "brummer-rpc: refused", status)
}

// reported tells of what was kept of a report. A page that says that it was
// loaded answers the question whether its telemetry gets through.
func (p *Proxy) reported(events []telemetry.Event) {
	for i := range events {
		e := &events[i]
		p.owner.metrics.reported.Inc()
		if e.Kind != "page" {
			continue
		}
		if x, err := p.owner.History.Find(e.Request); err == nil && x.Proxy == p.id {
			x.heard()
		}
	}
	p.owner.bells.Ring()
	if p.owner.o.Reported != nil && len(events) > 0 {
		p.owner.o.Reported(p.Info(), events)
	}
}

// serveReady answers 204 once the target can be connected to, else 503 and how the
// process is by now.
func (p *Proxy) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	conn, err := dial(ctx, "tcp", withPort(p.target.Hostname(), portOf(p.target)))
	if err != nil {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, p.state())
		return
	}
	conn.Close()
	w.WriteHeader(http.StatusNoContent)
}
