// Package socket is where the engine of a workspace can be reached: which file
// its Unix socket is, who may use it, and that there is only one engine. It is
// not a front: it hands over connections and speaks no protocol on them.
//
// For each workspace root a private folder holds
//
//	<hash>.sock   the socket, 0600
//	<hash>.json   who listens there: [Info], 0600
//	<hash>.lock   locked for as long as an engine lives, so that of two that start at once one gives way
//	<hash>.log    what a detached engine has to say
//	<hash>.token  what a client of its TCP port must show, if it was asked for one: 0600
//
// The folder must be a real directory, ours, and closed to everyone else, or it
// is refused: whoever can write there could stand in for the engine.
package socket

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Place is where the engine of one workspace root is reached.
type Place struct {
	Root string // absolute, without symbolic links
	base string // path of the files without their extension
}

// maxPath is how long a socket's path may be: sun_path of unix(7), and less on
// macOS.
const maxPath = 103

// For returns the place of a root and makes its folder.
func For(root string) (Place, error) {
	dir, err := folder()
	if err != nil {
		return Place{}, err
	}
	sum := sha256.Sum256([]byte(root))
	p := Place{Root: root, base: filepath.Join(dir, hex.EncodeToString(sum[:8]))}
	if err := p.checkLength(); err != nil {
		return Place{}, fmt.Errorf("%w: set XDG_RUNTIME_DIR to a shorter folder", err)
	}
	return p, nil
}

// At is the place of an engine whose socket is at a given path.
func At(path string) Place { return Place{base: strings.TrimSuffix(path, ".sock")} }

// ForAt is the place of a root at a path of the user's choice, below which the
// other files lie. Its folder must be as the private one, and is made if need be.
func ForAt(root, path string) (Place, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return Place{}, err
	}
	p := At(abs)
	p.Root = root
	if err := p.checkLength(); err != nil {
		return Place{}, err
	}
	return p, privateFolder(filepath.Dir(abs))
}

func (p Place) checkLength() error {
	if n := len(p.Socket()); n > maxPath {
		return fmt.Errorf("the path %s has %d bytes, over the system's limit of %d for a socket", p.Socket(), n, maxPath)
	}
	return nil
}

// Socket, Log and the others are the files of a place.
func (p Place) Socket() string { return p.base + ".sock" }

// Log is where a detached engine writes its log.
func (p Place) Log() string { return p.base + ".log" }

// Token is where the token for a TCP port is, unless the user names a file.
func (p Place) Token() string { return p.base + ".token" }

func (p Place) info() string { return p.base + ".json" }
func (p Place) lock() string { return p.base + ".lock" }

// folder is the private folder of this user: below XDG_RUNTIME_DIR, or else in
// the folder for temporary files under a name with the uid.
func folder() (string, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("brummer-rpc-%d", os.Getuid()))
	if runtime := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(runtime) {
		dir = filepath.Join(runtime, "brummer-rpc")
	}
	return dir, privateFolder(dir)
}

// privateFolder makes a folder that is for this user alone, or refuses one that is not.
func privateFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the folder for the workspace socket: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	return checkFolder(dir, info)
}

// Info tells who listens at a place.
type Info struct {
	PID      int    `json:"pid"`
	Version  string `json:"version"`
	Protocol int    `json:"protocol"`
	Root     string `json:"root"`
	Binary   string `json:"binary"`

	TCP   string `json:"tcp,omitempty"`   // the address of its TCP port, "" without one
	Token string `json:"token,omitempty"` // the file with that port's token
}

// ErrNone: no engine lives at the place.
var ErrNone = errors.New("no engine runs for this workspace")

// ReadInfo returns who listens at the place. The error is [ErrNone] if nobody
// has said so.
func (p Place) ReadInfo() (Info, error) {
	var info Info
	text, err := os.ReadFile(p.info())
	if errors.Is(err, fs.ErrNotExist) {
		return info, ErrNone
	}
	if err == nil {
		err = json.Unmarshal(text, &info)
	}
	return info, err
}

// Dial connects to the engine at the place, after making sure that it is this
// user's. The error is [ErrNone] if there is none.
func (p Place) Dial() (*net.UnixConn, error) {
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: p.Socket(), Net: "unix"})
	switch {
	case errors.Is(err, fs.ErrNotExist), isRefused(err):
		return nil, ErrNone
	case err != nil:
		return nil, err
	}
	if err := checkPeer(conn); err != nil {
		conn.Close()
		return nil, fmt.Errorf("the engine at %s: %w", p.Socket(), err)
	}
	return conn, nil
}

// Alive reports whether an engine answers at the place.
func (p Place) Alive() bool {
	if _, err := os.Lstat(p.Socket()); err != nil {
		return false
	}
	conn, err := p.Dial()
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// BusyError: an engine lives at the place already, or is starting there.
type BusyError struct{ Place Place }

func (e *BusyError) Error() string {
	return fmt.Sprintf("an engine runs for %s already (%s)", e.Place.Root, e.Place.Socket())
}

// Listener accepts the connections of this user's programs.
type Listener struct {
	place Place
	lock  *os.File
	net   *net.UnixListener
}

// Listen makes this process the engine of the place. A socket that nobody
// listens on any more is replaced. The error is a [*BusyError] if there is an
// engine.
func (p Place) Listen(info Info) (*Listener, error) {
	lock, err := os.OpenFile(p.lock(), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := tryLock(lock); err != nil {
		lock.Close()
		if errors.Is(err, errLocked) {
			return nil, &BusyError{p}
		}
		return nil, fmt.Errorf("%s: %w", p.lock(), err)
	}
	l := &Listener{place: p, lock: lock}
	if err := l.bind(info); err != nil {
		lock.Close()
		return nil, err
	}
	return l, nil
}

// bind is done under the lock.
func (l *Listener) bind(info Info) error {
	if err := l.place.clear(); err != nil {
		return err
	}
	text, err := json.Marshal(info)
	if err != nil {
		return err
	}
	if err := ReplaceFile(l.place.info(), text); err != nil {
		return err
	}
	l.net, err = listenPrivate(l.place.Socket())
	return err
}

// clear removes a socket that is ours and that nobody listens on.
func (p Place) clear() error {
	info, err := os.Lstat(p.Socket())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s is not a socket: it is left alone, and must be removed by hand", p.Socket())
	}
	if conn, err := p.Dial(); err == nil {
		conn.Close()
		return &BusyError{p}
	} else if !errors.Is(err, ErrNone) {
		return err
	}
	return os.Remove(p.Socket())
}

// ReplaceFile writes a file that only this user can read, in one step.
func ReplaceFile(path string, text []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // 0600
	if err != nil {
		return err
	}
	_, err = tmp.Write(text)
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}

// Path is the socket's file.
func (l *Listener) Path() string { return l.place.Socket() }

// Accept waits for the next connection of this user; others are turned away.
func (l *Listener) Accept() (*net.UnixConn, error) {
	for {
		conn, err := l.net.AcceptUnix()
		if err != nil {
			return nil, err
		}
		if checkPeer(conn) == nil {
			return conn, nil
		}
		conn.Close()
	}
}

// settle is how long Accept still looks for who dialled before Hide.
const settle = 20 * time.Millisecond

// Hide takes the socket away. Accept still returns those who had dialled before,
// and then [os.ErrDeadlineExceeded]; who dials now finds no engine.
func (l *Listener) Hide() {
	os.Remove(l.place.Socket())
	l.net.SetDeadline(time.Now().Add(settle))
}

// Show brings the socket back after Hide.
func (l *Listener) Show() error {
	l.net.Close()
	var err error
	l.net, err = listenPrivate(l.place.Socket())
	return err
}

// Stop ends Accept and takes the socket away; a new engine has to wait for Close.
func (l *Listener) Stop() {
	os.Remove(l.place.info())
	l.net.Close() // unlinks the socket
}

// Close lets another engine take the place. Call it after Stop, when everything
// has ended.
func (l *Listener) Close() { l.lock.Close() }
