package rpc

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"strings"
)

// Door is what a client on a TCP port must show: every program of every user of
// the machine can dial there, and so can web pages, by a name that they have made
// resolve to it.
type Door struct {
	Host  string // the address that was listened on, as it must stand in the Host header
	Token string // of the header Authorization: Bearer
}

// ServeTCP serves one connection to a TCP port: HTTP only, and only for who shows
// what the door asks for. It returns when everything that belongs to it has ended.
func (s *Server) ServeTCP(ctx context.Context, conn net.Conn, d Door) error {
	return serveHTTP(ctx, conn, conn, d.guard(s.handler()))
}

// guard lets nobody through to h who does not show what the door asks for. What
// page it was sent by is looked at first, so that a page learns nothing else.
func (d Door) guard(h http.Handler) http.Handler {
	return noOrigin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Host != d.Host:
			http.Error(w, "the Host must be "+d.Host, http.StatusMisdirectedRequest)
		case !d.opens(r.Header.Get("Authorization")):
			w.Header().Set("WWW-Authenticate", `Bearer realm="brummer-rpc"`)
			http.Error(w, "the header Authorization: Bearer TOKEN is missing or wrong; `brummer-rpc doctor` tells which file has the token", http.StatusUnauthorized)
		default:
			h.ServeHTTP(w, r)
		}
	}))
}

// opens compares in a time that tells nothing, not even the token's length.
func (d Door) opens(authorization string) bool {
	scheme, token, _ := strings.Cut(authorization, " ")
	given, want := sha256.Sum256([]byte(strings.TrimSpace(token))), sha256.Sum256([]byte(d.Token))
	return strings.EqualFold(scheme, "bearer") && d.Token != "" && subtle.ConstantTimeCompare(given[:], want[:]) == 1
}
