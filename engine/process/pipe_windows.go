package process

import "os"

// pipe makes a pipe whose one end, the reading one if reads, is a child's, and the
// other ours.
func pipe(reads bool) (child, ours *os.File, err error) {
	r, w, err := os.Pipe()
	if reads {
		return r, w, err
	}
	return w, r, err
}
