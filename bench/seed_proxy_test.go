package bench

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/bench/baseline"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy/inject"
)

// BenchmarkSeedInject puts the script's tag into a page as it goes by. A user
// waits for this before the first byte, and it is paid for each page.
func BenchmarkSeedInject(b *testing.B) {
	const tag = `<script src="/__brummer__/t.js"></script>`
	for _, kb := range []int{5, 100} {
		page := []byte("<!doctype html><html><head><title>shop</title></head><body>" + strings.Repeat("<p>the quick brown fox</p>\n", kb*1024/27) + "</body></html>")
		b.Run(fmt.Sprintf("page=%dKB/brummer", kb), func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			buf := make([]byte, 32<<10)
			for b.Loop() {
				// Only to write, so that io.Copy really copies.
				n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, inject.NewReader(bytes.NewReader(page), tag), buf)
				if err != nil || n != int64(len(page)+len(tag)) {
					b.Fatal(n, err)
				}
			}
		})
		b.Run(fmt.Sprintf("page=%dKB/whole-page", kb), func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			for b.Loop() {
				if out, err := baseline.Inject(bytes.NewReader(page), tag); err != nil || len(out) != len(page)+len(tag) {
					b.Fatal(len(out), err)
				}
			}
		})
	}
}

// BenchmarkSeedRegister makes a proxy for an address, until its port answers,
// and ends it. The yardsticks open and close a listener, and a server on one that
// has answered once.
func BenchmarkSeedRegister(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		r := proxy.New(proxy.Options{})
		for b.Loop() {
			info, err := r.Register(proxy.Register{URL: "http://127.0.0.1:1"})
			if err == nil {
				err = r.Unregister(info.ID)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("server", func(b *testing.B) {
		for b.Loop() {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			s := &http.Server{Handler: http.NotFoundHandler()}
			var done sync.WaitGroup
			done.Go(func() { s.Serve(l) })
			answer, err := http.Get("http://" + l.Addr().String())
			if err != nil {
				b.Fatal(err)
			}
			answer.Body.Close()
			http.DefaultClient.CloseIdleConnections()
			s.Close()
			done.Wait()
		}
	})
	b.Run("listen", func(b *testing.B) {
		for b.Loop() {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			l.Close()
		}
	})
}
