package project

import (
	"path"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// cargoIncludes gives the files with a package's aliases.
func cargoIncludes(_ *tree, dir, _ string, _ []byte) []string {
	return []string{path.Join(dir, ".cargo/config.toml"), path.Join(dir, ".cargo/config")}
}

// parseCargo lists the programs and examples of a Rust package, what one does
// with it as a whole, and its aliases:
//
//	src/main.rs, src/bin/x.rs, [[bin]]    -> cargo run --bin x
//	examples/x.rs, [[example]]            -> cargo run --example x
//	cargo test, build, clippy             in a workspace's root: of all members
//	[alias] of .cargo/config.toml         -> cargo x
//
// The format: https://doc.rust-lang.org/cargo/reference/cargo-targets.html
func parseCargo(src source) ([]declared, []finding) {
	doc, err := document.TOML(src.data)
	if err != nil {
		return nil, broken(err)
	}
	if doc.Get("package") == nil && doc.Get("workspace") == nil {
		return nil, []finding{{message: "neither [package] nor [workspace]"}}
	}
	var found declarations
	if p := doc.Get("package"); p != nil {
		name := p.Get("name")
		for _, bin := range cargoTargets(src, doc, "bin", "autobins", "src/bin") {
			found.add(declared{local: "run:" + bin.Text, name: bin.Text, command: "cargo run --bin " + quote(bin.Text), line: bin.At.Line})
		}
		if src.has("src/main.rs") && name.String() != "" && !isFalse(p.Get("autobins")) && !namesFile(doc.Get("bin"), "src/main.rs") {
			found.add(declared{local: "run:" + name.Text, name: name.Text, command: "cargo run --bin " + quote(name.Text), line: name.At.Line})
		}
		for _, ex := range cargoTargets(src, doc, "example", "autoexamples", "examples") {
			found.add(declared{local: "example:" + ex.Text, name: ex.Text, command: "cargo run --example " + quote(ex.Text), line: ex.At.Line})
		}
	}
	all := ""
	if doc.Get("workspace") != nil {
		all = " --workspace"
	}
	for _, verb := range []string{"test", "build", "clippy"} {
		found.add(declared{local: verb, name: verb, command: "cargo " + verb + all})
	}
	for _, file := range cargoIncludes(nil, src.dir, "", nil) {
		aliases, err := document.TOML(src.more[file])
		if err != nil {
			continue // cargo itself says so, whatever one runs
		}
		for _, a := range aliases.Get("alias").Fields() {
			found.add(declared{local: "alias:" + a.Key, name: a.Key, command: "cargo " + quote(a.Key)})
		}
	}
	return found.list, nil
}

// cargoTargets gives the names of a package's targets of one kind: those that
// have a table, and those that are found by their place.
func cargoTargets(src source, doc *document.Node, kind, auto, dir string) []*document.Node {
	var targets []*document.Node
	for _, t := range doc.Get(kind).Elements() {
		if n := t.Get("name"); n.String() != "" {
			targets = append(targets, n)
		}
	}
	if isFalse(doc.Get("package", auto)) {
		return targets
	}
	for _, name := range rustPrograms(src.tree, path.Join(src.dir, dir)) {
		named := func(n *document.Node) bool { return n.Text == name }
		at := dir + "/" + name
		if !slices.ContainsFunc(targets, named) && !namesFile(doc.Get(kind), at+".rs") && !namesFile(doc.Get(kind), at+"/main.rs") {
			targets = append(targets, &document.Node{Kind: document.Text, Text: name})
		}
	}
	return targets
}

// rustPrograms gives the programs that lie in a folder: x.rs and x/main.rs.
func rustPrograms(t *tree, dir string) []string {
	var names []string
	for _, file := range t.in(dir) {
		if name, ok := strings.CutSuffix(file, ".rs"); ok {
			names = append(names, name)
		}
	}
	for _, sub := range t.below(dir) {
		if t.has(path.Join(dir, sub, "main.rs")) {
			names = append(names, sub)
		}
	}
	return names
}

// namesFile reports whether a target's table says that it is in a file.
func namesFile(targets *document.Node, file string) bool {
	return slices.ContainsFunc(targets.Elements(), func(t *document.Node) bool { return t.Get("path").String() == file })
}

func isFalse(n *document.Node) bool { return n != nil && n.Kind == document.Bool && n.Text == "false" }
