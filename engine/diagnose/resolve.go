package diagnose

import (
	"path"
	"strings"
)

// Candidates are the paths that a printed place may mean, the likeliest first:
// as it is if it is absolute, else below the process's folder, the folders that
// the tool has named, and the workspace. Paths are slash-separated.
func Candidates(p Place, dir, root string) []string {
	file := strings.TrimPrefix(p.File, "file://")
	file = strings.ReplaceAll(file, `\`, "/")
	if path.IsAbs(file) || len(file) > 2 && file[1] == ':' && file[2] == '/' {
		return []string{path.Clean(file)}
	}
	var out []string
	add := func(parts ...string) {
		c := path.Join(parts...)
		for _, o := range out {
			if o == c {
				return
			}
		}
		out = append(out, c)
	}
	// A tool that names a folder prints paths relative to it: a file of the same
	// name in the process's own is another one.
	for _, base := range []string{dir, root} {
		for _, d := range p.Dirs {
			if path.IsAbs(d) {
				add(d, file)
			} else {
				add(base, d, file)
			}
		}
	}
	add(dir, file)
	add(root, file)
	return out
}

// Character converts a column of a line's text, from 1, to a position from 0: in
// UTF-16 units, or in bytes if utf8.
func Character(text string, col int, unit Unit, utf8 bool) int {
	n := 1 // the column of the character at i
	for i, r := range text {
		if n >= col {
			return width(text[:i], utf8)
		}
		switch unit {
		case Bytes:
			n += len(string(r))
		case UTF16:
			n += utf16Len(r)
		case Display:
			if r == '\t' {
				n += 8 - (n-1)%8
			} else {
				n++
			}
		default:
			n++
		}
	}
	return width(text, utf8)
}

func width(s string, utf8 bool) int {
	if utf8 {
		return len(s)
	}
	n := 0
	for _, r := range s {
		n += utf16Len(r)
	}
	return n
}

func utf16Len(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}
