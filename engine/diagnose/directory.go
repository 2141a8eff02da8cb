package diagnose

import (
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// maxDirectories bounds the folders that a build is in at a time.
const maxDirectories = 16

// matchDirectory follows the folder that a build works in: what a compiler prints
// from then on is relative to it.
//
//	make[1]: Entering directory '/p/sub'
//	make[1]: Leaving directory '/p/sub'
//	ninja: Entering directory `build'
func matchDirectory(r *Reader, l *detect.Line) bool {
	_, rest, entering := strings.Cut(r.text, ": Entering directory ")
	if !entering {
		var leaving bool
		if _, rest, leaving = strings.Cut(r.text, ": Leaving directory "); !leaving {
			return false
		}
	}
	dir := strings.Trim(trim(rest), "'`\"")
	dirs := slices.DeleteFunc(slices.Clone(r.ctx.dirs), func(d string) bool { return d == dir })
	if entering && dir != "" && len(dirs) < maxDirectories {
		dirs = slices.Insert(dirs, 0, dir) // the last entered first: with -j several are open
	}
	r.ctx.dirs = dirs
	return true
}
