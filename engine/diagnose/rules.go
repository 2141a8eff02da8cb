package diagnose

import "github.com/brummer-rpc/brummer-rpc/engine/detect"

type (
	Rules     struct{ greedy bool }
	userState struct{}
)

func (u *userState) open() bool                     { return false }
func (u *userState) line(r *Reader, l *detect.Line) {}
func (u *userState) flush(r *Reader)                {}
func (r *Reader) setRules(rules *Rules)             { r.Rules = rules }
