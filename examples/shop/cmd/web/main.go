// Command web is the shop's HTTP server. It writes plain text to stdout and the same as
// JSON to stderr, so that both streams and both forms of a log line are seen.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	port := flag.Int("port", envInt("PORT", 0), "port on 127.0.0.1; 0 = any free one")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// AddSource puts file and line into each JSON line: a location to jump to.
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{AddSource: true, Level: slog.LevelDebug}))
	if err := serve(ctx, *port, os.Stdout, log); err != nil {
		log.Error("cannot serve", "err", err)
		os.Exit(1)
	}
	// No newline: the last line of a process is to be kept all the same.
	fmt.Print("bye")
}

// serve runs the server until ctx ends, and then lets the requests that are
// being answered come to their end.
func serve(ctx context.Context, port int, out io.Writer, log *slog.Logger) error {
	ln, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	s := &shop{out: out, log: log}
	srv := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 5 * time.Second}
	// After Listen, so that whoever waits for this line can connect at once:
	// it is what a URL detector and a readiness rule on the log look for.
	fmt.Fprintf(out, "listening on http://%s\n", ln.Addr())

	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	s.heartbeat(ctx, failed)

	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := srv.Shutdown(shutdown); err != nil {
		return err
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// shop is the server's state.
type shop struct {
	out io.Writer
	log *slog.Logger

	requests, checkouts atomic.Int64
}

// heartbeat prints a line every 500 ms until ctx or the server ends, so that a
// follower sees something move when nobody sends a request.
func (s *shop) heartbeat(ctx context.Context, failed chan error) {
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for beat := 1; ; beat++ {
		select {
		case <-ctx.Done():
			s.log.Info("shutting down", "requests", s.requests.Load())
			return
		case err := <-failed:
			failed <- err // for serve to find
			return
		case <-ticker.C:
			fmt.Fprintf(s.out, "heartbeat %d, %d requests\n", beat, s.requests.Load())
			s.log.Debug("heartbeat", "beat", beat)
		}
	}
}

// envInt gives an environment variable that is a number, else fallback.
func envInt(name string, fallback int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return fallback
}
