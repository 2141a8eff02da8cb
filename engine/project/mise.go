package project

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// miseFiles picks the configuration of a folder that counts most in mise.
func miseFiles(t *tree, dir string) []string {
	return one("mise.toml", ".mise.toml", "mise/config.toml", ".mise/config.toml", ".config/mise.toml")(t, dir)
}

// parseMise lists the tasks of a mise.toml:
//
//	[tasks]
//	build = "cargo build"      -> mise run build
//	[tasks.gen]
//	hide = true                left out, as by mise itself
//
// Tasks that are files of their own are left out: whether mise takes a file for
// one depends on its mode.
//
// The format: https://mise.jdx.dev/tasks/toml-tasks.html
func parseMise(src source) ([]declared, []finding) {
	doc, err := document.TOML(src.data)
	if err != nil {
		return nil, broken(err)
	}
	return named(doc.Get("tasks"), "mise run ", func(f *document.Node) bool {
		return !f.Get("hide").True() && !strings.HasPrefix(f.Key, "_")
	})
}
