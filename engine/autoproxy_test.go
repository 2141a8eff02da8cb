//go:build unix

package engine

import (
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
)

// TestProxyOfTheNextRun: a server that comes back on another port is found at the
// same address; a second one of the same run has its own, and so has one that
// somebody has registered.
func TestProxyOfTheNextRun(t *testing.T) {
	e := testEngine(t, Options{})
	if _, err := e.Process.Start(process.Spec{Name: "web", Shell: "exec sleep 1000", Dir: e.Root}); err != nil {
		t.Fatal(err)
	}
	manual, err := e.Proxy.Register(proxy.Register{URL: "http://localhost:1000", Process: "web"})
	if err != nil {
		t.Fatal(err)
	}
	seen := func(urls ...string) []proxy.Info {
		t.Helper()
		for _, u := range urls {
			e.registerServer(events.Event{Type: events.URLDetected, Process: "web", Data: events.URL{URL: u, State: string(Verified)}})
		}
		list := e.Proxy.List()
		if len(list) != 3 || list[0] != manual {
			t.Fatalf("proxies: %+v", list)
		}
		return list[1:]
	}
	first := seen("http://localhost:1001", "http://localhost:1002")
	p, err := e.Process.Get("web")
	if err != nil {
		t.Fatal(err)
	}
	restart, err := p.Restart()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := restart.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := map[string]int{}
	for _, info := range seen("http://localhost:2001", "http://localhost:1002", "http://localhost:2001") {
		now[info.Target] = info.Port
	}
	if now["http://localhost:2001/"] != first[0].Port || now["http://localhost:1002/"] != first[1].Port {
		t.Errorf("ports %v, before %+v", now, first)
	}
}
