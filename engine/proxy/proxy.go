package proxy

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy/inject"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy/telemetry"
)

// Proxy forwards one address on loopback to one target.
type Proxy struct {
	id      string
	options Register
	target  *url.URL
	owner   *Registry
	token   string // what our script shows when it reports

	hosts     [2]string // what nearly every request is for
	script    []byte    // with the token
	scriptTag string    // its entity tag

	sources   *sources
	listener  net.Listener
	server    *http.Server
	transport *http.Transport
	reverse   *httputil.ReverseProxy
	done      sync.WaitGroup // the server
}

// How a request's Host is made for the target.
const (
	HostPreserve = "preserve" // as the browser sent it: it agrees with Origin, and servers' checks hold
	HostTarget   = "target"   // the target's own, and Origin, Referer, Location and cookies with it
)

// Limits of a proxy's server.
const (
	maxHeader         = 64 << 10
	maxResponseHeader = 256 << 10
	readHeaderTimeout = 10 * time.Second // against clients that send a header byte by byte
	idleTimeout       = 2 * time.Minute
)

// ownPath is where a proxy answers by itself; everything else is the target's.
const ownPath = "/__brummer__/"

func newProxy(owner *Registry, id string, o Register, target *url.URL, l net.Listener) *Proxy {
	p := &Proxy{
		id: id, options: o, target: target, owner: owner, listener: l,
		token: rand.Text(), transport: newTransport(o.Insecure),
	}
	p.hosts = [2]string{l.Addr().String(), "localhost:" + strconv.Itoa(p.port())}
	p.sources = newSources(p)
	p.script = telemetry.Script(p.token)
	p.scriptTag = entityTag(p.script)
	logger := log.New(logWriter{owner, id}, "", 0)
	p.reverse = &httputil.ReverseProxy{
		Rewrite: p.rewrite, ModifyResponse: p.answered, ErrorHandler: p.failed,
		Transport: p.transport, BufferPool: &owner.buffers, ErrorLog: logger,
	}
	p.server = &http.Server{
		Handler: p, ErrorLog: logger,
		MaxHeaderBytes: maxHeader, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout,
	}
	return p
}

// serve answers until close.
func (p *Proxy) serve() {
	p.done.Go(func() {
		if err := p.server.Serve(p.listener); !errors.Is(err, http.ErrServerClosed) {
			p.owner.o.Logf("proxy %s: %v", p.id, err)
		}
	})
}

// close ends every connection and returns when the server has ended.
func (p *Proxy) close() {
	p.server.Close()
	p.transport.CloseIdleConnections()
	p.done.Wait()
}

// Info is a proxy as clients see it.
type Info struct {
	ID, URL  string // the address to open
	Alias    string // the same as a name below localhost, on the shared port; "" without one
	Port     int
	Target   string
	Process  string
	Label    string
	Host     string
	Inject   bool
	Insecure bool
}

// Info tells what p is.
func (p *Proxy) Info() Info {
	path := p.target.RequestURI()
	info := Info{
		ID: p.id, URL: "http://" + p.listener.Addr().String() + path, Port: p.port(), Target: p.target.String(),
		Process: p.options.Process, Label: p.options.Label, Host: p.options.Host,
		Inject: p.options.Inject, Insecure: p.options.Insecure,
	}
	if port := p.owner.o.Shared; port != 0 {
		info.Alias = fmt.Sprintf("http://%s.localhost:%d%s", p.options.Label, port, path)
	}
	return info
}

func (p *Proxy) port() int { return p.listener.Addr().(*net.TCPAddr).Port }

// ServeHTTP implements [http.Handler].
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if reason := p.refuse(r); reason != "" {
		p.owner.metrics.refused.Inc()
		http.Error(w, "brummer-rpc: "+reason, http.StatusMisdirectedRequest)
		return
	}
	if strings.HasPrefix(r.URL.Path, ownPath) {
		p.serveOwn(w, r)
		return
	}
	p.forward(w, r, "")
}

// refuse says why a request does not come from a page of this machine, "" if it
// does. A name that a stranger made point to 127.0.0.1 is not ours (DNS
// rebinding), and neither is a page of another origin that opens a WebSocket,
// which browsers let it do.
func (p *Proxy) refuse(r *http.Request) string {
	if r.Method == http.MethodConnect || r.URL.Host != "" {
		return "this is no forward proxy"
	}
	// No host of our own comes by the shared port, which asks for names below localhost.
	if r.Host != p.hosts[0] && r.Host != p.hosts[1] {
		if reason := refuseHost(r); reason != "" {
			return reason
		}
	}
	if len(r.Header["Origin"]) == 0 || len(r.Header["Upgrade"]) == 0 {
		return ""
	}
	if o := r.Header["Origin"][0]; o != "" && o != "http://"+r.Host {
		return fmt.Sprintf("a page of %s may not connect here", o)
	}
	return ""
}

// refuseHost says what is wrong with the host that a request is for.
func refuseHost(r *http.Request) string {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = r.Host, "80"
	}
	if !isLocal(host) {
		return fmt.Sprintf("the host %q is not this machine", host)
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if ok && cmp.Or(port, "80") != strconv.Itoa(local.Port) {
		return fmt.Sprintf("the port of the host %q is not this one", r.Host)
	}
	return ""
}

// peek looks at the first byte of a body.
func peek(r *http.Response) (first byte, err error) {
	p := &peeked{ReadCloser: r.Body}
	if _, err := io.ReadFull(r.Body, p.first[:]); err != nil {
		return 0, err
	}
	r.Body = p
	return p.first[0], nil
}

// peeked is a body whose first byte has been read.
type peeked struct {
	io.ReadCloser
	first [1]byte
	given bool
}

// Read implements [io.Reader].
func (p *peeked) Read(b []byte) (int, error) {
	if p.given || len(b) == 0 {
		return p.ReadCloser.Read(b)
	}
	p.given = true
	b[0] = p.first[0]
	n, err := p.ReadCloser.Read(b[1:])
	return n + 1, err
}

// inject puts our script into a page, or notes why not.
func (p *Proxy) inject(x *Exchange, r *http.Response) error {
	if r.ContentLength > 0 {
		// The header is about to promise a length: now is the time to look.
		first, err := peek(r)
		if err != nil {
			return err
		}
		if skip := inject.Sniff(first, inject.Coding(r.Header)); skip != "" {
			x.injection(false, skip)
			return nil
		}
	}
	tag, coding := plainTag, ""
	if inject.Touches(r.Header) {
		r.Header = r.Header.Clone() // the record keeps what the server sent
		tag = scriptTag(inject.Allow(r.Header, inject.Script{
			Source: x.Host() + ownPath + scriptName, Report: x.Host() + ownPath + reportName, Nonce: rand.Text,
		}))
		coding = inject.Coding(r.Header)
		inject.Rewritten(r, len(tag), coding != "")
	}
	body := inject.Decode(r.Body, coding)
	r.Body = &page{inject.NewReader(body, tag), body, x}
	return nil
}

const plainTag = `<script src="` + ownPath + scriptName + `"></script>`

func scriptTag(nonce string) string {
	if nonce == "" {
		return plainTag
	}
	return `<script src="` + ownPath + scriptName + `" nonce="` + nonce + `"></script>`
}

// page is the body of a page with our script in it.
type page struct {
	*inject.Reader
	body io.Closer
	x    *Exchange
}

// Read implements [io.Reader]. What breaks off in a decoder is told as well: the
// server's own bytes, which are recorded, have done no wrong.
func (p *page) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if err != nil && err != io.EOF {
		p.x.broke(&p.x.got, err)
	}
	return n, err
}

// Close implements [io.Closer].
func (p *page) Close() error {
	if p.Injected {
		p.x.injection(true, "")
	} else {
		p.x.injection(false, "the page has no place for it")
	}
	return p.body.Close()
}

// logWriter passes on what net/http has to say.
type logWriter struct {
	owner *Registry
	id    string
}

// Write implements [io.Writer].
func (w logWriter) Write(b []byte) (int, error) {
	w.owner.o.Logf("proxy %s: %s", w.id, strings.TrimSpace(string(b)))
	return len(b), nil
}
