package project

import "github.com/brummer-rpc/brummer-rpc/engine/project/document"

// parseTurbo lists the tasks of a Turborepo's root, which "turbo run" runs in
// all packages that have a script of the name:
//
//	"tasks": {"build": {...}, "web#build": {...}}    -> npx turbo run build
//
// Before turbo 2 the field was called "pipeline". A package's own turbo.json
// changes tasks and adds none of its own for people to run; it says "extends".
//
// The format: https://turborepo.com/docs/reference/configuration
func parseTurbo(src source) ([]declared, []finding) {
	doc, err := document.JSON(src.data)
	if err != nil {
		return nil, broken(err)
	}
	if doc.Get("extends") != nil {
		return nil, nil
	}
	tasks := doc.Get("tasks")
	if tasks == nil {
		tasks = doc.Get("pipeline")
	}
	return named(tasks, src.node.exec(src.dir, "turbo run "), nil)
}
