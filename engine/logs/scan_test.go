package logs

import (
	"bytes"
	"slices"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// FuzzScan: a search of many records finds those whose texts, made one by one,
// match, whatever escape sequences stand in them. A record ends with a newline, or
// as a part does, without one: behind a 2.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		"plain error\n\x1b[31merror\x1b[0m\ner\x1b[1mror\nE\x1b[1m\x1b[3mR\x1b[0mROR\nerr\ror\n",
		"err\x02or\nerror\r\n\x1b]0;error\x07none\n\x1b]0;error\ner\x1b[2Kror\n",
		"\x1b[2m\xc3\x1b[0m\xbcber\n\x1b[1m\xc3\xbcber\xff\x1b\n\x1b[m\u017f\x1b[mk\u212a\n",
	} {
		for _, query := range []string{"error", "über", "ss", "r", "sk", `err?o(r|x)`, `^e.*r$`, "\ufffd"} {
			f.Add([]byte(text), query, false, false, true)
			f.Add([]byte(text), query, true, true, false)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, query string, isRegexp, word, fold bool) {
		m, err := Compile(Pattern{Text: query, Regexp: isRegexp, WholeWord: word, Case: new(!fold)})
		if err != nil {
			return
		}
		records := bytes.FieldsFunc(bytes.ReplaceAll(text, []byte("\n"), []byte("\n\x02")), func(r rune) bool { return r == 2 })
		var b lines.Batch
		var want []int
		for i, raw := range records {
			b.Data = append(b.Data, raw...)
			b.Cuts = append(b.Cuts, lines.Cut{End: uint32(len(b.Data))})
			if m.Match(AppendText(nil, raw, false)) {
				want = append(want, i)
			}
		}
		if len(b.Data) > minSegment {
			return
		}
		seg := newSegment(1, memory{data: make([]byte, minSegment), table: make([]uint32, linesFor(minSegment))})
		seg.stage(b.Data, b.Cuts, 0, &drawing{})
		seg.publish(len(b.Cuts), 1, 0, 1)
		p := piece{segment: seg, view: seg.view(), hits: lineSet{of: len(records)}}
		s := scanner{ctx: t.Context()}
		s.lookFor(m)
		if err := s.scan(&p, 0, len(records)); err != nil {
			t.Fatal(err)
		}
		var got []int
		for i := range records {
			if p.hits.has(i) {
				got = append(got, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s in %q: records %d, want %d", m, records, got, want)
		}
	})
}
