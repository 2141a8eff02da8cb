package diagnose

import (
	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// failedFile is a file of tests that could not be loaded, and why. A frame in the
// workspace's own code tells where; without one, and if no other matcher finds
// anything in what the runner says, the file is the place.
//
//	FAIL test/load.test.js                                   jest
//	  ● Test suite failed to run
//
//	    Cannot find module './nowhere' from 'test/load.test.js'
//
//	      at Object.<anonymous> (test/load.test.js:1:21)
//
//	 FAIL  load.test.ts [ load.test.ts ]                     vitest
//	Error: Failed to load url ./nowhere
type failedFile struct {
	file, message, source string
	at                    uint64 // 0 for none
	refs                  uint64 // of the reader, before anything was found
}

// maxFile is how far below what is wrong with a file its frames may be.
const maxFile = 40

// fileBlock waits for the first line of what is wrong with a file.
type fileBlock struct {
	file, source string
	n            int
}

func (b *fileBlock) level() lines.Level { return lines.Error }

func (b *fileBlock) next(r *Reader, l *detect.Line) bool {
	b.n++
	if isBlank(l.Text) && b.n < 6 {
		return true
	}
	r.ctx.file = failedFile{b.file, trim(r.text), b.source, r.at, r.refs}
	return false
}

func (b *fileBlock) close(*Reader) {}

// fileFrame takes a frame below what is wrong with a file of tests, unless an
// error of a name of its own is told there, which is a stack.
func (r *Reader) fileFrame(f Frame) bool {
	h := r.ctx.file
	if h.at == 0 || r.at-h.at > maxFile || r.ctx.head.at >= h.at && h.source == "jest" {
		return false
	}
	if inApp(f.File) && f.Line > 0 {
		r.ctx.file = failedFile{}
		r.problem(Problem{Place: f.Place, Severity: Error, Message: h.message, Source: h.source, At: h.at})
	}
	return true
}

// fileFailed tells of the file whose failure has been printed, if nothing there
// told where.
func (r *Reader) fileFailed() {
	h := r.ctx.file
	r.ctx.file = failedFile{}
	if h.at == 0 || r.refs != h.refs || h.file == "" {
		return
	}
	r.problem(Problem{Place: Place{File: h.file}, Severity: Error, Message: h.message, Source: h.source, At: h.at})
}
