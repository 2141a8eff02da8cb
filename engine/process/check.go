package process

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// checker does the checks of one run, one after the other. It keeps nothing open
// between two rounds.
type checker struct {
	table  *Table
	marker string // of what it executes
	dir    string
	env    []string
	ports  func() ([]int, error) // that the run listens on
	http   *http.Client
}

// checkTimeout bounds one check of a round.
const checkTimeout = 5 * time.Second

// newChecker makes the checker of a run that has just begun. The caller holds
// p.mu.
func newChecker(r *run) checker {
	ask := r.p.table.o.Ports
	return checker{
		table: r.p.table, marker: r.p.table.sets.marker(r.p.id, r.number) + ":check",
		dir: r.p.spec.Dir, env: r.p.spec.Env, http: checkClient(),
		ports: func() ([]int, error) { return ask(r.set.pids()) },
	}
}

// checkClient makes requests of their own: no proxy, no redirect, no connection
// that is kept.
func checkClient() *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DisableKeepAlives: true, DialTLSContext: dialTLS},
	}
}

// failure says what does not hold first, "" if everything does. The cheap ones
// come first.
func (c *checker) failure(ctx context.Context, rules Checks) string {
	for _, check := range []func(context.Context, Checks) error{c.port, c.tcp, c.get, c.run} {
		timed, cancel := context.WithTimeout(ctx, checkTimeout)
		err := check(timed, rules)
		cancel()
		if err != nil {
			return err.Error()
		}
	}
	return ""
}

func (c *checker) port(_ context.Context, rules Checks) error {
	if rules.Port == nil {
		return nil
	}
	open, err := c.ports()
	switch {
	case err != nil:
		return fmt.Errorf("the ports it listens on can't be known: %w", err)
	case *rules.Port == 0 && len(open) == 0:
		return errors.New("it listens on no port")
	case *rules.Port != 0 && !slices.Contains(open, *rules.Port):
		return fmt.Errorf("it does not listen on port %d", *rules.Port)
	}
	return nil
}

func (c *checker) tcp(ctx context.Context, rules Checks) error {
	if rules.TCP == "" {
		return nil
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", rules.TCP)
	if err != nil {
		return fmt.Errorf("tcp %s: %w", rules.TCP, plainError(err))
	}
	return conn.Close()
}

func (c *checker) get(ctx context.Context, rules Checks) error {
	if rules.HTTP == "" {
		return nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, rules.HTTP, nil)
	if err != nil {
		return err
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("%s: %w", rules.HTTP, plainError(err))
	}
	answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 399 {
		return fmt.Errorf("%s answers %s", rules.HTTP, answer.Status)
	}
	return nil
}

// dialTLS does not verify who answers on this machine: a development server has
// a certificate that it has made itself, and nothing secret is sent to it.
func dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(addr)
	ip, _ := conn.RemoteAddr().(*net.TCPAddr)
	client := tls.Client(conn, &tls.Config{ServerName: host, InsecureSkipVerify: ip != nil && ip.IP.IsLoopback()})
	if err := client.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return client, nil
}

// plainError cuts what repeats the address.
func plainError(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Err != nil {
		err = e.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("no answer in time")
	}
	text := err.Error()
	if i := strings.LastIndex(text, ": "); i >= 0 && strings.HasPrefix(text, "connect") {
		return errors.New(text[i+2:])
	}
	return err
}
