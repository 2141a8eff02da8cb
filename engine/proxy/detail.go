package proxy

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy/inject"
)

// Detail is everything that is known of an exchange. It is a copy.
type Detail struct {
	Row
	Proto       string // of the connection to the target
	Request     []Field
	Answer      []Field
	RequestBody Body
	AnswerBody  Body
}

// Field is one line of a header.
type Field struct{ Name, Value string }

// Body is what is known of a body.
type Body struct {
	Size      int64  // bytes that went over the wire
	Text      string // the decoded beginning; base64 if Base64
	Base64    bool
	Truncated bool   // there is more than Text
	Missing   string // why there is no Text: "" or a reason
}

// DetailOptions say how much to tell.
type DetailOptions struct {
	Bodies bool
	Reveal bool // secrets are not covered
}

// Detail returns what is known of x.
func (x *Exchange) Detail(o DetailOptions) Detail {
	d := Detail{Row: x.Row()}
	x.mu.Lock()
	header, status := x.outcome.header, x.outcome.status
	d.Proto = x.outcome.proto
	sent, sentDropped := x.sent.copied(o.Bodies)
	got, gotDropped := x.got.copied(o.Bodies)
	x.mu.Unlock()
	request := x.request
	if o.Reveal {
		d.URL = x.URL
	} else {
		request, header = redactHeader(request), redactHeader(header)
	}
	d.Request, d.Answer = fields(request), fields(header)
	d.RequestBody = Body{Size: d.Sent}
	d.AnswerBody = Body{Size: d.Received}
	if o.Bodies && status != http.StatusSwitchingProtocols {
		d.RequestBody.fill(sent, sentDropped, x.request, o.Reveal)
		d.AnswerBody.fill(got, gotDropped, header, o.Reveal)
	}
	return d
}

// Ended returns the details of what the filter chooses, oldest first. Exchanges
// that are under way are left out.
func (h *History) Ended(f Filter, o DetailOptions) []Detail {
	var out []Detail
	for x := range h.all() {
		if row := x.Row(); row.Ended && f.match(&row) {
			out = append(out, x.Detail(o))
		}
	}
	return out
}

// copied returns what was kept, if it is wanted, and whether it has been dropped.
func (b *body) copied(wanted bool) (kept []byte, dropped bool) {
	if wanted {
		kept = b.bytes()
	}
	return kept, b.dropped && b.size > 0
}

func fields(h http.Header) []Field {
	var out []Field
	for k, values := range h {
		for _, v := range values {
			out = append(out, Field{k, v})
		}
	}
	slices.SortStableFunc(out, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// fill decodes what was kept of a body.
func (b *Body) fill(kept []byte, dropped bool, h http.Header, reveal bool) {
	switch {
	case dropped:
		b.Missing = "it has made room for newer ones"
		return
	case b.Size == 0:
		return
	}
	b.Truncated = int64(len(kept)) < b.Size
	coding := inject.Coding(h)
	if !inject.Decodable(coding) {
		b.Missing = "its Content-Encoding " + coding + " is not known"
		return
	}
	plain, cut := decoded(kept, coding)
	b.Truncated = b.Truncated || cut
	contentType := h.Get("Content-Type")
	if text := trimRune(plain); utf8.Valid(text) && !bytes.ContainsRune(text, 0) {
		b.Text = string(text)
		if !reveal {
			b.Text = redactBody(contentType, b.Text)
		}
		return
	}
	b.Text, b.Base64 = base64.StdEncoding.EncodeToString(plain), true
}

// maxDecoded bounds what a body is decoded to, in bytes, whatever it says.
const maxDecoded = 1 << 20

// decoded returns the plain bytes of the beginning of a body, and whether there
// are more of them. That a beginning ends in the middle is no error.
func decoded(kept []byte, coding string) (plain []byte, cut bool) {
	r := inject.Decode(io.NopCloser(bytes.NewReader(kept)), coding)
	defer r.Close()
	plain, err := io.ReadAll(io.LimitReader(r, maxDecoded))
	return plain, err != nil || len(plain) == maxDecoded
}

// trimRune drops a rune at the end that is not whole.
func trimRune(b []byte) []byte {
	for i := 1; i <= min(utf8.UTFMax, len(b)); i++ {
		if tail := b[len(b)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}
