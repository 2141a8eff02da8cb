package diagnose

import "strings"

// colonPlace reads the place that s begins with and how long it is; n is 0 if
// there is none.
//
//	main.c:7:15  api/api.go:5  C:\x\a.ts:1:2  a.py:1:2:1:9  a.hs:5:7-12  a.vala:2.10-2.12  node:fs:448:20
//	main.c +7:15, as editors take it
func colonPlace(s string) (p Place, n int) {
	path := pathLen(s)
	i := path + 1
	if path == 0 {
		if path = strings.Index(s, " +"); path <= 0 || !isPath(s[:path]) || strings.Contains(s[:path], " ") {
			return p, 0
		}
		i = path + 2
	}
	p.File = s[:path]
	var d int
	if p.Line, d = number(s[i:]); d == 0 || d > 7 || p.Line == 0 {
		return p, 0
	}
	i += d
	if p.Col, d = numberBehind(s[i:], ":."); d > 0 {
		i += d
	} else {
		p.Col = 0
	}
	if p.Col > 0 {
		i += p.end(s[i:])
	}
	if i < len(s) && isWord(s[i]) {
		return p, 0
	}
	return p, i
}

// end reads where a place ends, behind its column: "-12", ":1:9", "-3:4".
func (p *Place) end(s string) int {
	if c, d := numberBehind(s, "-"); d > 0 {
		if c2, d2 := numberBehind(s[d:], ":."); d2 > 0 {
			p.EndLine, p.EndCol = c, c2
			return d + d2
		}
		p.EndLine, p.EndCol = p.Line, c
		return d
	}
	if l, d := numberBehind(s, ":"); d > 0 {
		if c, d2 := numberBehind(s[d:], ":"); d2 > 0 {
			p.EndLine, p.EndCol = l, c
			return d + d2
		}
	}
	return 0
}

// numberBehind reads a number that follows one of the bytes of marks; n counts
// both.
func numberBehind(s, marks string) (value, n int) {
	if s == "" || strings.IndexByte(marks, s[0]) < 0 {
		return 0, 0
	}
	value, d := number(s[1:])
	if d == 0 || d > 7 {
		return 0, 0
	}
	return value, d + 1
}

// pathLen is the length of the path that s begins with, up to a colon and a
// digit; 0 if that is no path of a file.
func pathLen(s string) int {
	from := 0
	if isDrive(s) {
		from = 2
	}
	if strings.HasPrefix(s, "file://") {
		from = 7
	}
	if strings.HasPrefix(s, "node:") {
		from = 5
	}
	for i := from; i+1 < len(s) && i < 400; i++ {
		c := s[i]
		if !mayEndPath[c] {
			continue
		}
		switch {
		case c == ':':
			if isDigit(s[i+1]) && isPath(s[:i]) {
				return i
			}
			if from == 5 {
				continue
			}
			return 0
		case c == '(' && strings.Contains(s[:i], "/"): // route groups: app/(shop)/page.tsx
		case c == ' ' && (from > 0 || s[0] == '/'):
		default:
			return 0
		}
	}
	return 0
}

// mayEndPath holds the bytes at which pathLen has to look twice.
var mayEndPath = func() (t [256]bool) {
	for c := range ' ' {
		t[c] = true
	}
	for _, c := range []byte(" :(\"'`<>|*?;=,") {
		t[c] = true
	}
	return t
}()

// isDrive: "C:\\x".
func isDrive(s string) bool {
	return len(s) > 3 && isLetter(s[0]) && s[1] == ':' && (s[2] == '\\' || s[2] == '/')
}

// bareNames are files without an extension that tools complain about.
var bareNames = []string{"Makefile", "makefile", "GNUmakefile", "Dockerfile", "Containerfile", "Jenkinsfile", "Vagrantfile", "Gemfile", "Rakefile", "Justfile", "justfile", "Procfile", "BUILD", "WORKSPACE", "CMakeLists.txt", "go.mod", ".env"}

// isPath reports whether s looks like the path of a file of source.
func isPath(s string) bool {
	if s == "" || strings.Contains(s, "://") && !strings.HasPrefix(s, "file://") {
		return false
	}
	if strings.HasPrefix(s, "node:") {
		return true
	}
	base := s[strings.LastIndexAny(s, `/\`)+1:]
	for _, n := range bareNames {
		if rest, ok := strings.CutPrefix(base, n); ok && (rest == "" || rest[0] == '.') {
			return true
		}
	}
	dot := strings.LastIndexByte(base, '.')
	if dot < 0 {
		return false
	}
	ext := base[dot+1:]
	if len(ext) == 0 || len(ext) > 10 || !isLetter(ext[0]) || isHost(ext) && !strings.Contains(s, "/") {
		return false
	}
	for i := range len(ext) {
		if !isWord(ext[i]) && ext[i] != '+' {
			return false
		}
	}
	return dot > 0 || len(s) > len(base)
}

// isHost: a name that ends so is one of the network.
func isHost(ext string) bool {
	switch ext {
	case "com", "org", "net", "io", "dev", "local", "localhost", "internal", "svc", "app", "cloud":
		return true
	}
	return false
}

// ext returns a path's extension without the dot.
func ext(path string) string {
	base := path[strings.LastIndexAny(path, `/\`)+1:]
	if dot := strings.LastIndexByte(base, '.'); dot >= 0 {
		return base[dot+1:]
	}
	return ""
}

// parenPlace reads "path(12,5)", "path(12)", "path(12,5,12,9)".
func parenPlace(s string) (p Place, n int) {
	for from := 0; ; {
		open := strings.IndexByte(s[from:], '(')
		if open < 0 || from+open > 400 {
			return p, 0
		}
		open += from
		from = open + 1
		if open == 0 || open+1 >= len(s) || !isDigit(s[open+1]) || !isPath(s[:open]) || strings.ContainsAny(s[:open], "\"'`<>|*?;=") {
			continue
		}
		if s[0] != '/' && !isDrive(s) && strings.Contains(s[:open], " ") {
			return p, 0
		}
		p.File = s[:open]
		var d int
		p.Line, d = number(s[open+1:])
		i := open + 1 + d
		if p.Col, d = numberBehind(s[i:], ",:"); d > 0 {
			i += d
		} else if p.Col, d = numberBehind(strings.Replace(s[i:min(len(s), i+9)], ", ", ",", 1), ","); d > 0 { // Nim
			i += d + 1
		}
		if l, d := numberBehind(s[i:], ",-"); d > 0 {
			i += d
			if c, d := numberBehind(s[i:], ","); d > 0 {
				p.EndLine, p.EndCol = l, c
				i += d
			}
		}
		if i >= len(s) || s[i] != ')' || p.Line == 0 {
			return p, 0
		}
		return p, i + 1
	}
}

// isJavaScript reports whether a file is in one of the languages that become
// JavaScript.
func isJavaScript(path string) bool {
	source, _ := sourceOf(path)
	return source == "ts" || source == "js"
}

// sourceOf names the tool by the file's language, where the line does not.
func sourceOf(path string) (source string, unit Unit) {
	switch ext(path) {
	case "go", "mod":
		return "go", Bytes
	case "c", "h", "cc", "cpp", "cxx", "hpp", "hh", "m", "mm", "cu", "ino":
		return "cc", Display
	case "rs":
		return "rustc", Runes
	case "ts", "tsx", "mts", "cts":
		return "ts", UTF16
	case "js", "jsx", "mjs", "cjs", "vue", "svelte", "astro":
		return "js", UTF16
	case "py", "pyi":
		return "python", Runes
	case "java", "kt", "kts", "scala", "groovy":
		return "java", UTF16
	case "cs", "fs", "vb":
		return "dotnet", UTF16
	case "rb":
		return "ruby", Bytes
	case "php":
		return "php", Bytes
	case "ex", "exs":
		return "elixir", Runes
	}
	if e := ext(path); e != "" {
		return e, Runes
	}
	return "make", Runes
}

// isData reports whether a file is data or a grammar: what is said of a line of
// it is said by a tool that reads it.
func isData(path string) bool {
	switch ext(path) {
	case "yml", "yaml", "json", "json5", "jsonc", "toml", "xml", "xsd", "svg", "html", "htm", "css", "scss", "md", "markdown", "rst", "tex", "csv", "ini", "conf", "cfg", "tf", "proto", "graphql", "sql", "l", "y", "ll", "yy", "po", "desktop", "service":
		return true
	}
	return false
}

// isLittle reports whether a file is in a language whose programs do not log their
// own place: what is said of a line of it is said by what reads or runs it.
func isLittle(path string) bool {
	switch ext(path) {
	case "lua", "m4", "awk", "sed", "s", "asm", "nasm", "scm", "lisp", "el", "pl", "pm", "tcl", "mk", "mak", "cmake", "nix", "jsonnet", "libsonnet", "cue", "rego", "hcl", "bzl", "elm", "dot", "gv", "gp", "pod", "roff", "feature", "thrift", "capnp", "fbs", "asn1", "sv", "vhd", "vhdl":
		return true
	}
	return false
}
