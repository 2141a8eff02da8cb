package process

import "os"

// streams are a child's stdin, stdout and stderr: the ends it gets, and ours.
type streams struct {
	child [3]*os.File
	in    *end
	out   [2]*end // stdout, stderr; of a terminal only the first, which is also in
	tty   bool
}

func openStreams(s *Spec) (*streams, error) {
	if s.TTY {
		return openTerminal(s.Cols, s.Rows)
	}
	return openPipes()
}

func openPipes() (*streams, error) {
	var s streams
	var err error
	if s.child[0], s.in, err = pipe(true); err != nil {
		return nil, err
	}
	for i := range s.out {
		if s.child[i+1], s.out[i], err = pipe(false); err != nil {
			s.closeChild()
			s.closeParent()
			return nil, err
		}
	}
	return &s, nil
}

func (s *streams) closeChild() {
	for _, f := range s.child {
		if f != nil {
			f.Close()
		}
	}
}

func (s *streams) closeParent() {
	for _, e := range []*end{s.in, s.out[0], s.out[1]} {
		e.close()
	}
}
