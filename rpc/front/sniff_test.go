package front

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/brummer-rpc/brummer-rpc/rpc/front/fronttest"
)

func TestSniff(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		name, in string
		after    error // how the input ends; nil means io.EOF
		want     Framing
		err      error
		rest     string // what is left for the front
	}{
		{name: "nothing", err: io.EOF},
		{name: "only blanks", in: " \t\r\n\n", err: io.EOF},
		{name: "only a byte order mark", in: "\ufeff", err: io.EOF},
		{name: "a header", in: "Content-Length: 2\r\n\r\n{}", want: Header, rest: "Content-Length: 2\r\n\r\n{}"},
		{name: "a header in lower case", in: "content-length: 2", want: Header, rest: "content-length: 2"},
		{name: "an object", in: "{}\n", want: NDJSON, rest: "{}\n"},
		{name: "an array", in: "[]\n", want: NDJSON, rest: "[]\n"},
		{name: "blanks first", in: "\r\n \t{}", want: NDJSON, rest: "{}"},
		{name: "a byte order mark first", in: "\ufeff{}", want: NDJSON, rest: "{}"},
		{name: "marks and blanks in any order", in: " \ufeff\n\ufeff\tC", want: Header, rest: "C"},
		{name: "half a mark", in: "\xef\xbb", want: Unknown, rest: "\xef\xbb"},
		{name: "a mark that is none", in: "\xef\xbb{", want: Unknown, rest: "\xef\xbb{"},
		{name: "a word", in: "hello\n", want: Unknown, rest: "hello\n"},
		{name: "a string", in: `"a"`, want: Unknown, rest: `"a"`},
		{name: "HTTP", in: "GET / HTTP/1.1\r\n", want: HTTP, rest: "GET / HTTP/1.1\r\n"},
		{name: "NUL", in: "\x00{", want: Unknown, rest: "\x00{"},
		{name: "a broken stream", in: " ", after: broken, err: broken},
		{name: "broken in a mark", in: "\xef", after: broken, err: broken, rest: "\xef"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var in io.Reader = strings.NewReader(tt.in)
			if tt.after != nil {
				in = io.MultiReader(in, iotest.ErrReader(tt.after))
			}
			r := bufio.NewReader(iotest.OneByteReader(in))
			got, err := Sniff(r)
			if got != tt.want || !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Errorf("Sniff = %v, %v; want %v, %v", got, err, tt.want, tt.err)
			}
			if rest, _ := io.ReadAll(r); string(rest) != tt.rest {
				t.Errorf("it leaves %q, want %q", rest, tt.rest)
			}
		})
	}
}

func TestParseID(t *testing.T) {
	for _, tt := range []struct {
		token string
		want  ID
		ok    bool
	}{
		{`1`, NumberID(1), true},
		{`-1`, NumberID(-1), true},
		{`0`, NumberID(0), true},
		{`-0`, NumberID(0), true},
		{`9223372036854775807`, NumberID(9223372036854775807), true},
		{`-9223372036854775808`, NumberID(-9223372036854775808), true},
		{`9223372036854775808`, ID{}, false},
		{`1.0`, ID{}, false},
		{`1.5`, ID{}, false},
		{`1e3`, ID{}, false},
		{`""`, StringID(``), true},
		{`"a"`, StringID(`a`), true},
		{`"1"`, StringID(`1`), true},
		{`"\u0061"`, StringID(`a`), true},
		{`"a\"b\\\/\n"`, StringID("a\"b\\/\n"), true},
		{`"\ud83d\ude00"`, StringID(`😀`), true},
		{`"\ud800"`, StringID("\ufffd"), true},
		{`null`, ID{}, false},
		{``, ID{}, false},
		{`true`, ID{}, false},
		{`{}`, ID{}, false},
		{`[1]`, ID{}, false},
	} {
		if got, ok := ParseID([]byte(tt.token)); got != tt.want || ok != tt.ok {
			t.Errorf("ParseID(%s) = %+v, %v; want %+v, %v", tt.token, got, ok, tt.want, tt.ok)
		}
	}
}

// TestDecodedID: a front that only has the decoded id finds the same call.
func TestDecodedID(t *testing.T) {
	for token, decoded := range map[string]ID{
		`7`: NumberID(7), `-7`: NumberID(-7), `"7"`: StringID("7"), `""`: StringID(""), `"\u0041"`: StringID("A"),
	} {
		if got, _ := ParseID([]byte(token)); got != decoded {
			t.Errorf("%s is %+v as a token, but %+v decoded", token, got, decoded)
		}
	}
	if NumberID(7) == StringID("7") {
		t.Error("7 and \"7\" are the same id")
	}
}

// FuzzSniff: the framing does not depend on how the bytes arrive, nothing is taken
// but white space and byte order marks, and the byte that decided is still there.
func FuzzSniff(f *testing.F) {
	f.Add([]byte("\ufeff \r\nContent-Length: 2"), uint8(0))
	f.Add([]byte("\xef\xbb{"), uint8(1))
	f.Add([]byte("\t[1]"), uint8(2))
	f.Add([]byte("POST /rpc HTTP/1.1"), uint8(200))
	f.Add([]byte(" \n"), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, step uint8) {
		whole := bufio.NewReader(bytes.NewReader(data))
		framing, err := Sniff(whole)
		rest, _ := io.ReadAll(whole)
		split := bufio.NewReader(&fronttest.Chunks{Rest: data, Size: int(step) + 1})
		other, otherErr := Sniff(split)
		if otherRest, _ := io.ReadAll(split); other != framing || otherErr != err || !bytes.Equal(rest, otherRest) {
			t.Fatalf("in chunks of %d it is %v, %v, and leaves %q; in one piece %v, %v, %q", int(step)+1, other, otherErr, otherRest, framing, err, rest)
		}
		taken := data[:len(data)-len(rest)]
		if left := bytes.Trim(bytes.ReplaceAll(taken, []byte("\ufeff"), nil), " \t\r\n"); !bytes.HasSuffix(data, rest) || len(left) > 0 {
			t.Fatalf("of %q it takes %q", data, taken)
		}
		want, known := map[byte]Framing{
			'C': Header, 'c': Header, '{': NDJSON, '[': NDJSON, 'G': HTTP, 'P': HTTP, 'H': HTTP, 'O': HTTP, 'D': HTTP,
		}, false
		if len(rest) > 0 {
			_, known = want[rest[0]]
		}
		switch {
		case len(rest) == 0 && err != io.EOF, len(rest) > 0 && err != nil:
			t.Fatalf("%q is left, and the error is %v", rest, err)
		case known && framing != want[rest[0]], !known && framing != Unknown:
			t.Fatalf("%q is %v", rest, framing)
		}
	})
}
