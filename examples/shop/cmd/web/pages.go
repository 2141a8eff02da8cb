package main

import (
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"example.com/shop/internal/price"
)

func (s *shop) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /cart", s.cart)
	mux.HandleFunc("/checkout", s.checkout)
	return s.logged(mux)
}

// logged writes each request twice: as a line of text as servers have it, and
// as JSON at the level that its status deserves.
func (s *shop) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		s.requests.Add(1)

		took := time.Since(began).Round(time.Microsecond)
		fmt.Fprintf(s.out, "%s %s %d %s\n", r.Method, r.URL.RequestURI(), rec.status, took)
		level := slog.LevelInfo
		if rec.status >= http.StatusBadRequest {
			level = slog.LevelWarn
		}
		s.log.Log(r.Context(), level, "request", "method", r.Method, "path", r.URL.Path, "status", rec.status, "took", took)
	})
}

// recorder remembers the status that a handler answers with.
type recorder struct {
	http.ResponseWriter

	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// home is a page of HTML, which is what a proxy injects its script into.
func (s *shop) home(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, `<!doctype html>
<title>shop</title>
<h1>shop</h1>
<p><a href="/cart?item=tea&amp;n=2">two teas</a>, <a href="/checkout">checkout</a></p>
`)
}

// cart answers /cart?item=tea&n=2 with the price; a wrong item is the client's
// mistake, a 400 and a WARN.
func (s *shop) cart(w http.ResponseWriter, r *http.Request) {
	item, n := r.FormValue("item"), 1
	if text := r.FormValue("n"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	if item == "" {
		fmt.Fprintln(w, "the cart is empty")
		return
	}
	total, err := price.Of(item, n)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, "%d x %s: %v\n", n, item, total)
}

// checkout fails every third time with a 500 and an ERROR line, which has file
// and line: always the same third, so that a test can count on it.
func (s *shop) checkout(w http.ResponseWriter, _ *http.Request) {
	if n := s.checkouts.Add(1); n%3 == 0 {
		s.log.Error("payment declined", "checkout", n)
		log.New(s.out, "ERROR ", log.Llongfile).Printf("payment declined for checkout %d", n)
		http.Error(w, "payment declined", http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, "thank you")
}
