package guard

import "os"

// Launch is what to start.
type Launch struct {
	Path  string
	Args  []string // Args[0] is the name
	Env   []string
	Dir   string
	Files [3]*os.File // stdin, stdout, stderr
	TTY   bool        // stdin is a terminal, and becomes the session's
}
