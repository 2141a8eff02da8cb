package project

import "github.com/brummer-rpc/brummer-rpc/engine/project/document"

// parseLerna lists the scripts that "lerna run" runs in all packages that have
// them: those of the packages that lerna.json names, or else of the workspaces
// of the package.json beside it.
//
// The format: https://lerna.js.org/docs/api-reference/configuration
func parseLerna(src source) ([]declared, []finding) {
	doc, err := document.JSON(src.data)
	if err != nil {
		return nil, broken(err)
	}
	var found declarations
	for _, name := range src.node.scripts(src.dir, doc.Get("packages").Strings()) {
		if !isOption(name) {
			found.run(src.node.exec(src.dir, "lerna run "), name, 0)
		}
	}
	return found.list, nil
}
