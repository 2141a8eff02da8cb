// Package inject puts one script tag into HTML documents as they stream by, and
// makes sure that the page's policy lets it run. It is no HTML parser and does
// no I/O: bytes in, bytes out, and headers to headers.
//
//	Skip(request, response)  why a response must pass untouched, or ""
//	Allow(header, ...)       the policy lets our script run and report
//	Decode(body, coding)     a compressed document, plain
//	NewReader(body, tag)     the document with the tag in its place
//
// Only the prologue is scanned: what may stand before the document's own first
// element. There is no script in it that could be mistaken for markup, and the
// tag stands before every script of the page, so that errors at its start are
// seen. Behind the tag the reader is a plain copy.
package inject
