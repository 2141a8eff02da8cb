package proxy

import "net/http"

// prompt sends on at once what the target has sent. ReverseProxy does so itself
// only where the length is unknown, with a timer and a goroutine for each request,
// which are felt in every page.
type prompt struct{ http.ResponseWriter }

// WriteHeader implements [http.ResponseWriter]. A head that says how long the body
// is waits for it: there is nothing to be done with it before.
func (w *prompt) WriteHeader(code int) {
	w.ResponseWriter.WriteHeader(code)
	if code >= http.StatusOK && len(w.Header()["Content-Length"]) == 0 {
		w.flush()
	}
}

// Write implements [io.Writer].
func (w *prompt) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	if err == nil {
		w.flush()
	}
	return n, err
}

func (w *prompt) flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Unwrap is for [http.ResponseController].
func (w *prompt) Unwrap() http.ResponseWriter { return w.ResponseWriter }
