package engine

import (
	"strings"
	"sync"

	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
)

// autoProxies are the proxies that the configuration has put before servers, with
// the run whose server it is.
type autoProxies struct {
	mu   sync.Mutex
	runs map[string]uint32 // by the proxy's id
}

// registerServer puts a proxy in front of an address that a process is seen to
// serve. A server that is started anew on another port gets the proxy of its
// earlier run: who has that address open keeps it.
func (e *Engine) registerServer(ev events.Event) {
	u, ok := ev.Data.(events.URL)
	if !ok || u.State != string(Verified) {
		return
	}
	p, err := e.Process.Get(ev.Process)
	if err != nil {
		return // it has been removed
	}
	e.auto.mu.Lock()
	defer e.auto.mu.Unlock()
	run := p.Run()
	wish := proxy.Register{URL: u.URL, Process: ev.Process, Inject: e.InjectsScript()}
	if old := e.leftProxyLocked(ev.Process, u.URL, run); old != nil && e.Proxy.Unregister(old.ID) == nil {
		delete(e.auto.runs, old.ID)
		wish.Port, wish.Label = old.Port, old.Label
	}
	info, err := e.Proxy.Register(wish)
	if err != nil {
		e.options.logf()("no proxy for %s of %s: %v", u.URL, ev.Process, err)
		return
	}
	if e.auto.runs == nil {
		e.auto.runs = make(map[string]uint32)
	}
	e.auto.runs[info.ID] = run
	e.options.logf()("%s of %s is also at %s", u.URL, ev.Process, info.URL)
}

// leftProxyLocked is a proxy that an earlier run of a process has left, nil if there
// is none, or one that has the address already.
func (e *Engine) leftProxyLocked(process, url string, run uint32) *proxy.Info {
	var left *proxy.Info
	for _, info := range e.Proxy.List() {
		of, automatic := e.auto.runs[info.ID]
		switch {
		case info.Process != process || !automatic:
		case sameServer(info.Target, url):
			return nil
		case left == nil && of != run:
			left = &info
		}
	}
	return left
}

// sameServer compares addresses of servers, with or without the path's slash.
func sameServer(a, b string) bool {
	return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/")
}
