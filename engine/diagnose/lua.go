package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchLua: "lua: app.lua:3: text", or luajit and lua5.4, then "stack traceback:".
func matchLua(r *Reader, l *detect.Line) bool {
	if !strings.HasPrefix(r.text, "lua") {
		return false
	}
	program, rest, ok := strings.Cut(r.text, ": ")
	version := strings.TrimPrefix(program, "lua")
	place, n := colonPlace(rest)
	if !ok || version != "jit" && strings.Trim(version, "5.1234") != "" || n == 0 {
		return false
	}
	message := strings.TrimPrefix(rest[n:], ": ")
	b := &stepBlock{trace: r.began("lua", head{message: message, at: r.at, fatal: true}), step: stepLua}
	b.frame(Frame{Place: place})
	return r.start(b)
}

func stepLua(b *stepBlock, r *Reader, text string) bool {
	width, s := indent(text)
	if s == "stack traceback:" {
		return true
	}
	if width == 0 {
		return false
	}
	if p, n := colonPlace(s); n > 0 {
		b.frame(Frame{Place: p, Func: strings.TrimPrefix(s[n:], ": in ")})
	}
	return true
}
