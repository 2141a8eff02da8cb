package project

import (
	"path"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// parsePubspec lists what one does with a Dart package, or a Flutter app:
//
//	dependencies: {flutter: {sdk: flutter}}    -> flutter run, flutter test
//	bin/server.dart                            -> dart run bin/server.dart
//	test/                                      -> dart test
//	melos: {scripts: {...}}                    -> melos run NAME
//
// The format: https://dart.dev/tools/pub/pubspec
func parsePubspec(src source) ([]declared, []finding) {
	doc, err := document.YAML(src.data)
	if err != nil {
		return nil, broken(err)
	}
	var found declarations
	tool := "dart"
	if doc.Get("dependencies", "flutter") != nil {
		tool = "flutter"
		if src.has("lib/main.dart") {
			found.run("flutter ", "run", 0)
		}
	}
	for _, file := range src.tree.in(path.Join(src.dir, "bin")) {
		if name, ok := strings.CutSuffix(file, ".dart"); ok {
			found.add(declared{local: "run:" + name, name: name, command: "dart run " + quote("bin/"+file)})
		}
	}
	if len(src.tree.in(path.Join(src.dir, "test")))+len(src.tree.below(path.Join(src.dir, "test"))) > 0 {
		found.run(tool+" ", "test", 0)
	}
	melosScripts(&found, doc.Get("melos", "scripts"))
	return found.list, nil
}

// parseMelos lists the scripts of a melos.yaml.
func parseMelos(src source) ([]declared, []finding) {
	doc, err := document.YAML(src.data)
	if err != nil {
		return nil, broken(err)
	}
	var found declarations
	melosScripts(&found, doc.Get("scripts"))
	return found.list, nil
}

func melosScripts(found *declarations, scripts *document.Node) {
	for _, f := range scripts.Fields() {
		if !f.Get("private").True() && !isOption(f.Key) {
			found.add(declared{local: f.Key, name: f.Key, command: "melos run " + quote(f.Key) + melosAll(f), line: f.KeyAt.Line})
		}
	}
}

// melosAll keeps melos from asking in which packages a script is to run.
func melosAll(f *document.Node) string {
	if f.Get("exec") != nil || f.Get("packageFilters") != nil {
		return " --no-select"
	}
	return ""
}
