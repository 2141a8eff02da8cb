package workload

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// load asks, starts and fetches at the session's rates until ctx ends.
func (s *session) load(ctx context.Context) {
	var all sync.WaitGroup
	for i := range Processes {
		all.Go(func() {
			pace(ctx, i, Processes, s.o.every(StatusPerSecond), func() { s.call(ctx, "process/status", object{"id": app(i)}) })
		})
	}
	// A task is two events, and each of these workers runs one after the other.
	const workers = 25
	for i := range workers {
		all.Go(func() {
			pace(ctx, i, workers, workers*s.o.every(EventsPerSecond/2), func() { s.task(ctx, fmt.Sprintf("task%d", i)) })
		})
	}
	page := s.page(ctx)
	all.Go(func() { pace(ctx, 0, 1, s.o.every(PagesPerSecond), func() { s.fetch(ctx, page) }) })
	all.Wait()
}

// pace calls f at an interval, as number i of n who take turns: all at once would
// be bursts. What is not done in time is left out, and shows in the rates that
// were reached.
func pace(ctx context.Context, i, n int, every time.Duration, f func()) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(every * time.Duration(i) / time.Duration(n)):
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			f()
		}
	}
}

// task runs a process that ends at once.
func (s *session) task(ctx context.Context, name string) {
	if s.call(ctx, "process/start", object{"name": name, "command": []string{"true"}}) == nil {
		s.call(ctx, "process/wait", object{"id": name})
	}
}

// page is what to fetch: the server's page, through the proxy if the program has
// one.
func (s *session) page(ctx context.Context) string {
	s.r.mu.Lock()
	page := s.r.web
	s.r.mu.Unlock()
	if !slices.Contains(s.methods, "proxy/register") {
		return page
	}
	var proxy wire.Proxy
	if err := s.client.Call(ctx, "proxy/register", object{"url": page}, &proxy); err != nil {
		s.r.fault("proxy/register: " + err.Error())
		return page
	}
	return strings.TrimSuffix(proxy.ProxyURL, "/") + "/"
}

func (s *session) fetch(ctx context.Context, page string) {
	begun := time.Now()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		s.r.fault(err.Error())
		return
	}
	answer, err := http.DefaultClient.Do(q)
	if err == nil {
		_, err = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
	switch {
	case ctx.Err() != nil:
	case err != nil || answer.StatusCode != http.StatusOK:
		s.r.fault(fmt.Sprintf("%s: %v %v", page, answer, err))
	default:
		s.r.took("page", time.Since(begun))
	}
}

// running are the processes that have not ended.
func (s *session) running(ctx context.Context) (names []string, err error) {
	var list wire.ProcessList
	if err := s.client.Call(ctx, "process/list", object{}, &list); err != nil {
		return nil, err
	}
	for _, p := range list.Processes {
		if p.PID != 0 && p.ExitedAt == 0 {
			names = append(names, p.ID)
		}
	}
	return names, nil
}
