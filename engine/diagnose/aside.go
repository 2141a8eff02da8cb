package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchAside reads compilers that print the place in a line of its own, in a form
// of their own, then the source, then what is wrong:
//
//	File "a.ml", line 2, characters 19-20:     OCaml
//	2 | let () = print_int (f 1
//	                       ^
//	Error: Syntax error: ')' expected
//
//	a.f90:4:15:                                gfortran
//
//	    4 |   call undefd(y
//	      |               1
//	Error: Syntax error in argument list at (1)
func matchAside(r *Reader, l *detect.Line) bool {
	s := r.text
	if p, ok := ocamlPlace(s); ok {
		r.ctx.aside = barePos{p, r.at}
		return true
	}
	if strings.HasSuffix(s, ":") {
		if p, n := colonPlace(s); n == len(s)-1 && n > 0 && isFortran(p.File) {
			r.ctx.aside = barePos{p, r.at}
			return true
		}
	}
	a := r.ctx.aside
	if a.at == 0 || r.at-a.at > maxAside {
		return false
	}
	sev, n := severityWord(s)
	rest := s[n:]
	code, message, ok := strings.Cut(rest, ": ")
	if n == 0 || !ok || strings.Contains(code, "  ") || len(code) > 60 {
		return false
	}
	r.ctx.aside, r.ctx.head = barePos{}, head{}
	source := "ocaml"
	if isFortran(a.File) {
		source = "fortran"
	}
	p := Problem{Place: a.Place, Severity: sev, Code: asideCode(code), Message: message, Source: source}
	if p.Message == "" {
		return false
	}
	r.tailed(p)
	return true
}

// maxAside is how many lines of source may be between the two.
const maxAside = 10

// ocamlPlace: `File "a.ml", line 2, characters 19-20:`, and "lines 2-4". The
// characters count from 0.
func ocamlPlace(s string) (p Place, ok bool) {
	rest, ok := strings.CutPrefix(s, `File "`)
	if !ok {
		return p, false
	}
	file, rest, ok2 := strings.Cut(rest, `", line`)
	where, ok3 := strings.CutSuffix(rest, ":")
	lines, chars, ok4 := strings.Cut(strings.TrimLeft(where, "s "), ", characters ")
	if !ok2 || !ok3 || !ok4 {
		return p, false
	}
	n, d := number(lines)
	col, d2 := number(chars)
	p = Place{File: file, Line: n, Col: col + 1, EndLine: n, Unit: Bytes}
	if end, d := numberBehind(lines[d:], "-"); d > 0 {
		p.EndLine = end
	}
	if end, d := numberBehind(chars[d2:], "-"); d > 0 {
		p.EndCol = end + 1
	}
	return p, d > 0 && d2 > 0
}

// asideCode is OCaml's number and name of a warning: " 26 [unused-var]".
func asideCode(s string) string {
	if name, ok := between(s, "[", "]"); ok {
		return name
	}
	return trim(s)
}

func isFortran(path string) bool {
	switch strings.ToLower(ext(path)) {
	case "f", "for", "f77", "f90", "f95", "f03", "f08", "ftn":
		return true
	}
	return false
}
