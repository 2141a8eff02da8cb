package proxy

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/VictoriaMetrics/metrics"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy/telemetry"
)

// Options configure a [Registry]. The zero value works.
type Options struct {
	// Describe says in a few words how a process is: "is starting: waits for
	// port 5173"; "" if there is no such process.
	Describe func(process string) string
	// Holder says for people who listens on a port; "" if that can't be told.
	Holder func(port int) string
	// File finds a file of the workspace by the path that a page of a process
	// knows it by; ok is false if there is none. Nil finds nothing.
	File func(process, path string) (file string, ok bool)
	// Ended is told of a request that is over, on its own goroutine.
	Ended func(Row)
	// Reported is told of what a page has reported, in order for each page.
	Reported func(Info, []telemetry.Event)

	History int64 // bytes kept of bodies, and of heads; 0 means DefaultHistory
	Body    int   // bytes kept of each body; 0 means DefaultBody
	Shared  int   // a port on which every proxy has a name below localhost; 0 for none

	Logf    func(string, ...any)
	Metrics *metrics.Set
}

// Registry holds every proxy of the engine. Create it with [New] and end it with
// [Registry.Shutdown].
type Registry struct {
	History   *History
	Telemetry *telemetry.Store

	o        Options
	bells    wake.Bells // after every report
	metrics  *proxyMetrics
	buffers  buffers
	passages passages
	late     lateHeads

	mu     sync.Mutex
	list   []*Proxy
	shared *shared        // nil until the first proxy, or without a shared port
	ports  map[string]int // the port that a target had last: its address stays the same
	closed bool
}

// Watch rings b after every change of the history and every report, until stop
// is called.
func (r *Registry) Watch(b *wake.Bell) (stop func()) {
	reports, requests := r.bells.Add(b), r.History.bells.Add(b)
	return func() { reports(); requests() }
}

// maxProxies bounds how many proxies there may be.
const maxProxies = 64

// New returns a registry without a proxy. It starts nothing.
func New(o Options) *Registry {
	if o.Describe == nil {
		o.Describe = func(string) string { return "" }
	}
	if o.Holder == nil {
		o.Holder = func(int) string { return "" }
	}
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	r := &Registry{o: o, History: newHistory(o.History, o.Body), Telemetry: &telemetry.Store{}, ports: map[string]int{}}
	r.metrics = newMetrics(r, o.Metrics)
	return r
}

// Register is what a proxy is to be.
type Register struct {
	URL      string // of the server
	Process  string // the process that it belongs to; ""
	Label    string // a name for people and for the shared port; "" makes one of the process
	Port     int    // 0 for any
	Host     string // HostPreserve, the default, or HostTarget
	Inject   bool   // our script is put into pages
	Insecure bool   // the target's certificate is not checked
}

// Register makes a proxy and returns once it listens. The same process and URL
// again give the proxy that there is. The errors are [*TargetError],
// [*PortError] and [*LimitError].
func (r *Registry) Register(o Register) (Info, error) {
	target, err := parseTarget(o.URL)
	if err != nil {
		return Info{}, err
	}
	o.Host = cmp.Or(o.Host, HostPreserve)
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.sameLocked(o, target); p != nil {
		return p.Info(), nil
	}
	if err := r.admitLocked(o, target); err != nil {
		return Info{}, err
	}
	if err := r.shareLocked(); err != nil {
		return Info{}, err
	}
	l, err := r.listenLocked(o, target)
	if err != nil {
		return Info{}, err
	}
	o.Label = r.labelLocked(o, target)
	p := newProxy(r, r.idLocked(o.Label), o, target, l)
	r.list = append(r.list, p)
	r.ports[target.String()] = p.port()
	p.serve()
	return p.Info(), nil
}

// sameLocked finds the proxy that an earlier call with the same wishes has made.
func (r *Registry) sameLocked(o Register, target *url.URL) *Proxy {
	for _, p := range r.list {
		same := p.options.Process == o.Process && p.target.String() == target.String() &&
			p.options.Host == o.Host && p.options.Inject == o.Inject && p.options.Insecure == o.Insecure
		if same && (o.Port == 0 || o.Port == p.port()) {
			return p
		}
	}
	return nil
}

func (r *Registry) admitLocked(o Register, target *url.URL) error {
	switch {
	case r.closed:
		return &TargetError{o.URL, "the engine is shutting down"}
	case len(r.list) >= maxProxies:
		return &LimitError{maxProxies}
	case o.Host != HostPreserve && o.Host != HostTarget:
		return &TargetError{o.URL, fmt.Sprintf("host is %q, not %s or %s", o.Host, HostPreserve, HostTarget)}
	}
	for _, p := range r.list {
		if isLocal(target.Hostname()) && portOf(target) == strconv.Itoa(p.port()) {
			return &TargetError{o.URL, fmt.Sprintf("that is the proxy %s itself", p.id)}
		}
	}
	return nil
}

// listenLocked opens the wished port, or the one that the target had before, or
// any. It listens at once: there is no moment in which somebody else gets it.
func (r *Registry) listenLocked(o Register, target *url.URL) (net.Listener, error) {
	if o.Port != 0 {
		return r.listen(o.Port)
	}
	if port := r.ports[target.String()]; port != 0 {
		if l, err := r.listen(port); err == nil {
			return l, nil
		}
	}
	return r.listen(0)
}

func (r *Registry) listen(port int) (net.Listener, error) {
	l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, &PortError{port, r.o.Holder(port), err}
	}
	return l, nil
}

var notLabel = regexp.MustCompile(`[^a-z0-9]+`)

// labelLocked makes a name that can stand before .localhost, and that no other
// proxy has.
func (r *Registry) labelLocked(o Register, target *url.URL) string {
	base := cmp.Or(o.Label, o.Process, target.Hostname()+"-"+portOf(target))
	base = strings.Trim(notLabel.ReplaceAllString(strings.ToLower(base), "-"), "-")
	base = cmp.Or(strings.Trim(base[:min(len(base), 40)], "-"), "proxy")
	return unused(base, func(s string) bool {
		return slices.ContainsFunc(r.list, func(p *Proxy) bool { return p.options.Label == s })
	})
}

func (r *Registry) idLocked(label string) string {
	return unused(label, func(s string) bool {
		return slices.ContainsFunc(r.list, func(p *Proxy) bool { return p.id == s })
	})
}

func unused(base string, taken func(string) bool) string {
	name := base
	for n := 2; taken(name); n++ {
		name = base + "-" + strconv.Itoa(n)
	}
	return name
}

// Unregister ends a proxy and its connections. The error is a [*NotFoundError].
func (r *Registry) Unregister(id string) error {
	r.mu.Lock()
	i := slices.IndexFunc(r.list, func(p *Proxy) bool { return p.id == id })
	if i < 0 {
		r.mu.Unlock()
		return &NotFoundError{id}
	}
	p := r.list[i]
	r.list = slices.Delete(r.list, i, i+1)
	r.mu.Unlock()
	p.close()
	return nil
}

// List returns the proxies in the order in which they were made.
func (r *Registry) List() []Info {
	r.mu.Lock()
	list := slices.Clone(r.list)
	r.mu.Unlock()
	infos := make([]Info, len(list))
	for i, p := range list {
		infos[i] = p.Info()
	}
	return infos
}

func (r *Registry) find(ok func(*Proxy) bool) *Proxy {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.IndexFunc(r.list, ok); i >= 0 {
		return r.list[i]
	}
	return nil
}

// Shutdown ends every proxy and returns when all have ended.
func (r *Registry) Shutdown() {
	r.mu.Lock()
	r.closed = true
	list, s := r.list, r.shared
	r.list, r.shared = nil, nil
	r.mu.Unlock()
	for _, p := range list {
		p.close()
	}
	if s != nil {
		s.close()
	}
}

// buffers lends ReverseProxy what it copies bodies with.
type buffers struct{ pool sync.Pool }

// Get implements [httputil.BufferPool].
func (b *buffers) Get() []byte {
	if buf, ok := b.pool.Get().(*[32 << 10]byte); ok {
		return buf[:]
	}
	return make([]byte, 32<<10)
}

// Put implements [httputil.BufferPool].
func (b *buffers) Put(buf []byte) { b.pool.Put((*[32 << 10]byte)(buf)) }
