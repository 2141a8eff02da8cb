package rpc

// The lifecycle of LSP: initialize, initialized, shutdown, exit.

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func initialize(c *call, p wire.InitializeParams) (wire.InitializeResult, error) {
	s := c.session
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == fresh {
		s.client = p.ClientInfo // before it opens, for the event that tells of it
		root, err := rootOf(p)
		if err != nil {
			return wire.InitializeResult{}, err
		}
		if err := s.openLocked(root); err != nil {
			return wire.InitializeResult{}, err
		}
	} else if s.framing == front.Header {
		return wire.InitializeResult{}, &wire.Error{Code: wire.InvalidRequest, Message: "the session has been initialized already"}
	}
	s.client = p.ClientInfo
	s.setTraceLocked(p.Trace)
	if p.ProcessID != nil {
		s.watchParent(*p.ProcessID)
	}
	if o := p.InitializationOptions; o.Env != nil || o.LingerMs != 0 {
		s.env, s.linger = o.Env, time.Duration(max(0, min(o.LingerMs, maxLinger)))*time.Millisecond
	}
	s.autostartLocked(p.InitializationOptions.Autostart)
	s.utf8 = slices.Contains(p.Capabilities.General.PositionEncodings, "utf-8")
	return wire.InitializeResult{
		Capabilities: capabilities(s.utf8),
		ServerInfo:   wire.ServerInfo{Name: "brummer-rpc", Version: s.server.o.Version},
	}, nil
}

func capabilities(utf8 bool) wire.Capabilities {
	caps := wire.Capabilities{PositionEncoding: "utf-16"}
	if utf8 {
		caps.PositionEncoding = "utf-8"
	}
	b := &caps.Experimental.Brummer
	b.Protocol = wire.Protocol
	for _, n := range notifications {
		if !ofLSP(n.Name) {
			b.Notifications = append(b.Notifications, n.Name)
		}
	}
	for name := range methods {
		if !ofLSP(name) {
			b.Methods = append(b.Methods, name)
		}
	}
	slices.Sort(b.Methods)
	return caps
}

// rootOf is the folder that a client opens: rootUri, or its only workspace
// folder; "" if it names none.
func rootOf(p wire.InitializeParams) (string, error) {
	switch {
	case p.RootURI != nil && *p.RootURI != "":
		return folderOf(*p.RootURI, "/rootUri")
	case len(p.WorkspaceFolders) == 1:
		return folderOf(p.WorkspaceFolders[0].URI, "/workspaceFolders/0/uri")
	case len(p.WorkspaceFolders) > 1:
		return "", invalidParams("/workspaceFolders", "several workspace folders need a connection each: name one as rootUri")
	}
	return "", nil
}

// RootOf is the folder that the params of an initialize name, "" if they name
// none that can be used; initialize itself says what is wrong with it.
func RootOf(params []byte) string {
	var p wire.InitializeParams
	if decode(params, &p, false) != nil {
		return ""
	}
	root, err := rootOf(p)
	if err != nil {
		return ""
	}
	return root
}

func folderOf(uri, param string) (string, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" {
		return "", invalidParams(param, uri+" is not a file URI of this machine")
	}
	path := filepath.FromSlash(u.Path)
	if drive := strings.TrimPrefix(path, `\`); filepath.VolumeName(drive) != "" {
		path = drive
	}
	if info, err := os.Stat(path); !filepath.IsAbs(path) || err != nil || !info.IsDir() {
		return "", invalidParams(param, path+" is not an existing folder")
	}
	return path, nil
}

func initialized(c *call, _ wire.None) (wire.Null, error) {
	if c.header() {
		c.pump.introduce()
	}
	return wire.Null{}, nil
}

func shutdown(c *call, _ wire.None) (wire.Null, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.phase = shutDown
	return wire.Null{}, nil
}

func exit(c *call, _ wire.None) (wire.Null, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != over {
		if c.phase != shutDown {
			c.code = ExitNoReason
		}
		c.phase = over
		close(c.ended)
	}
	return wire.Null{}, nil
}

// cancelRequest has nothing left to do: the gate has cancelled the call when it
// read the notification, since by now the id may be another call's.
func cancelRequest(*call, wire.CancelParams) (wire.Null, error) { return wire.Null{}, nil }
