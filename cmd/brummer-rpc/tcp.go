package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/rpc"
	"github.com/brummer-rpc/brummer-rpc/rpc/socket"
)

// tcpFlags are those of serve that ask for a TCP port.
type tcpFlags struct{ address, tokenFile string }

// tcpPort is a listener on TCP, which an engine has only if it is asked for one.
type tcpPort struct {
	net.Listener
	door rpc.Door
	file string // that holds the token
	made bool   // the token and its file are the engine's own
}

// check says what is wrong with the flags, as far as that can be known beforehand.
func (f tcpFlags) check() error {
	switch {
	case f.address == "" && f.tokenFile != "":
		return errors.New("--token-file is for --tcp, which is not given")
	case f.address == "":
		return nil
	}
	if err := loopback(f.address); err != nil {
		return err
	}
	_, err := f.token()
	return err
}

// token is the one that the user has chosen, or a new one.
func (f tcpFlags) token() (string, error) {
	if f.tokenFile == "" {
		return newToken(), nil
	}
	token, err := readToken(f.tokenFile)
	if err != nil {
		return "", fmt.Errorf("--token-file: %w", err)
	}
	return token, nil
}

// listen listens as the flags say; nil if no port was asked for.
func (f tcpFlags) listen(place socket.Place) (*tcpPort, error) {
	if err := f.check(); err != nil || f.address == "" {
		return nil, err
	}
	token, err := f.token()
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", f.address)
	if err != nil {
		return nil, fmt.Errorf("--tcp: %w", err)
	}
	t := &tcpPort{l, rpc.Door{Host: l.Addr().String(), Token: token}, f.tokenFile, f.tokenFile == ""}
	if t.made {
		t.file = place.Token()
	}
	return t, nil
}

// loopback refuses an address that others than this machine could reach. A name
// is refused too: what it resolves to is not ours to say.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--tcp: %w: want an address such as 127.0.0.1:7000, or port 0 for any", err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("--tcp %s: only this machine may reach the engine: use 127.0.0.1 or [::1], and a tunnel of your own for more", address)
	}
	return nil
}

// minToken is how short a token of the user's own may be, in bytes.
const minToken = 16

// readToken reads a token that the user has chosen.
func readToken(file string) (string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a regular file", file)
	}
	if why := othersMayRead(info); why != "" {
		return "", fmt.Errorf("%s can be read by others (%s): write a new token to a file of mode 600", file, why)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(text))
	if len(token) < minToken || strings.ContainsAny(token, " \t\r\n") {
		return "", fmt.Errorf("%s must hold one word of at least %d bytes", file, minToken)
	}
	return token, nil
}

// newToken is 256 random bits.
func newToken() string {
	var b [32]byte
	rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}

// publish writes the token where clients find it. The engine's lock is held, so
// no other engine of the place writes there.
func (t *tcpPort) publish() error {
	if t == nil || !t.made {
		return nil
	}
	return socket.ReplaceFile(t.file, []byte(t.door.Token+"\n"))
}

// info adds what clients must know of the port.
func (t *tcpPort) info(i socket.Info) socket.Info {
	if t != nil {
		i.TCP, i.Token = t.door.Host, t.file
	}
	return i
}

// close ends accept.
func (t *tcpPort) close() {
	if t != nil {
		t.Close()
	}
}

// stop closes the port and takes its token away.
func (t *tcpPort) stop() {
	t.close()
	if t != nil && t.made {
		os.Remove(t.file)
	}
}

// acceptTCP serves the connections to a TCP port until it is closed.
func (d *daemon) acceptTCP(ctx context.Context) {
	for {
		conn, err := d.tcp.Accept()
		if err != nil {
			return
		}
		d.enter()
		d.sessions.Go(func() {
			if err := d.server.ServeTCP(ctx, conn, d.tcp.door); err != nil && ctx.Err() == nil {
				d.p.logf("connection: %v", err)
			}
			d.leave(rpc.Outcome{})
		})
	}
}
