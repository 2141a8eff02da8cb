package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/socket"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// lifetime says when an engine on a socket ends by itself.
type lifetime int

const (
	// withClients: when the last client leaves. So end engines that a relay
	// has started.
	withClients lifetime = iota
	// untilIdle: after a while without a client and without a process, or by
	// session/stopEngine. So end engines that a user has started.
	untilIdle
)

// How long an engine waits for its first client, and without clients.
const (
	firstClient = 10 * time.Second
	idleTime    = 60 * time.Second
)

// daemon is the engine of a workspace on its socket.
type daemon struct {
	p        *program
	host     *host
	listener *socket.Listener
	tcp      *tcpPort // nil without one
	server   *rpc.Server
	life     lifetime
	stop     context.CancelFunc // ends the sessions

	sessions sync.WaitGroup
	mu       sync.Mutex
	news     *sync.Cond // clients or ending have changed
	clients  int
	served   bool // somebody has been here who spoke: a look at whether it lives does not count
	ending   bool
	timer    *time.Timer // decides again when it fires
}

// runDaemon serves the workspace until its life is over. The error is a
// [*socket.BusyError] if somebody else does.
func (p *program) runDaemon(ctx context.Context, place socket.Place, life lifetime, ready func(*daemon)) error {
	port, err := p.tcp.listen(place)
	if err != nil {
		return err
	}
	listener, err := place.Listen(port.info(socket.Info{
		PID: os.Getpid(), Version: version, Protocol: wire.Protocol, Root: place.Root, Binary: binaryPath(),
	}))
	if err != nil {
		port.close()
		return err
	}
	defer listener.Close()
	if err := port.publish(); err != nil {
		port.close()
		listener.Stop()
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	d := &daemon{p: p, host: &host{p: p, root: place.Root, logf: p.logf}, listener: listener, tcp: port, life: life, stop: stop}
	d.news = sync.NewCond(&d.mu)
	d.server = rpc.New(rpc.Options{
		Version: version, Open: d.host.open, Stop: d.end, Socket: listener.Path(), Logf: p.logf,
	})
	d.host.logf = d.server.Logf
	e, err := d.host.open(place.Root)
	if err != nil {
		return err
	}
	if p.flags.autostart {
		d.sessions.Go(func() { d.server.Autostart(ctx, e) })
	}
	first := firstClient
	if life == untilIdle {
		first = idleTime
	}
	d.timer = time.AfterFunc(first, d.decide)
	defer context.AfterFunc(ctx, d.end)()
	ready(d)
	if d.tcp != nil {
		d.sessions.Go(func() { d.acceptTCP(ctx) })
	}
	d.accept(ctx)
	d.sessions.Wait()
	d.host.close()
	return nil
}

// accept serves connections until the daemon ends. A client that dialled just
// before the daemon wanted to end is still served, and keeps it alive.
func (d *daemon) accept(ctx context.Context) {
	for {
		conn, err := d.listener.Accept()
		if err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) && d.revive() {
				continue
			}
			d.end()
			return
		}
		d.enter()
		d.sessions.Go(func() { d.serve(ctx, conn) })
	}
}

// revive opens the socket again if somebody has come since it was hidden.
func (d *daemon) revive() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ending || d.clients == 0 {
		return false
	}
	return d.listener.Show() == nil
}

func (d *daemon) serve(ctx context.Context, conn *net.UnixConn) {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	stopWatch := watchConn(conn, hangUp)
	outcome, err := d.server.ServeConn(ctx, conn, halfClosed{conn}, front.Unknown)
	stopWatch()
	if err != nil && ctx.Err() == nil {
		d.p.logf("connection: %v", err)
	}
	d.leave(outcome)
	if outcome.Linger == 0 && !outcome.Silent {
		d.verdict()
	}
	conn.Close()
}

// halfClosed is a connection as a session sees it: closing it ends its reading.
// The connection itself stays open until the daemon knows whether this was the
// last client, who is to wait until everything has ended.
type halfClosed struct{ *net.UnixConn }

func (c halfClosed) Close() error { return c.CloseRead() }

// enter notes that a client has come.
func (d *daemon) enter() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clients++
	d.news.Broadcast()
}

// leave notes that a client has gone.
func (d *daemon) leave(outcome rpc.Outcome) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clients--
	d.news.Broadcast()
	d.served = d.served || !outcome.Silent
	if d.clients == 0 && d.served && !d.ending {
		linger := outcome.Linger
		if d.life == untilIdle {
			linger = max(linger, idleTime)
		}
		d.timer.Reset(linger)
	}
}

// verdict returns when it is known that the engine lives on without this client,
// or has ended: every process is gone.
func (d *daemon) verdict() {
	d.mu.Lock()
	for d.life == withClients && d.clients == 0 && !d.ending {
		d.news.Wait()
	}
	ending := d.ending
	d.mu.Unlock()
	if ending {
		d.host.close()
	}
}

// decide begins to end the daemon if nobody needs it any more.
func (d *daemon) decide() {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.clients > 0 || d.ending:
	case d.life == untilIdle && d.host.busy():
		d.timer.Reset(idleTime)
	default:
		d.listener.Hide() // accept decides, once it has seen that nobody waits
	}
}

// end lets nobody in any more and ends the sessions. It may be called again.
func (d *daemon) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ending {
		return
	}
	d.ending = true
	d.news.Broadcast()
	d.timer.Stop()
	d.listener.Stop()
	d.tcp.stop()
	// A session that has just asked for the end gets its answer first.
	time.AfterFunc(50*time.Millisecond, d.stop)
}

func binaryPath() string {
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}

// protocolError says that the engine at a place speaks another protocol.
type protocolError struct{ info socket.Info }

func (e *protocolError) Error() string {
	return fmt.Sprintf("the engine of %s (pid %d, %s, version %s) speaks protocol %d, but %s speaks protocol %d: stop it with `%s shutdown --root %s`",
		e.info.Root, e.info.PID, e.info.Binary, e.info.Version, e.info.Protocol, binaryPath(), wire.Protocol, e.info.Binary, e.info.Root)
}

// dial connects to the engine of a place, if it speaks our protocol.
func dial(place socket.Place) (*net.UnixConn, error) {
	info, err := place.ReadInfo()
	if err != nil && !errors.Is(err, socket.ErrNone) {
		return nil, err
	}
	if err == nil && info.Protocol != wire.Protocol {
		// A file left behind by an engine that is gone refuses nobody.
		if conn, err := place.Dial(); err == nil {
			conn.Close()
			return nil, &protocolError{info}
		}
		return nil, socket.ErrNone
	}
	return place.Dial()
}
