package rpc

import (
	"fmt"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func testsList(c *call, p wire.TestsParams) (wire.TestList, error) {
	limit, err := foundLimit(p.Limit)
	if err != nil {
		return wire.TestList{}, err
	}
	if _, ok := diagnose.ParseStatus(p.Status); !ok && p.Status != "" {
		return wire.TestList{}, invalidParams("/status", fmt.Sprintf("there is no status %q: passed, failed, skipped, todo", p.Status))
	}
	after, err := c.position(p.After)
	if err != nil {
		return wire.TestList{}, err
	}
	var last uint64
	if after != nil {
		last = *after
	}
	list, l := c.engine.Tests.List(), c.locator()
	out := wire.TestList{Summary: testSummary(list), Cases: []wire.TestCase{}, Revision: list.Revision}
	for _, k := range list.After(last) {
		if p.Process != "" && k.Process != p.Process || p.Status != "" && k.Status.String() != p.Status {
			continue
		}
		if len(out.Cases) == limit {
			out.More = true
			break
		}
		out.Cases = append(out.Cases, l.testCase(k))
		last = k.Number
	}
	out.Next = formatCursor(c.engine.Epoch, last)
	return out, nil
}

func testSummary(l *diagnose.TestList) wire.TestSummary {
	return wire.TestSummary{Passed: l.Passed, Failed: l.Failed, Skipped: l.Skipped, Todo: l.Todo, DurationMs: l.DurationMs, Dropped: l.Dropped}
}

func (l *locator) testCase(k *diagnose.Case) wire.TestCase {
	w := wire.TestCase{
		ID: testID(k), Name: k.Name, Status: k.Status.String(), Process: k.Process, Seq: k.Seq,
		Message: k.Message, DurationMs: k.DurationMs, Framework: k.Framework,
	}
	if k.Place.File != "" {
		at := l.place(k.Place, k.Origin)
		w.Location = &at
	}
	return w
}

func testID(k *diagnose.Case) string {
	if k.Tag != "" {
		return k.Process + "/" + k.Tag + "/" + k.Name
	}
	return k.Process + "/" + k.Name
}

func urlsList(c *call, _ wire.None) (wire.URLList, error) {
	c.engine.URLs.Refresh()
	list := c.engine.URLs.List()
	out := wire.URLList{URLs: []wire.URL{}, Revision: list.Revision}
	proxies := proxiesOf(c.engine)
	for _, u := range list.URLs {
		out.URLs = append(out.URLs, urlOf(u, proxies))
	}
	return out, nil
}

// proxiesOf are the addresses of the proxies, by what they stand before.
func proxiesOf(e *engine.Engine) map[string]string {
	out := map[string]string{}
	for _, p := range e.Proxy.List() {
		out[trimSlash(p.Target)] = p.URL
	}
	return out
}

func trimSlash(s string) string {
	for len(s) > 0 && s[len(s)-1] == '/' {
		s = s[:len(s)-1]
	}
	return s
}

func urlID(u *engine.URL) string { return u.Process + "/" + u.URL }

func urlOf(u *engine.URL, proxies map[string]string) wire.URL {
	return wire.URL{
		ID: urlID(u), URL: u.URL, Process: u.Process, Port: u.Port, State: string(u.State), Network: u.Network,
		ProxyURL: proxies[trimSlash(u.URL)], Seq: u.Seq,
	}
}
