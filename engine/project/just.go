package project

import (
	"path"
	"regexp"
	"runtime"
	"strings"
)

// parseJustfile lists the recipes of a justfile that run without arguments:
//
//	build target="all":         -> just build
//	test *args: build           -> just test
//	deploy where:               left out: it needs an argument
//	_helper:, [private]         left out: not for people
//	import "x.just"             read in its place
//	mod web                     -> just web::dev, of web.just, web/mod.just, web/justfile
//
// Nothing is evaluated. A recipe for another system ([windows]) is left out.
// The format: https://just.systems/man/en/
func parseJustfile(src source) ([]declared, []finding) {
	r := justReader{src: src, reading: map[string]bool{}}
	r.file(src.path, src.data, "", 0)
	return r.found.list, nil
}

var (
	// justHeader is the beginning of a recipe: what follows are parameters.
	justHeader = regexp.MustCompile(`^@?([A-Za-z_][A-Za-z0-9_-]*)(\s[^:=]|\s*[:$*+])`)
	justImport = regexp.MustCompile(`^import\??\s+['"]([^'"]+)['"]`)
	justModule = regexp.MustCompile(`^mod\??\s+([A-Za-z_][A-Za-z0-9_-]*)(?:\s+['"]([^'"]+)['"])?`)
	justParam  = regexp.MustCompile(`^([*+]?)\$?[A-Za-z_][A-Za-z0-9_-]*`)
)

// justIncludes gives the files that import and mod lines name, with the several
// places where a module may be.
func justIncludes(_ *tree, _, file string, data []byte) []string {
	var names []string
	for _, line := range lines(data) {
		if m := justImport.FindStringSubmatch(line); m != nil {
			names = append(names, path.Join(path.Dir(file), m[1]))
		}
		if m := justModule.FindStringSubmatch(line); m != nil {
			names = append(names, justModuleFiles(file, m[1], m[2])...)
		}
	}
	return names
}

func justModuleFiles(file, name, at string) []string {
	dir := path.Dir(file)
	if at != "" {
		at = path.Join(dir, at)
		return []string{at, path.Join(at, "mod.just"), path.Join(at, "justfile")}
	}
	return []string{
		path.Join(dir, name+".just"), path.Join(dir, name, "mod.just"),
		path.Join(dir, name, "justfile"), path.Join(dir, name, ".justfile"),
	}
}

type justReader struct {
	src     source
	found   declarations
	reading map[string]bool // the files that the present one was named by, and itself
	reads   int
}

// file reads a justfile whose recipes' names begin with prefix.
func (r *justReader) file(name string, data []byte, prefix string, depth int) {
	if depth > maxNested || r.reading[name] || r.reads == maxReads {
		return
	}
	r.reads++
	r.reading[name] = true
	defer delete(r.reading, name)
	var attributes, quoted string
	for i, line := range lines(data) {
		inText := quoted != ""
		quoted = justQuoted(line, quoted)
		if inText || line == "" || line[0] == ' ' || line[0] == '\t' || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			if len(attributes) < 1000 { // nobody has that many
				attributes += line
			}
			continue
		}
		if m := justImport.FindStringSubmatch(line); m != nil {
			at := path.Join(path.Dir(name), m[1])
			r.file(at, r.src.more[at], prefix, depth+1)
		} else if m := justModule.FindStringSubmatch(line); m != nil {
			r.module(name, m[1], m[2], prefix, depth)
		} else if depth == 0 {
			r.recipe(line, attributes, prefix, i+1)
		} else {
			r.recipe(line, attributes, prefix, 0)
		}
		attributes = ""
	}
}

func (r *justReader) module(file, name, at, prefix string, depth int) {
	for _, candidate := range justModuleFiles(file, name, at) {
		if data, ok := r.src.more[candidate]; ok {
			r.file(candidate, data, prefix+name+"::", depth+1)
			return
		}
	}
}

// recipe adds the recipe that a line begins, if it begins one.
func (r *justReader) recipe(line, attributes, prefix string, number int) {
	m := justHeader.FindStringSubmatch(line)
	if m == nil || m[1] == "alias" || m[1] == "set" || m[1] == "export" || m[1] == "unexport" {
		return
	}
	needs, ok := justParameters(strings.TrimPrefix(line, "@")[len(m[1]):])
	name := prefix + m[1]
	private := strings.HasPrefix(m[1], "_") || strings.Contains(attributes, "private")
	if ok && !needs && !private && justSystem(attributes) {
		r.found.run("just ", name, number)
	}
}

// justSystem reports whether a recipe is for this system. Without an attribute
// that names one it is for all.
func justSystem(attributes string) bool {
	systems := map[string]bool{
		"linux": runtime.GOOS == "linux", "macos": runtime.GOOS == "darwin", "windows": runtime.GOOS == "windows",
		"unix": runtime.GOOS != "windows", "openbsd": runtime.GOOS == "openbsd",
	}
	said := false
	for _, word := range strings.FieldsFunc(attributes, func(c rune) bool { return strings.ContainsRune("[], ", c) }) {
		here, known := systems[word]
		if here {
			return true
		}
		said = said || known
	}
	return !said
}

// justParameters reads what stands between a recipe's name and its colon, and
// reports whether a parameter needs a value. ok is false if it is no recipe.
func justParameters(s string) (needs, ok bool) {
	for {
		s = strings.TrimLeft(s, " \t")
		if strings.HasPrefix(s, ":") {
			return needs, !strings.HasPrefix(s, ":=")
		}
		m := justParam.FindStringSubmatch(s)
		if m == nil {
			return false, false
		}
		s = s[len(m[0]):]
		if !strings.HasPrefix(s, "=") {
			needs = needs || m[1] != "*"
			continue
		}
		if s, ok = skipJustValue(s[1:]); !ok {
			return false, false
		}
	}
}

// skipJustValue skips a default value: a string, a command, an expression in
// parentheses, or a name.
func skipJustValue(s string) (rest string, ok bool) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'' || c == '"' || c == '`':
			end := strings.IndexByte(s[i+1:], c)
			if end < 0 {
				return "", false
			}
			i += end + 1
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && (c == ' ' || c == '\t' || c == ':'):
			return s[i:], i > 0
		}
	}
	return "", false
}

// justQuoted tells which of just's three quotes over several lines is open
// behind a line, given the one that was before it; "" for none.
func justQuoted(line, open string) string {
	for line != "" {
		if open != "" {
			_, rest, found := strings.Cut(line, open)
			if !found {
				return open
			}
			line, open = rest, ""
			continue
		}
		first := -1
		for _, q := range []string{`"""`, `'''`, "```"} {
			if i := strings.Index(line, q); i >= 0 && (first < 0 || i < first) {
				first, open = i, q
			}
		}
		if open == "" {
			return ""
		}
		line = line[first+3:]
	}
	return open
}
