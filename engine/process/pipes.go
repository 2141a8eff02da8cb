package process

import "os"

// pipes are a child's three streams: the ends it gets, and ours.
type pipes struct {
	child [3]*os.File
	stdin *os.File
	out   [2]*os.File // stdout, stderr
}

func openPipes() (*pipes, error) {
	var p pipes
	var err error
	if p.child[0], p.stdin, err = os.Pipe(); err != nil {
		return nil, err
	}
	for i := range p.out {
		if p.out[i], p.child[i+1], err = os.Pipe(); err != nil {
			p.closeChild()
			p.closeParent()
			return nil, err
		}
	}
	return &p, nil
}

func (p *pipes) closeChild() { closeAll(p.child[:]...) }

func (p *pipes) closeParent() { closeAll(p.stdin, p.out[0], p.out[1]) }

func closeAll(files ...*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}
