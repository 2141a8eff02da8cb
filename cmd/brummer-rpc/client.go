package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"

	gojson "github.com/go-json-experiment/json"

	"github.com/brummer-rpc/brummer-rpc/rpc"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/script"
	"github.com/brummer-rpc/brummer-rpc/rpc/socket"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// client is a verb's connection to the workspace's engine.
type client struct {
	*script.Client
	p      *program
	end    func() // what is to be done after the connection has been closed
	waited atomic.Pointer[waiting]
	moved  chan struct{} // has a word when requests through the proxies have changed
}

// launching says whether a verb may start an engine when there is none.
type launching bool

const (
	neverLaunch launching = false
	mayLaunch   launching = true
)

// connect finds the workspace's engine. With --socket=off the verb gets an engine
// of its own, which ends with it.
func (p *program) connect(ctx context.Context, launch launching) (*client, error) {
	if p.flags.socket == "off" {
		return p.ownEngine(ctx)
	}
	conn, place, err := p.reach(ctx, launch)
	if err != nil {
		return nil, err
	}
	c, err := p.meet(conn)
	if err != nil {
		return nil, noEngine(place, err)
	}
	return c, nil
}

// reach connects to the workspace's engine, on which no session has begun then.
func (p *program) reach(ctx context.Context, launch launching) (*net.UnixConn, socket.Place, error) {
	place, err := p.place(p.flags.root)
	if err != nil {
		return nil, place, &codeError{exitUsage, err}
	}
	var conn *net.UnixConn
	if launch {
		conn, err = p.dialOrLaunch(ctx, place, untilIdle)
	} else {
		conn, err = dial(place)
	}
	if err != nil {
		return nil, place, noEngine(place, err)
	}
	return conn, place, nil
}

// meet begins a session on a connection to an engine.
func (p *program) meet(conn *net.UnixConn) (*client, error) {
	if _, err := conn.Write(helloLine()); err != nil {
		conn.Close()
		return nil, err
	}
	return p.newClient(conn, conn, func() {}), nil
}

func noEngine(place socket.Place, err error) error {
	if errors.Is(err, socket.ErrNone) {
		where := place.Root
		if where == "" {
			where = place.Socket()
		}
		err = fmt.Errorf("no engine runs for %s: start one with `brummer-rpc serve --detach`, or start something with `brummer-rpc start NAME`", where)
	}
	return &codeError{exitLost, err}
}

// ownEngine serves the verb from this process.
func (p *program) ownEngine(ctx context.Context) (*client, error) {
	host, err := p.newHost()
	if err != nil {
		return nil, err
	}
	host.logf = p.heard.hear
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	server := rpc.New(rpc.Options{Version: version, Open: host.open, Logf: p.logf})
	served := make(chan struct{})
	go func() {
		defer close(served)
		defer fromServer.Close() // a session that was never asked anything has not begun, and closes nothing
		server.ServeConn(ctx, toServer, fromServer, front.NDJSON)
	}()
	return p.newClient(toClient, fromClient, func() {
		<-served
		host.close()
		p.heard.say()
	}), nil
}

func (p *program) newClient(r io.Reader, w io.WriteCloser, end func()) *client {
	c := &client{p: p, end: end, moved: make(chan struct{}, 1)}
	c.Client = script.NewClient(r, w, c.notified)
	return c
}

func (c *client) notified(method string, params []byte) {
	switch method {
	case "$/progress":
		c.progress(params)
	case "proxy/activity":
		select {
		case c.moved <- struct{}{}:
		default: // whoever looks next sees this too
		}
	}
}

func (c *client) close() {
	c.Close()
	c.end()
}

// call sends a call. Its error has the exit code that it stands for; what the
// server has answered is printed, as an object.
func (c *client) call(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
	result, err := c.Call(ctx, method, params)
	var answered *script.Error
	switch {
	case err == nil:
		return result, nil
	case errors.As(err, &answered):
		fmt.Fprintf(c.p.stderr, "%s\n", answered.JSON)
		return nil, &codeError{code: exitAnswered}
	}
	return nil, c.p.failedCall(err)
}

func (p *program) failedCall(err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &codeError{exitTimeout, errors.New("no answer in time")}
	case errors.Is(err, context.Canceled):
		return &codeError{code: p.exitCode()} // a signal
	}
	return &codeError{exitLost, err}
}

// inVerbs is an answered error for who does not write JSON: what it says of methods
// is said of verbs.
type inVerbs struct{ error }

func (e inVerbs) Error() string { return verbOf.Replace(e.error.Error()) }

func (e inVerbs) Unwrap() error { return e.error }

var verbOf = strings.NewReplacer(
	"process/list names", "`brummer-rpc ps` names",
	"project/scripts lists", "`brummer-rpc scripts` lists",
	"proxy/list names", "`brummer-rpc proxy` names",
	"metrics/get without names has", "`brummer-rpc metrics` has",
	"overwrite: true replaces it", "--overwrite replaces it",
)

// answeredWith is an answered error in the words and with the exit code of a verb.
// What it says of params is about the arguments here: a search for a pattern that
// can't be used must not look like one that finds nothing.
func answeredWith(err error, code int, kind string) error {
	exit := exitAnswered
	switch {
	case kind == "wait.timeout":
		exit = exitTimeout
	case code == int(wire.InvalidParams), kind == "logs.badRegexp":
		exit = exitUsage
	}
	return &codeError{exit, inVerbs{err}}
}

// ask is call for the friendly verbs: typed, and an answered error is told in
// words, with an exit code that tells kinds of it apart.
func ask[R any](ctx context.Context, c *client, method string, params any) (R, error) {
	var result R
	text, err := wire.Encode(params)
	if err != nil {
		return result, err
	}
	raw, err := c.Call(ctx, method, text)
	var answered *script.Error
	switch {
	case err == nil:
		err = gojson.Unmarshal(raw, &result)
	case errors.As(err, &answered):
		err = answeredWith(answered, answered.Code, answered.Kind())
	default:
		err = c.p.failedCall(err)
	}
	return result, err
}
