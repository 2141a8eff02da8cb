package front

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
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
