package inject

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/net/html"
)

const tag = `<script src="/t.js"></script>`

// documents have the place of the tag marked with ☞.
var documents = []struct{ name, doc string }{
	{"plain", "<!doctype html><html><head>☞<title>x</title></head><body></body></html>"},
	{"attributes", `<html lang="en" data-x='a>b'><head class=">" id=x>☞<meta charset=utf-8>`},
	{"upper case", "<!DOCTYPE HTML>\r\n<HTML>\n<HEAD>☞\n<TITLE>x</TITLE>"},
	{"no head", "<!doctype html><html>☞<body>x"},
	{"no html", "<!doctype html>\n☞<p>x"},
	{"only text", "☞hello"},
	{"text in html", "<html>\n ☞hello"},
	{"empty", "☞"},
	{"only a doctype", "<!doctype html>☞"},
	{"only white space", " \n\t☞"},
	{"comment before head", "<!-- <head> --><html><!--a--b--><head>☞"},
	{"comment with dashes", "<!----><!---><!--><!-- - -- > --><html><head>☞"},
	{"comment that ends oddly", "<!-- a --!><head>☞"},
	{"comment that looks ended", "<!-- --!-> --><head>☞"},
	{"comment with a bang at once", "<!--!> --><head>☞"},
	{"comment without an end", "<!-- <head> ☞"},
	{"bogus comments", "<!><!-><?xml version='1.0'?><![CDATA[x]]><head>☞"},
	{"byte order mark", "\xef\xbb\xbf<!doctype html><head>☞"},
	{"half a mark", "☞\xef\xbbx<head>"},
	{"nothing but half a mark", "☞\xef\xbb"},
	{"header", "<html>☞<header>x</header>"},
	{"html5", "☞<html5><head>"},
	{"hr", "☞<hr><head>"},
	{"cut off in a name", "☞<hea"},
	{"cut off in a tag", "<head class=☞"},
	{"script first", "☞<script>'<head>'</script>"},
	{"end tag", "☞</head><head>"},
	{"not a tag", "☞< head>"},
	{"quotes without a value", `<html "a>☞<p b="c">`},
	{"quotes in a plain value", `<html a=b="c>☞"><head>`},
	{"spaces about =", "<html a = 'b>c' ><head>☞"},
	{"slash in a tag", "<html/a/><head/>☞<title>"},
	{"= first", `<html ="a>☞b">`},
	{"two tags of html", "<html><html lang=en><head>☞"},
	{"latin-1", "<html><head>☞<title>\xe9\xff</title>"},
}

// place splits a document at its mark.
func place(doc string) (input, want string) {
	return strings.Replace(doc, "☞", "", 1), strings.Replace(doc, "☞", tag, 1)
}

// TestReader: the tag comes to its place, once, and all else stays, however the
// document and the reads are cut.
func TestReader(t *testing.T) {
	for _, d := range documents {
		input, want := place(d.doc)
		for name, cut := range cuts {
			for _, size := range []int{1, 2, 3, 7, 64, 4096} {
				r := NewReader(cut(strings.NewReader(input)), tag)
				got, err := readAll(r, size)
				if err != nil || got != want {
					t.Fatalf("%s, cut %s, reads of %d: %v\ngot  %q\nwant %q", d.name, name, size, err, got, want)
				}
				if !r.Injected {
					t.Errorf("%s: the reader does not say that the tag is in", d.name)
				}
			}
		}
	}
}

var cuts = map[string]func(io.Reader) io.Reader{
	"nowhere":           func(r io.Reader) io.Reader { return r },
	"at every byte":     iotest.OneByteReader,
	"in halves":         iotest.HalfReader,
	"with a late error": iotest.DataErrReader,
	"at odd places":     func(r io.Reader) io.Reader { return &cutter{r: r} },
}

// cutter reads 1, 2, 3, ... bytes, and sometimes none.
type cutter struct {
	r io.Reader
	n int
}

func (c *cutter) Read(p []byte) (int, error) {
	c.n++
	return c.r.Read(p[:min(len(p), c.n%5)])
}

func readAll(r io.Reader, size int) (string, error) {
	var all []byte
	buf := make([]byte, size)
	for {
		n, err := r.Read(buf)
		all = append(all, buf[:n]...)
		if err == io.EOF {
			return string(all), nil
		}
		if err != nil {
			return string(all), err
		}
	}
}

// TestNothingHeldBack: everything but an undecided token is handed on before
// more of the document is asked for.
func TestNothingHeldBack(t *testing.T) {
	for _, d := range documents {
		input, _ := place(d.doc)
		given := 0
		r := NewReader(readerFunc(func(p []byte) (int, error) {
			if given == len(input) {
				return 0, io.EOF
			}
			given++
			return copy(p, input[given-1:given]), nil
		}), tag)
		var got []byte
		buf := make([]byte, 1<<10)
		for {
			n, err := r.Read(buf)
			got = append(got, buf[:n]...)
			if held := given - len(bytes.Replace(got, []byte(tag), nil, 1)); held > maxHeld {
				t.Fatalf("%s: %d bytes are held back", d.name, held)
			}
			if err != nil {
				break
			}
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestUTF16: text that ASCII can't be put into passes as it is.
func TestUTF16(t *testing.T) {
	for _, doc := range []string{"\xfe\xff\x00<\x00h", "\xff\xfe<\x00h\x00"} {
		r := NewReader(iotest.OneByteReader(strings.NewReader(doc)), tag)
		got, err := readAll(r, 16)
		if err != nil || got != doc || r.Injected || Sniff(doc[0], "") == "" {
			t.Errorf("%q became %q, injected: %v, %v", doc, got, r.Injected, err)
		}
	}
}

// TestBrokenDocument: a document that breaks off breaks off for the client too,
// and gets no tag at a place that is none.
func TestBrokenDocument(t *testing.T) {
	broken := errors.New("the server has gone")
	r := NewReader(io.MultiReader(strings.NewReader("<html><he"), iotest.ErrReader(broken)), tag)
	got, err := readAll(r, 16)
	if got != "<html><he" || err != broken || r.Injected {
		t.Errorf("%q, %v, injected: %v", got, err, r.Injected)
	}
}

// TestConstantMemory: the size of a document does not matter, and behind the
// tag nothing is copied twice.
func TestConstantMemory(t *testing.T) {
	doc := []byte("<html><head>" + strings.Repeat("<p>hello</p>\n", 1<<16))
	buf := make([]byte, 32<<10)
	allocs := testing.AllocsPerRun(20, func() {
		r := NewReader(bytes.NewReader(doc), tag)
		for {
			if _, err := r.Read(buf); err != nil {
				break
			}
		}
	})
	if allocs > 2 { // the readers
		t.Errorf("%v allocations for a document", allocs)
	}
}

// FuzzReader: without the tag the output is the input, it is there once, and a
// browser's parser sees it before everything else that it would see or run.
func FuzzReader(f *testing.F) {
	for _, d := range documents {
		input, _ := place(d.doc)
		f.Add([]byte(input), uint8(3))
	}
	f.Fuzz(func(t *testing.T, input []byte, size uint8) {
		if bytes.Contains(input, []byte(tag)) {
			t.Skip("the tag is in already")
		}
		whole, err := io.ReadAll(NewReader(bytes.NewReader(input), tag))
		if err != nil {
			t.Fatal(err)
		}
		got, err := readAll(NewReader(&cutter{r: bytes.NewReader(input)}, tag), int(size)+1)
		if err != nil || got != string(whole) {
			t.Fatalf("%q becomes %q or, cut, %q: %v", input, whole, got, err)
		}
		if len(input) > 0 && Sniff(input[0], "") != "" {
			if got != string(input) {
				t.Fatalf("%q became %q", input, got)
			}
			return
		}
		before, after, ok := strings.Cut(got, tag)
		if !ok || before+after != string(input) {
			t.Fatalf("%q became %q", input, got)
		}
		if after != "" { // else the document has ended in a token of its prologue
			checkTree(t, got)
		}
	})
}

// checkTree looks where a parser finds the tag.
func checkTree(t *testing.T, doc string) {
	z := html.NewTokenizer(strings.NewReader(doc))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.CommentToken, html.DoctypeToken:
			continue
		case html.TextToken:
			if text := strings.TrimLeft(string(z.Raw()), "\ufeff \t\r\n\f\x00"); text != "" {
				t.Fatalf("%q comes before the tag in %q", text, doc)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			if string(name) == "script" {
				return
			}
			if string(name) != "html" && string(name) != "head" {
				t.Fatalf("<%s> comes before the tag in %q", name, doc)
			}
		default:
			t.Fatalf("%q comes before the tag in %q", z.Raw(), doc)
		}
	}
}
