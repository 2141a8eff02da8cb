package proxy

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// shared answers for every proxy on one port, by its name: http://web.localhost:PORT.
// Names below localhost are this machine in every browser (RFC 6761), and
// pages of different names share no cookies, as those of different ports do.
type shared struct {
	registry *Registry
	server   *http.Server
	done     sync.WaitGroup
}

// shareLocked opens the shared port, if there is to be one, with the first proxy.
func (r *Registry) shareLocked() error {
	if r.o.Shared == 0 || r.shared != nil {
		return nil
	}
	l, err := r.listen(r.o.Shared)
	if err != nil {
		return err
	}
	s := &shared{registry: r}
	s.server = &http.Server{
		Handler: s, MaxHeaderBytes: maxHeader, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout,
	}
	s.done.Go(func() {
		if err := s.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			r.o.Logf("the proxies' shared port %d: %v", r.o.Shared, err)
		}
	})
	r.shared = s
	return nil
}

func (s *shared) close() {
	s.server.Close()
	s.done.Wait()
}

// ServeHTTP implements [http.Handler].
func (s *shared) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	label, _, _ := strings.Cut(strings.ToLower(r.Host), ".localhost")
	if p := s.registry.find(func(p *Proxy) bool { return p.options.Label == label }); p != nil {
		p.ServeHTTP(w, r)
		return
	}
	var names []string
	for _, p := range s.registry.List() {
		names = append(names, p.Alias)
	}
	http.Error(w, fmt.Sprintf("brummer-rpc: there is no proxy %q here; there are:\n%s", label, strings.Join(names, "\n")), http.StatusNotFound)
}
