package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/socket"
)

// launchTime is how long a new engine may take to answer: the grace time of one
// that is just ending at its place, and some more.
const launchTime = 15 * time.Second

// maxLog is how large the log of detached engines may be when a new one starts.
const maxLog = 1 << 20

// dialOrLaunch connects to the engine of a place and starts one if there is none.
// Of several that start at once, one becomes the engine and all connect to it.
func (p *program) dialOrLaunch(ctx context.Context, place socket.Place, life lifetime) (*net.UnixConn, error) {
	for end := time.Now().Add(launchTime); ; {
		conn, err := dial(place)
		switch {
		case !errors.Is(err, socket.ErrNone):
			return conn, err
		case place.Root == "":
			return nil, fmt.Errorf("%s: %w", place.Socket(), err)
		case time.Now().After(end):
			return nil, fmt.Errorf("no engine stays at %s%s", place.Socket(), lastWords(place))
		}
		if err := p.launch(ctx, place, life); err != nil {
			return nil, err
		}
	}
}

// launch starts an engine and returns when it answers, or has given way to
// another one.
func (p *program) launch(ctx context.Context, place socket.Place, life lifetime) error {
	engine, ready, err := p.spawnEngine(place, life)
	if err != nil {
		return err
	}
	defer ready.Close()
	defer context.AfterFunc(ctx, func() { ready.SetReadDeadline(time.Now()) })()
	ready.SetReadDeadline(time.Now().Add(launchTime))
	_, err = ready.Read(make([]byte, 1))
	switch {
	case err == nil:
		return engine.Process.Release()
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("the engine does not answer at %s%s", place.Socket(), lastWords(place))
	}
	if err := engine.Wait(); err != nil {
		return fmt.Errorf("the engine has not started: %w%s", err, lastWords(place))
	}
	return nil // another one is the engine
}

// spawnEngine starts an engine in a session of its own, so that it outlives this
// program and its terminal. It writes to ready when it answers on its socket.
func (p *program) spawnEngine(place socket.Place, life lifetime) (engine *exec.Cmd, ready *os.File, err error) {
	log, err := os.OpenFile(place.Log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	defer log.Close()
	if info, err := log.Stat(); err == nil && info.Size() > maxLog {
		log.Truncate(0)
	}
	ready, tell, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer tell.Close()
	args := []string{"serve", "--launched", "--root", place.Root}
	if life == withClients {
		args = append(args, "--with-clients")
	}
	args = append(args, p.engineFlags(place)...)
	cmd := exec.Command(binaryPath(), args...)
	cmd.Args[0] = "brummer-rpc"
	cmd.Dir = place.Root
	cmd.Stdout, cmd.Stderr = tell, log
	cmd.SysProcAttr = detached()
	return cmd, ready, cmd.Start()
}

// engineFlags are the flags that an engine is started with.
func (p *program) engineFlags(place socket.Place) []string {
	var out []string
	if p.flags.logBudget != 0 {
		out = append(out, fmt.Sprintf("--log-budget=%d", p.flags.logBudget))
	}
	if p.flags.detection != "" {
		out = append(out, "--detection="+p.flags.detection)
	}
	for _, file := range p.flags.matchers {
		out = append(out, "--matchers="+file)
	}
	if p.flags.maxLine != 0 {
		out = append(out, fmt.Sprintf("--max-line=%d", p.flags.maxLine))
	}
	if p.flags.socket != "auto" {
		out = append(out, "--socket="+place.Socket())
	}
	if p.flags.autostart {
		out = append(out, "--autostart")
	}
	if p.tcp.address != "" {
		out = append(out, "--tcp="+p.tcp.address)
	}
	if p.tcp.tokenFile != "" {
		out = append(out, "--token-file="+p.tcp.tokenFile)
	}
	return out
}

// lastWords is the end of a detached engine's log, to go behind an error.
func lastWords(place socket.Place) string {
	text, err := os.ReadFile(place.Log())
	if err != nil || len(strings.TrimSpace(string(text))) == 0 {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return "; it says: " + lines[len(lines)-1]
}
