package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// onSignals returns a context that ends with the first signal that asks the
// program to end, and keeps the exit code that the signal stands for.
//
// SIGPIPE is caught, not ignored: the program must outlive a client that stops
// reading, to end its processes, but they must start with the usual disposition.
func onSignals(parent context.Context, p *program) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	caught := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(caught, endSignals...)
	go func() {
		for {
			select {
			case s := <-caught:
				if n, ok := s.(syscall.Signal); ok && n != sigPipe {
					p.signal.CompareAndSwap(0, int32(n))
					cancel()
				}
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(caught)
		close(done)
		cancel()
	}
}
