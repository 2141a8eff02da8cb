package inject

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds what a decoder keeps of a document, in bytes: the window
// that RFC 8878 (3.1.1.1.2) and RFC 9659 ask a zstd decoder on the web to have.
const maxWindow = 8 << 20

// Coding is the response's Content-Encoding: "" for none, several separated by
// commas.
func Coding(h http.Header) string {
	coding := strings.ToLower(strings.TrimSpace(strings.Join(h["Content-Encoding"], ", ")))
	if coding == "identity" {
		return ""
	}
	return coding
}

// Decodable reports whether [Decode] knows a coding.
func Decodable(coding string) bool {
	return slices.Contains([]string{"", "gzip", "x-gzip", "deflate", "br", "zstd"}, coding)
}

// Decode returns the plain bytes of body, as they come: what was flushed into
// the body can be read at once. Nothing is read before the first Read, so that
// a response's header is not held up. Closing the reader closes body. The
// coding must be one that is [Decodable].
func Decode(body io.ReadCloser, coding string) io.ReadCloser {
	if coding == "" {
		return body
	}
	return &decoder{body: body, coding: coding}
}

// decoder makes its decoder at the first Read, as some read a header for that.
type decoder struct {
	body   io.ReadCloser
	coding string
	plain  io.Reader
	err    error
}

// Read implements [io.Reader].
func (d *decoder) Read(p []byte) (int, error) {
	if d.plain == nil && d.err == nil {
		d.plain, d.err = open(d.body, d.coding)
	}
	if d.err != nil {
		return 0, d.err
	}
	return d.plain.Read(p)
}

// Close implements [io.Closer].
func (d *decoder) Close() error {
	if z, ok := d.plain.(*zstd.Decoder); ok {
		z.Close()
	}
	return d.body.Close()
}

func open(r io.Reader, coding string) (io.Reader, error) {
	body := bufio.NewReader(r)
	if _, err := body.Peek(1); err != nil {
		return nil, err // servers send an empty body whatever its coding is
	}
	switch coding {
	case "gzip", "x-gzip":
		return gzip.NewReader(body)
	case "deflate":
		return openDeflate(body)
	case "br":
		return brotli.NewReader(body), nil
	}
	return zstd.NewReader(body, zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
}

// openDeflate takes the zlib format that the name stands for (RFC 9110, section
// 8.4.1.2) and the bare stream that some servers send in its place.
func openDeflate(body *bufio.Reader) (io.Reader, error) {
	head, err := body.Peek(2)
	if err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	if head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(body)
	}
	return flate.NewReader(body), nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
