package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	_ "embed"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy/inject"
)

//go:embed failed.html
var failedHTML string

// failedPage fills the places of failed.html, which all stand in text, where
// escaping is easy. html/template knows every context, and makes the program 3 MB
// larger.
func failedPage(title, process, address, cause string) string {
	return strings.NewReplacer(
		"{title}", html.EscapeString(title),
		"{process}", html.EscapeString(process),
		"{address}", html.EscapeString(address),
		"{cause}", html.EscapeString(cause),
	).Replace(failedHTML)
}

// failed answers in the target's place, when it does not. A browser gets a page
// that says how the process is, and loads again once the target listens.
func (p *Proxy) failed(w http.ResponseWriter, r *http.Request, err error) {
	c := boundTo(r.Context())
	x := c.x
	if r.Context().Err() != nil {
		return // nobody is there to read it; finish records that
	}
	f := failureOf(err)
	x.fail(f.Stage, f.Text)
	status := http.StatusBadGateway
	if isTimeout(err) {
		status = http.StatusGatewayTimeout
	}
	x.refused(status)
	c.way.tell(x)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Retry-After", "1")
	if !inject.Document(r) {
		http.Error(w, "brummer-rpc: "+p.excuse(f), status)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, failedPage(p.name()+" does not answer", p.state(), p.target.String(), f.Text))
}

// state says how the process is, as far as that is known.
func (p *Proxy) state() string {
	return strings.TrimSpace(p.name() + " " + p.owner.o.Describe(p.options.Process))
}

// name is what people call the target.
func (p *Proxy) name() string {
	if p.options.Process != "" {
		return p.options.Process
	}
	return p.target.Host
}

// excuse is the failure in one line.
func (p *Proxy) excuse(f Failure) string {
	text := fmt.Sprintf("%s does not answer at %s: %s", p.name(), p.target, f.Text)
	if state := p.owner.o.Describe(p.options.Process); state != "" {
		text += fmt.Sprintf(" (%s %s)", p.options.Process, state)
	}
	return text
}

// failureOf says in which part of an exchange an error happened.
func failureOf(err error) Failure {
	var op *net.OpError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid), errors.As(err, &verification):
		return Failure{StageTLS, "its certificate is not trusted: " + err.Error() + " (register it with insecure: true if that is right)"}
	case errors.As(err, &record):
		return Failure{StageTLS, "it does not speak TLS: is it http:// rather than https://?"}
	case errors.As(err, &op) && op.Op == "dial":
		return Failure{StageDial, dialText(op)}
	}
	return Failure{StageHeader, err.Error()}
}

// dialText leaves out what the message around it says.
func dialText(op *net.OpError) string {
	var call *os.SyscallError
	if errors.As(op.Err, &call) {
		return call.Err.Error()
	}
	return op.Err.Error()
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout() || errors.Is(err, context.DeadlineExceeded)
}
