package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchRuby opens a Ruby error at its head, or at the first frame below one:
//
//	app.rb:3:in 'Shop#load': undefined method 'x' for nil (NoMethodError)
//		from app.rb:9:in '<main>'
func matchRuby(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	s = strings.TrimPrefix(s, "from ")
	f, rest, ok := rubyFrame(s)
	if !ok {
		return false
	}
	if message, ok := strings.CutPrefix(rest, ": "); ok {
		typ := ""
		if open := strings.LastIndex(message, " ("); open > 0 && strings.HasSuffix(message, ")") {
			message, typ = message[:open], message[open+2:len(message)-1]
		}
		b := &stepBlock{trace: r.began("ruby", head{typ: typ, message: message, at: r.at, fatal: true}), step: stepRuby}
		b.frame(f)
		return r.start(b)
	}
	h, ok := r.railsHead()
	if !ok || r.tests.section != "" {
		return false
	}
	b := &stepBlock{trace: r.began("ruby", h), step: stepRuby}
	b.frame(f)
	return r.start(b)
}

// railsHead finds "NoMethodError (undefined method 'x' for nil):" above.
func (r *Reader) railsHead() (h head, ok bool) {
	if h = r.ctx.head; h.at > 0 && r.at-h.at <= 6 {
		r.ctx.head = head{}
		return h, true
	}
	if text, at := r.before.back(2); at > 0 && r.at-at == 2 && string(text) == "rake aborted!" {
		message, _ := r.before.back(1)
		return head{message: string(message), at: at, first: at, fatal: true}, true
	}
	for n := 1; n <= 3; n++ {
		text, at := r.before.back(n)
		typ, message, ok := strings.Cut(trim(string(text)), " (")
		if ok && at > 0 && r.at-at <= 5 && strings.HasSuffix(message, "):") && !strings.Contains(typ, " ") && isUpper(typ[0]) {
			return head{typ: typ, message: strings.TrimSuffix(message, "):"), at: at, first: at}, true
		}
	}
	return h, false
}

func stepRuby(b *stepBlock, r *Reader, text string) bool {
	width, s := indent(text)
	f, _, ok := rubyFrame(strings.TrimPrefix(s, "from "))
	if ok {
		b.frame(f)
		return true
	}
	// error_highlight's excerpt comes between the head and the frames.
	return len(b.s.Frames) < 2 && b.n < 8 && (s == "" || width > 0 || caretColumn(text) > 0) || strings.HasPrefix(s, "... ") && width > 0
}

// rubyFrame reads "app.rb:3:in 'load'", and what is behind it.
func rubyFrame(s string) (f Frame, rest string, ok bool) {
	if !strings.Contains(s, ":in ") {
		return f, "", false
	}
	p, n := colonPlace(s)
	fn, found := strings.CutPrefix(s[n:], ":in ")
	if n == 0 || !found || len(fn) < 3 || fn[0] != '\'' && fn[0] != '`' {
		return f, "", false
	}
	end := strings.IndexByte(fn[1:], '\'')
	if end < 0 {
		return f, "", false
	}
	p.Unit = Bytes
	return Frame{Place: p, Func: fn[1 : end+1]}, fn[end+2:], true
}
