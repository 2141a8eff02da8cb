package inject

import "io"

// Reader is a document with the tag in it. Its size is the document's and the
// tag's, whatever the document is, unless it is UTF-16 ([Sniff] tells that
// beforehand). At most five bytes are held back until the tag is in; what is
// read after that is read straight from the document.
type Reader struct {
	doc   io.Reader
	tag   string
	scan  prologue
	queue []byte // to be read before more of the document
	err   error  // to be given once the queue is empty
	done  bool   // the tag is in, or never will be

	Injected bool // the tag is in
}

// NewReader returns doc with tag in its place.
func NewReader(doc io.Reader, tag string) *Reader {
	return &Reader{doc: doc, tag: tag}
}

// Sniff says by its first byte why a document must pass untouched, whatever its
// header says: an ASCII tag is none in it, or it is not compressed as it claims.
// "" if nothing speaks against it; of deflate and br the first byte tells nothing.
func Sniff(first byte, coding string) (skip string) {
	switch {
	case coding == "" && first >= wideMark:
		return "it is UTF-16"
	case (coding == "gzip" || coding == "x-gzip") && first != 0x1f, // RFC 1952, 2.3.1
		coding == "zstd" && first != 0x28 && first>>4 != 0x5: // RFC 8878, 3.1.1 and 3.1.2
		return "it is not " + coding + ", as its Content-Encoding says"
	}
	return ""
}

// Read implements [io.Reader].
func (r *Reader) Read(p []byte) (int, error) {
	for {
		switch {
		case len(r.queue) > 0:
			n := copy(p, r.queue)
			r.queue = r.queue[n:]
			return n, nil
		case r.err != nil:
			return 0, r.err
		case r.done || len(p) == 0:
			return r.doc.Read(p)
		case len(p) < r.room():
			p := make([]byte, r.room())
			r.queue = p[:r.fill(p)]
		default:
			if n := r.fill(p); n > 0 {
				return n, nil
			}
		}
	}
}

// room is the least buffer that [Reader.fill] takes, in bytes.
func (r *Reader) room() int { return len(r.tag) + 512 }

// fill reads a piece of the prologue into buf, puts the tag in if its place is
// in there, and returns how much of buf is decided.
func (r *Reader) fill(buf []byte) int {
	held := copy(buf, r.scan.held[:r.scan.n])
	n, err := r.doc.Read(buf[held : len(buf)-len(r.tag)])
	r.err = err
	end := held + n
	at := r.search(buf[:end], held)
	switch {
	case at >= 0:
		copy(buf[at+len(r.tag):], buf[at:end])
		copy(buf[at:], r.tag)
		r.Injected = true
		return end + len(r.tag)
	case r.done:
		return end
	}
	return end - r.scan.n
}

// search goes on at buf[from:] and returns where the tag belongs, -1 if that is
// not in buf. Where the document ends in its prologue it goes to the end; where
// it breaks off, nowhere.
func (r *Reader) search(buf []byte, from int) int {
	for i := from; i < len(buf); i++ {
		switch r.scan.step(buf[i]) {
		case before:
			r.done = true
			return i + 1 - r.scan.n
		case behind:
			r.done = true
			return i + 1
		case never:
			r.done = true
			return -1
		}
	}
	r.done = r.err != nil
	if r.err == io.EOF {
		return len(buf) - r.scan.n
	}
	return -1
}
