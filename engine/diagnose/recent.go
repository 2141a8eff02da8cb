package diagnose

import (
	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// recent remembers the last lines that show something: an error's message comes
// before its frames, and only they tell that it was one.
type recent struct {
	line  [keep][]byte
	at    [keep]uint64
	bad   [keep]bool // it said to be an error
	next  int
	blank bool // an empty line came since
}

const (
	keep     = 6
	keepSize = 300 // bytes of each
)

func (r *recent) push(l *detect.Line, at uint64) {
	if len(l.Text) == 0 {
		r.blank = true
		return
	}
	r.blank = false
	slot := &r.line[r.next]
	*slot = append((*slot)[:0], l.Text[:min(len(l.Text), keepSize)]...)
	r.at[r.next] = at
	r.bad[r.next] = l.Said && l.Level >= lines.Error
	if r.next++; r.next == keep {
		r.next = 0
	}
}

// back returns the line that came n before the present one, from 1.
func (r *recent) back(n int) (text []byte, at uint64) {
	i := (r.next - n + keep) % keep
	return r.line[i], r.at[i]
}

// failed reports whether the line before said to be an error.
func (r *recent) failed() bool { return r.bad[(r.next-1+keep)%keep] }
