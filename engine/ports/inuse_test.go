package ports

import "testing"

// TestInUse has the words of real programs.
func TestInUse(t *testing.T) {
	for _, tt := range []struct {
		line string
		port int
		ok   bool
	}{
		{"Error: listen EADDRINUSE: address already in use :::3000", 3000, true},
		{"Error: listen EADDRINUSE: address already in use 127.0.0.1:8081", 8081, true},
		{"  code: 'EADDRINUSE',", 0, true},
		{"listen tcp :8080: bind: address already in use", 8080, true},
		{"2026/11/26 20:15:00 listen tcp 127.0.0.1:8080: bind: address already in use", 8080, true},
		{"listen tcp [::1]:8080: bind: address already in use", 8080, true},
		{"OSError: [Errno 98] Address already in use", 0, true},
		{"ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use", 8000, true},
		{"Address already in use - bind(2) for \"127.0.0.1\" port 3000 (Errno::EADDRINUSE)", 3000, true},
		{"nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)", 80, true},
		{"Os { code: 98, kind: AddrInUse, message: \"Address already in use\" }", 0, true},
		{"Web server failed to start. Port 8080 was already in use.", 8080, true},
		{"Error: Port 5173 is already in use", 5173, true},
		{"Port 5000 is in use by another program.", 5000, true},
		{"Error: That port is already in use.", 0, true},
		{"Bind for 0.0.0.0:5432 failed: port is already allocated", 5432, true},
		{"Failed to listen on localhost:8000 (reason: Address already in use)", 8000, true},
		{"listen tcp :80: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.", 80, true},

		{"in use: 3 connections", 0, false},
		{"memory in use at exit: 300 bytes", 0, false},
		{"GET /port/3000/used 200", 0, false},
		{"using port 3000", 0, false},
		{"", 0, false},
	} {
		if port, ok := InUse([]byte(tt.line)); port != tt.port || ok != tt.ok {
			t.Errorf("%q: port %d, %v; want %d, %v", tt.line, port, ok, tt.port, tt.ok)
		}
	}
}

func FuzzInUse(f *testing.F) {
	f.Add([]byte("listen tcp :8080: bind: address already in use"))
	f.Add([]byte("address already in use :::99999"))
	f.Fuzz(func(t *testing.T, line []byte) {
		if port, ok := InUse(line); port < 0 || port > 65535 || port != 0 && !ok {
			t.Errorf("port %d, %v", port, ok)
		}
	})
}
