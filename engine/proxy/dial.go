package proxy

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"time"
)

// newTransport is made for one target: many connections to one host, bodies as
// they are, no proxy of the environment.
func newTransport(insecure bool) *http.Transport {
	return &http.Transport{
		DialContext:            dial,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{InsecureSkipVerify: insecure}, // asked for by the user, for this target
		MaxIdleConnsPerHost:    256,
		MaxResponseHeaderBytes: maxResponseHeader,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		ExpectContinueTimeout:  time.Second,
		DisableCompression:     true,
		ReadBufferSize:         readBuffer,
	}
}

// readBuffer holds an answer of usual size with its head, in bytes. With the 4 KiB
// of the library a page comes in pieces, each of which is sent on by itself.
const readBuffer = 16 << 10

// dial connects, and tells the exchange under way how long that took. localhost
// is tried by both its addresses: a server may listen on one of them only, and
// not every resolver knows both.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	x := exchangeOf(ctx)
	defer x.connecting()()
	d := net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	host, port, err := net.SplitHostPort(address)
	if err != nil || host != "localhost" && !strings.HasSuffix(host, ".localhost") {
		return d.DialContext(x.resolving(ctx), network, address)
	}
	conn, err := d.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	if err == nil {
		return conn, nil
	}
	if conn, err6 := d.DialContext(ctx, network, net.JoinHostPort("::1", port)); err6 == nil {
		return conn, nil
	}
	return nil, err
}
