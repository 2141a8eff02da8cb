package bench

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/logs/match"
)

// kernelCases are patterns that differ in the kernel that they use, each with
// those yardsticks that say something beside indexbyte, which all have.
var kernelCases = []struct {
	name       string
	query      string
	o          match.Options
	yardsticks string
}{
	{"rare", "ECONNREFUSED", match.Options{CaseSensitive: true}, "index"},
	{"folded", "econnrefused", match.Options{}, "tolower regexp"},
	{"absent", "exception", match.Options{CaseSensitive: true}, "index"}, // of common letters: the trap of bytes.Index
	{"percent", "timeout", match.Options{CaseSensitive: true}, "index regexp"},
	{"third", "GET", match.Options{CaseSensitive: true}, "index"},
	{"word", "ECONNREFUSED", match.Options{CaseSensitive: true, WholeWord: true}, "regexp"},
	{"other-script", "соединение", match.Options{}, "regexp"},
	{"several", "panic|fatal|ECONNREFUSED|denied|abort", match.Options{Regexp: true, CaseSensitive: true}, "regexp"},
	{"regexp-text", `ECONNREFUSED 127\.0\.0\.1:5[0-9]{3}`, match.Options{Regexp: true, CaseSensitive: true}, "regexp"},
	{"regexp-hard", `\b[0-9a-f]{9}\b`, match.Options{Regexp: true, CaseSensitive: true}, "regexp"},
	{"regexp-hits", `\b[0-9a-f]{8}\b`, match.Options{Regexp: true, CaseSensitive: true}, "regexp"}, // one line of a hundred
}

// BenchmarkMatch goes through 32 MB of lines from hit to hit, as the search of
// the log does. If it got slower, so would the first search of every query.
func BenchmarkMatch(b *testing.B) {
	text := corpusOf(300_000).text
	for _, test := range kernelCases {
		p, err := match.Compile(test.query, test.o)
		if err != nil {
			b.Fatal(err)
		}
		perKiB(b, test.name+"/brummer", text, func(text []byte) { countLines(p, text) })
		perKiB(b, test.name+"/indexbyte", text, func(text []byte) { bytes.IndexByte(text, 1) })
		for _, yardstick := range strings.Fields(test.yardsticks) {
			kernelYardstick(b, test.name, yardstick, test.query, test.o, text)
		}
	}
}

// BenchmarkMatchScripts looks for a hard expression in lines of other scripts, whose
// letters have two and three bytes. If it got slower, who does not write in Latin
// letters would wait longer.
func BenchmarkMatchScripts(b *testing.B) {
	const query = `\b[0-9a-f]{9}\b`
	p, err := match.Compile(query, match.Options{Regexp: true, CaseSensitive: true})
	if err != nil {
		b.Fatal(err)
	}
	for _, script := range []struct{ name, line string }{
		{"latin", "2026-03-14T15:09:26.100Z INFO worker 3 took job 0123456789abcdef from the queue\n"},
		{"cyrillic", "Соединение с сервером потеряно, повторная попытка через несколько секунд\n"},
		{"chinese", "连接服务器失败正在重试请稍候然后再次检查网络设置是否正确如果问题仍然存在请联系管理员\n"},
	} {
		text := bytes.Repeat([]byte(script.line), 1<<20/len(script.line))
		perKiB(b, script.name+"/brummer", text, func(text []byte) { countLines(p, text) })
		re := regexp.MustCompile(query)
		perKiB(b, script.name+"/regexp", text[:len(script.line)*100], func(text []byte) { countRegexp(re, text) })
	}
}

// kernelYardstick measures what is slow on a part of the text.
func kernelYardstick(b *testing.B, name, yardstick, query string, o match.Options, text []byte) {
	name += "/" + yardstick
	switch yardstick {
	case "index":
		perKiB(b, name, text, func(text []byte) { countIndex(text, []byte(query)) })
	case "tolower":
		needle := []byte(strings.ToLower(query))
		perKiB(b, name, text[:1<<20], func(text []byte) { countIndex(bytes.ToLower(text), needle) })
	case "regexp":
		re := expressionOfQuery(query, o)
		perKiB(b, name, text[:256<<10], func(text []byte) { countRegexp(re, text) })
	}
}

// perKiB measures in ns/KiB, so that texts of different sizes compare.
func perKiB(b *testing.B, name string, text []byte, look func([]byte)) {
	b.Run(name, func(b *testing.B) {
		best := bestOf(b, func() { look(text) })
		b.ReportMetric(float64(best.Nanoseconds())/float64(len(text))*1024, "ns/KiB")
	})
}

func countLines(p *match.Pattern, text []byte) (n int) {
	for from := 0; ; n++ {
		at := p.Next(text, from)
		if at < 0 {
			return n
		}
		from = at + bytes.IndexByte(text[at:], '\n') + 1
	}
}

func countRegexp(re *regexp.Regexp, text []byte) (n int) {
	for line := range bytes.Lines(text) {
		if re.Match(bytes.TrimSuffix(line, []byte("\n"))) {
			n++
		}
	}
	return n
}

func countIndex(text, needle []byte) (n int) {
	for ; ; n++ {
		at := bytes.Index(text, needle)
		if at < 0 {
			return n
		}
		text = text[at+bytes.IndexByte(text[at:], '\n')+1:]
	}
}

func expressionOfQuery(query string, o match.Options) *regexp.Regexp {
	if !o.Regexp {
		query = regexp.QuoteMeta(query)
	}
	if o.WholeWord {
		query = `\b(?:` + query + `)\b`
	}
	if !o.CaseSensitive {
		query = "(?i:" + query + ")"
	}
	return regexp.MustCompile(query)
}
