package project

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// parsePackageJSON lists the scripts of a package.json, to be run by the
// package manager that the project uses.
//
//	"scripts": {
//	  "dev":      "vite",      -> npm run dev
//	  "predev":   "codegen",   left out: npm runs it before dev
//	  "prettier": "prettier",  -> npm run prettier: there is no script "ttier"
//	  "later":    ""           left out: nothing to run
//	}
//
// The command names the script instead of being its text: a package manager
// puts node_modules/.bin into the PATH, sets variables, and runs the hooks.
// The format: https://docs.npmjs.com/cli/configuring-npm/package-json
func parsePackageJSON(src source) ([]declared, []finding) {
	m, findings := readManifest(src.data)
	if m == nil {
		return nil, findings
	}
	run := src.node.manager(src.dir).run + " "
	var scripts []declared
	for _, s := range m.scripts {
		switch {
		case !m.listed(s):
		case strings.HasPrefix(s.name, "-"):
			// Not every package manager knows "--", so there is no portable way
			// to keep it from being read as an option of its own.
			findings = append(findings, finding{s.line, s.column, "the script " + quoteForMessage(s.name) + " would be taken for an option"})
		default:
			scripts = append(scripts, declared{local: s.name, name: s.name, command: run + quote(s.name), line: s.line})
		}
	}
	return scripts, findings
}

// manifest is what we need of a package.json.
type manifest struct {
	scripts []npmScript    // in the file's order, names unique
	index   map[string]int // name -> its place in scripts
}

// npmScript is one entry of "scripts". Without a value it is not listed, but
// it still stands in the place of an earlier one with its name.
type npmScript struct {
	name, value  string
	line, column int
}

// set adds a script. Of two with one name the last counts, in the place of the
// first, as in JavaScript.
func (m *manifest) set(s npmScript) {
	if i, ok := m.index[s.name]; ok {
		m.scripts[i] = s
		return
	}
	m.index[s.name] = len(m.scripts)
	m.scripts = append(m.scripts, s)
}

// listed reports whether a script is one that a person would run by itself. A
// lifecycle script without a script of its own ("prepare", "postinstall") is.
func (m *manifest) listed(s npmScript) bool {
	// npm's own documentation gives "//" as the key for comments.
	if s.value == "" || strings.HasPrefix(s.name, "//") {
		return false
	}
	for _, hook := range []string{"pre", "post"} {
		if of, ok := strings.CutPrefix(s.name, hook); ok && m.has(of) {
			return false
		}
	}
	return true
}

// has reports whether a script would be listed but for being a hook.
func (m *manifest) has(name string) bool {
	i, ok := m.index[name]
	return ok && m.scripts[i].value != ""
}

// readManifest reads data, or says where it is broken. It goes by tokens and
// not by json.Unmarshal into a map, which would lose the order of the scripts,
// or into a struct, which would take a field "Scripts" for "scripts".
func readManifest(data []byte) (*manifest, []finding) {
	if f, ok := syntaxError(data); !ok {
		return nil, []finding{f}
	}
	r := &manifestReader{at: newPosition(data), data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	if !r.open() {
		return nil, []finding{{1, 1, "a package.json is an object"}}
	}
	for r.dec.More() {
		r.field()
	}
	return &r.manifest, r.findings
}

// syntaxError checks data as a whole, so that all that comes after it can take
// for granted that no token is missing.
func syntaxError(data []byte) (finding, bool) {
	var whole json.RawMessage
	err := json.Unmarshal(data, &whole)
	if err == nil {
		return finding{}, true
	}
	f := finding{message: err.Error()}
	if se, ok := errors.AsType[*json.SyntaxError](err); ok {
		// Offset counts the bytes read, so the offender is the one before it,
		// unless what is missing is the rest of the file.
		offset := int(se.Offset)
		if offset > 0 && !strings.HasPrefix(se.Error(), "unexpected end") {
			offset--
		}
		f.line, f.column = newPosition(data).of(offset)
	}
	return f, false
}

// manifestReader reads the tokens of a package.json that syntaxError let pass.
// A field of an unexpected type is a finding or as good as absent, never the end
// of reading: the file is somebody else's, and most of it is not for us.
type manifestReader struct {
	manifest // what has been read so far

	data     []byte
	dec      *json.Decoder // of data
	at       *position     // in data
	findings []finding
}

// field reads one field of the top level.
func (r *manifestReader) field() {
	switch r.token() {
	case "scripts":
		r.scripts, r.index = nil, make(map[string]int) // of two such fields the last counts too
		line, column := r.at.of(r.next())
		if !r.open() {
			r.findings = append(r.findings, finding{line, column, `"scripts" is not an object`})
			return
		}
		for r.dec.More() {
			r.script()
		}
		r.token() // its closing brace
	default:
		r.skip()
	}
}

// script reads one script.
func (r *manifestReader) script() {
	line, column := r.at.of(r.next())
	name, _ := r.token().(string)
	value, ok := r.value()
	if !ok {
		r.findings = append(r.findings, finding{line, column, "the script " + quoteForMessage(name) + " is not a string"})
		return
	}
	r.set(npmScript{name, strings.TrimSpace(value), line, column})
}

// open reads a value and reports whether it is an object, whose fields follow;
// any other value is read to its end.
func (r *manifestReader) open() bool {
	switch r.token() {
	case json.Delim('{'):
		return true
	case json.Delim('['):
		for r.dec.More() {
			r.skip()
		}
		r.token()
	}
	return false
}

// value reads a value and gives it if it is a string.
func (r *manifestReader) value() (string, bool) {
	var v any
	_ = r.dec.Decode(&v) // cannot fail after syntaxError, but for a depth that it refuses too
	s, ok := v.(string)
	return s, ok
}

// skip reads a value of any kind.
func (r *manifestReader) skip() {
	var v json.RawMessage
	_ = r.dec.Decode(&v)
}

// token reads one token: a string, or a brace or bracket as a json.Delim. Of an
// object's fields the names are tokens too.
func (r *manifestReader) token() json.Token {
	t, _ := r.dec.Token() // nil at the end, which syntaxError has ruled out
	return t
}

// next gives the offset of the token to come. The decoder's own is the end of
// the token before it.
func (r *manifestReader) next() int {
	at := int(r.dec.InputOffset())
	rest := r.data[at:]
	return at + len(rest) - len(bytes.TrimLeft(rest, " \t\r\n,:"))
}
