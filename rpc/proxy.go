package rpc

import (
	"fmt"
	"io"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func proxyRegister(c *call, p wire.RegisterParams) (wire.Proxy, error) {
	if p.Port < 0 || p.Port > 65535 {
		return wire.Proxy{}, invalidParams("/port", fmt.Sprintf("port is %d, not within 1 and 65535", p.Port))
	}
	if p.Host != "" && p.Host != proxy.HostPreserve && p.Host != proxy.HostTarget {
		return wire.Proxy{}, invalidParams("/host", fmt.Sprintf("host is %q, not preserve or target", p.Host))
	}
	inject := c.engine.InjectsScript()
	if p.Inject != nil {
		inject = *p.Inject
	}
	info, err := c.engine.Proxy.Register(proxy.Register{
		URL: p.URL, Process: p.Process, Label: p.Label, Port: p.Port, Inject: inject, Host: p.Host, Insecure: p.Insecure,
	})
	if err != nil {
		return wire.Proxy{}, err
	}
	return proxyOf(info), nil
}

func proxyOf(i proxy.Info) wire.Proxy {
	return wire.Proxy{
		ID: i.ID, ProxyURL: i.URL, AliasURL: i.Alias, Port: i.Port, URL: i.Target, Process: i.Process,
		Label: i.Label, Host: i.Host, Inject: i.Inject, Insecure: i.Insecure,
	}
}

func proxyUnregister(c *call, p wire.ProxyID) (wire.Null, error) {
	return wire.Null{}, c.engine.Proxy.Unregister(p.ID)
}

func proxyList(c *call, _ wire.None) (wire.Proxies, error) {
	list := c.engine.Proxy.List()
	out := wire.Proxies{Proxies: make([]wire.Proxy, len(list))}
	for i, p := range list {
		out.Proxies[i] = proxyOf(p)
	}
	return out, nil
}

func proxyRequests(c *call, p wire.RequestsParams) (wire.Requests, error) {
	limit, err := limitOf(p.Limit, defaultLimit, maxQuery, "limit")
	if err != nil {
		return wire.Requests{}, err
	}
	filter, err := requestFilter(p.Filter)
	if err != nil {
		return wire.Requests{}, err
	}
	after, err := c.position(p.After)
	if err != nil {
		return wire.Requests{}, err
	}
	rows, next, more := c.engine.Proxy.History.Page(filter, after, limit)
	out := wire.Requests{
		Requests: make([]wire.Request, len(rows)), Next: formatCursor(c.engine.Epoch, next), More: more,
		Dropped: c.engine.Proxy.History.Dropped(),
	}
	for i, r := range rows {
		out.Requests[i] = requestOf(r)
	}
	return out, nil
}

func requestFilter(f wire.RequestFilter) (proxy.Filter, error) {
	if !proxy.CheckStatus(f.Status) {
		return proxy.Filter{}, invalidParams("/filter/status", fmt.Sprintf("status is %q, not 404, 5xx or 400-499", f.Status))
	}
	return proxy.Filter{
		Proxy: f.Proxy, Process: f.Process, Status: f.Status, Method: f.Method, Path: f.Path, Type: f.Type, Failed: f.Failed,
		Min: time.Duration(f.MinMs) * time.Millisecond, Since: timeOf(f.SinceMs), Until: timeOf(f.UntilMs),
	}, nil
}

// timeOf reads a time in milliseconds; 0 is none.
func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func requestOf(r proxy.Row) wire.Request {
	w := wire.Request{
		ID: r.ID, Proxy: r.Proxy, Process: r.Process, Method: r.Method, URL: r.URL, Host: r.Host, T: r.Started.UnixMilli(),
		Status: r.Status, Type: r.Type, Pending: !r.Ended, Sent: r.Sent, Received: r.Received,
		Upgrade: r.Upgrade, Injected: r.Injected, Skipped: r.Skipped, Silent: r.Silent(time.Now()), ReplayOf: r.ReplayOf,
		Timings: wire.RequestTimings{
			DNS: millisOf(r.Timings.DNS), Connect: millisOf(r.Timings.Connect), TLS: millisOf(r.Timings.TLS),
			TTFB: millisOf(r.Timings.TTFB), Total: millisOf(r.Timings.Total), Reused: r.Timings.Reused,
		},
	}
	if r.Failure != (proxy.Failure{}) {
		w.Failure = &wire.Failure{Stage: r.Failure.Stage, Text: r.Failure.Text}
	}
	return w
}

// millisOf is a duration in milliseconds with three digits, nil if there is none.
func millisOf(d time.Duration) *float64 {
	if d < 0 {
		return nil
	}
	ms := millis(d)
	return &ms
}

func proxyRequest(c *call, p wire.RequestParams) (wire.RequestDetail, error) {
	x, err := c.engine.Proxy.History.Find(p.ID)
	if err != nil {
		return wire.RequestDetail{}, err
	}
	d := x.Detail(proxy.DetailOptions{Bodies: p.Bodies, Reveal: p.Reveal})
	out := wire.RequestDetail{
		Request: requestOf(d.Row), Protocol: d.Proto,
		RequestHeader: headerLines(d.Request), ResponseHeader: headerLines(d.Answer),
	}
	if p.Bodies {
		out.RequestBody, out.ResponseBody = bodyOf(d.RequestBody), bodyOf(d.AnswerBody)
	}
	return out, nil
}

func headerLines(fields []proxy.Field) []wire.HeaderLine {
	out := make([]wire.HeaderLine, len(fields))
	for i, f := range fields {
		out[i] = wire.HeaderLine(f)
	}
	return out
}

// maxBody bounds a body in an answer, in bytes, so that an answer with two of
// them stays below a mebibyte, escaped as it may be.
const maxBody = 64 << 10

func bodyOf(b proxy.Body) *wire.Body {
	w := &wire.Body{Size: b.Size, Text: b.Text, Base64: b.Base64, Truncated: b.Truncated, Missing: b.Missing}
	if len(w.Text) > maxBody {
		w.Text, w.Truncated = cutText(w.Text, b.Base64), true
	}
	return w
}

// cutText shortens text to maxBody: at a rune's beginning, or a base64 quantum's.
func cutText(text string, base64 bool) string {
	n := maxBody
	for !base64 && text[n]&0xc0 == 0x80 {
		n--
	}
	return text[:n]
}

func proxyReplay(c *call, p wire.ReplayParams) (wire.Request, error) {
	row, err := c.engine.Proxy.Replay(c.overlap(), p.ID, proxy.Edit{
		Method: p.Edit.Method, URL: p.Edit.URL, Header: p.Edit.Header, Body: p.Edit.Body,
	})
	if err != nil {
		return wire.Request{}, err
	}
	return requestOf(row), nil
}

func proxyCurl(c *call, p wire.CurlParams) (wire.ShellCommand, error) {
	command, err := c.engine.Proxy.Curl(p.ID, p.Reveal)
	return wire.ShellCommand{Command: command}, err
}

func proxyHAR(c *call, p wire.HARParams) (wire.HARResult, error) {
	filter, err := requestFilter(p.Filter)
	if err != nil {
		return wire.HARResult{}, err
	}
	c.overlap()
	list := c.engine.Proxy.History.Ended(filter, proxy.DetailOptions{Bodies: true, Reveal: p.Reveal})
	har := archive(list, c.server.o.Version)
	encoded, err := wire.Encode(har)
	if err != nil {
		return wire.HARResult{}, err
	}
	if p.Path == "" {
		if len(encoded) > maxArchive {
			return wire.HARResult{}, failed("limit.tooLarge", fmt.Sprintf("the archive has %d bytes, over the limit of %d: give a path to write it to, or a filter", len(encoded), maxArchive))
		}
		return wire.HARResult{Log: &har.Log}, nil
	}
	where, err := c.engine.WriteFile(p.Path, p.Overwrite, func(w io.Writer) error {
		_, err := w.Write(encoded)
		return err
	})
	entries, size := len(list), int64(len(encoded))
	return wire.HARResult{Path: where, Entries: &entries, Bytes: &size}, err
}

// maxArchive bounds an archive in an answer, in bytes, so that the message stays
// below a mebibyte.
const maxArchive = 1000 << 10

func proxyClear(c *call, _ wire.None) (wire.Null, error) {
	c.engine.Proxy.History.Clear()
	return wire.Null{}, nil
}
