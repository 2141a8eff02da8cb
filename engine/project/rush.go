package project

import (
	"path"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

const rushCommands = "common/config/rush/command-line.json"

// rushIncludes is the file with a Rush repository's own commands.
func rushIncludes(_ *tree, dir, _ string, _ []byte) []string {
	return []string{path.Join(dir, rushCommands)}
}

// parseRush lists what one does with a Rush repository as a whole: Rush's own
// commands that build, and those that command-line.json adds. The packages'
// scripts are listed by their own kind, to be run by rushx.
//
// The format: https://rushjs.io/pages/configs/command-line_json/
func parseRush(src source) ([]declared, []finding) {
	if _, err := document.JSON(src.data); err != nil {
		return nil, broken(err)
	}
	var found declarations
	for _, name := range []string{"install", "update", "build", "rebuild"} {
		found.run("rush ", name, 0)
	}
	doc, err := document.JSON(src.more[path.Join(src.dir, rushCommands)])
	if err != nil {
		return found.list, nil // it is not there, or Rush says what is wrong with it
	}
	for _, c := range doc.Get("commands").Elements() {
		name := c.Get("name").String()
		if name != "" && !isOption(name) {
			found.run("rush ", name, 0)
		}
	}
	return found.list, nil
}
