package logs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// appendParts appends one record after the other; all but the last are parts.
func appendParts(w Writer, parts []string) {
	for i, p := range parts {
		w.Append(Batch{Data: []byte(p), Cuts: []Cut{{End: uint32(len(p)), Partial: i < len(parts)-1}}, Run: 1, Time: 1})
	}
}

// shownParts returns what each record shows, with "=" before what replaces the parts
// before it.
func shownParts(t *testing.T, s *Store) (shown []string) {
	t.Helper()
	page, err := s.Read(t.Context(), Query{Limit: 1000, Bytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Records {
		text := string(AppendText(nil, r.Raw, false))
		if r.Redraw {
			text = "=" + text
		}
		shown = append(shown, text)
	}
	return shown
}

func TestDrawing(t *testing.T) {
	for _, tt := range []struct {
		name  string
		parts []string
		want  []string
	}{
		{"a prompt and its answer", []string{"name? ", "you\n"}, []string{"name? ", "you"}},
		{"the CR comes with the next state", []string{"60%", "\r100%\n"}, []string{"60%", "=100%"}},
		{"the CR comes with its state", []string{"60%\r", "100%\r", "\n"}, []string{"60%", "=100%", ""}},
		{"several states at once", []string{"1%\r2%", "\r3%\r4%", "\n"}, []string{"2%", "=4%", ""}},
		{"a state in two parts", []string{"60%", "\r80%", " soon", "\r90%\n"}, []string{"60%", "=80%", " soon", "=90%"}},
		{"a wiped bar stays", []string{"60%", "\r\x1b[2K", "\n"}, []string{"60%", "", ""}},
		{"unless something comes in its place", []string{"60%", "\r\x1b[2K", "done\n"}, []string{"60%", "", "=done"}},
		{"wiped with blanks", []string{"60%", "\r   \r", "done\n"}, []string{"60%", "   ", "=done"}},
		{"erase line", []string{"60%", "\x1b[2K\x1b[1G61%\n"}, []string{"60%", "=61%"}},
		{"colour alone replaces nothing", []string{"60%", "\x1b[31m!\n"}, []string{"60%", "!"}},
		{"CRLF that comes late", []string{"text\r", "\n"}, []string{"text", ""}},
		{"a whole line replaces nothing", []string{"1%\r2%\n"}, []string{"2%"}},
		{"neither does a first part", []string{"1%\r2%", " more\n"}, []string{"2%", " more"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := New(Options{})
			w := s.Writer("p", Stdout)
			appendParts(w, tt.parts)
			appendParts(w, []string{"next\n"})
			if diff := cmp.Diff(append(tt.want, "next"), shownParts(t, s)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestDrawingInOneBatch: where a batch ends makes no difference, and other streams'
// lines between the parts don't either.
func TestDrawingInOneBatch(t *testing.T) {
	s := New(Options{})
	out, err := s.Writer("p", Stdout), s.Writer("p", Stderr)
	out.Append(Batch{Data: []byte("plain\n1%\r2%\r3%\n"), Cuts: []Cut{{End: 6}, {End: 8, Partial: true}, {End: 12, Partial: true}, {End: 15}}, Run: 1, Time: 1})
	appendParts(out, []string{"4%", ""})
	out.Append(Batch{Data: []byte("a"), Cuts: []Cut{{End: 1, Partial: true}}, Run: 1, Time: 1})
	appendParts(err, []string{"between\n"})
	out.Append(Batch{Data: []byte("\rb\nc\n"), Cuts: []Cut{{End: 3}, {End: 5}}, Run: 1, Time: 1})
	want := []string{"plain", "1%", "=2%", "=3%", "4%", "", "a", "between", "=b", "c"}
	if diff := cmp.Diff(want, shownParts(t, s)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// FuzzDrawing: whoever puts the parts of a line together by their marks sees what a
// terminal would have left of it, but for blanks around it.
func FuzzDrawing(f *testing.F) {
	f.Add([]byte("\x00\x02\x05\x01\x02\x03\x05\x02\x00"))
	f.Add([]byte{0, 3, 5, 1, 3, 1, 5, 4, 5, 0, 5, 3})
	pieces := []string{"a", "b ", " ", "\r", "\x1b[2K", ""} // the last one ends a part
	f.Fuzz(func(t *testing.T, choices []byte) {
		var parts []string
		part := ""
		for _, c := range choices[:min(len(choices), 100)] {
			if piece := pieces[int(c)%len(pieces)]; piece != "" {
				part += piece
			} else if part != "" {
				parts, part = append(parts, part), ""
			}
		}
		parts = append(parts, part+"\n")
		s := New(Options{})
		appendParts(s.Writer("p", Stdout), parts)
		line := ""
		for _, shown := range shownParts(t, s) {
			text, replaces := strings.CutPrefix(shown, "=")
			if replaces {
				line = ""
			}
			line += text
		}
		want := string(AppendText(nil, []byte(strings.Join(parts, "")), false))
		if strings.TrimSpace(line) != strings.TrimSpace(want) {
			t.Errorf("%q shows %q, in one piece %q", parts, line, want)
		}
	})
}
