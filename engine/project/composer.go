package project

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// parseComposer lists the scripts of a composer.json but for those that composer
// itself runs at its events (pre-install-cmd, post-autoload-dump):
//
//	"scripts": {"serve": "php -S localhost:8000", "test": ["@lint", "phpunit"]}
//	                                       -> composer run-script serve
//
// The format: https://getcomposer.org/doc/articles/scripts.md
func parseComposer(src source) ([]declared, []finding) {
	doc, err := document.JSON(src.data)
	if err != nil {
		return nil, broken(err)
	}
	scripts := doc.Get("scripts")
	return named(scripts, "composer run-script ", func(f *document.Node) bool { return !composerEvent(f.Key) })
}

// composerEvent reports whether composer runs a script of that name by itself.
// "pre-command-run" and "init" are events too; what begins otherwise is not.
func composerEvent(name string) bool {
	if name == "pre-command-run" || name == "command" || name == "init" {
		return true
	}
	for _, prefix := range []string{"pre-", "post-"} {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		for _, event := range []string{
			"install-cmd", "update-cmd", "status-cmd", "archive-cmd", "autoload-dump", "root-package-install",
			"create-project-cmd", "operations-exec", "package-install", "package-update", "package-uninstall",
			"file-download", "pool-create", "dependencies-solving",
		} {
			if rest == event {
				return true
			}
		}
	}
	return false
}
