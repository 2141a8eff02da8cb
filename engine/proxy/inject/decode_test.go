package inject

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

type compressor interface {
	io.WriteCloser
	Flush() error
}

var codings = map[string]func(io.Writer) compressor{
	"gzip":    func(w io.Writer) compressor { return gzip.NewWriter(w) },
	"deflate": func(w io.Writer) compressor { return zlib.NewWriter(w) },
	"br":      func(w io.Writer) compressor { return brotli.NewWriter(w) },
	"zstd": func(w io.Writer) compressor {
		z, err := zstd.NewWriter(w)
		if err != nil {
			panic(err)
		}
		return z
	},
}

// TestDecodeStreams: what a server flushes can be read, and gets its tag, while
// the server has not written the rest.
func TestDecodeStreams(t *testing.T) {
	for coding, compress := range codings {
		body, w := io.Pipe()
		wrote := make(chan struct{})
		go func() {
			z := compress(w)
			io.WriteString(z, "<html><head><title>a</title>")
			z.Flush()
			<-wrote
			io.WriteString(z, strings.Repeat("<p>b", 1000))
			z.Close()
			w.Close()
		}()
		d := Decode(body, coding)
		r := NewReader(d, tag)
		first := make([]byte, len("<html><head><title>a</title>")+len(tag))
		if _, err := io.ReadFull(r, first); err != nil || string(first) != "<html><head>"+tag+"<title>a</title>" {
			t.Errorf("%s: the first part is %q, %v", coding, first, err)
		}
		close(wrote)
		rest, err := io.ReadAll(r)
		if err != nil || string(rest) != strings.Repeat("<p>b", 1000) {
			t.Errorf("%s: the rest has %d bytes, %v", coding, len(rest), err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("%s: %v", coding, err)
		}
	}
}

// TestRawDeflate: some servers send deflate without its wrapping.
func TestRawDeflate(t *testing.T) {
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, 9)
	io.WriteString(z, "hello")
	z.Close()
	got, err := io.ReadAll(Decode(io.NopCloser(&b), "deflate"))
	if err != nil || string(got) != "hello" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestSniffCoding: what is not compressed as it claims is told by its first byte,
// where the coding has one of its own.
func TestSniffCoding(t *testing.T) {
	for coding, compress := range codings {
		var b bytes.Buffer
		z := compress(&b)
		io.WriteString(z, "hello")
		z.Close()
		if skip := Sniff(b.Bytes()[0], coding); skip != "" {
			t.Errorf("%s begins with %#x: %s", coding, b.Bytes()[0], skip)
		}
		if skip, known := Sniff('<', coding), coding == "gzip" || coding == "zstd"; (skip != "") != known {
			t.Errorf("a page that claims to be %s: %q", coding, skip)
		}
	}
}

// TestBadCoding: bytes that are not what the header says are an error, not a
// page, and so is a body that breaks off.
func TestBadCoding(t *testing.T) {
	for coding, compress := range codings {
		var b bytes.Buffer
		z := compress(&b)
		io.WriteString(z, "hello, hello, hello")
		z.Close()
		for name, body := range map[string]string{"none": "hello, this is not compressed", "half": b.String()[:b.Len()/2]} {
			got, err := io.ReadAll(Decode(io.NopCloser(strings.NewReader(body)), coding))
			if err == nil {
				t.Errorf("%s of %s: %q without an error", coding, name, got)
			}
		}
		if got, err := io.ReadAll(Decode(io.NopCloser(strings.NewReader("")), coding)); len(got) > 0 || err != nil {
			t.Errorf("%s of nothing: %q, %v", coding, got, err)
		}
	}
}
