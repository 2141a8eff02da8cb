package process

import "os"

// pipe makes a pipe whose one end, the reading one if reads, is a child's, and the
// other ours.
func pipe(reads bool) (child *os.File, ours *end, err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	if reads {
		return r, &end{w}, nil
	}
	return w, &end{r}, nil
}

// end is our end of a pipe.
type end struct{ file *os.File }

func (e *end) open() *os.File { return e.file }

func (e *end) close() {
	if e != nil {
		e.file.Close()
	}
}

// readNow reads nothing: a read there can't be told not to wait.
func readNow(*os.File, []byte) (int, error) { return 0, errHeld }

// widen does nothing: what a pipe holds is the system's to say there.
func widen(*os.File, uintptr) {}
