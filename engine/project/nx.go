package project

import (
	"path"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// nxProject picks the project.json of a folder in an Nx workspace; elsewhere a
// file of that name is something else.
func nxProject(t *tree, dir string) []string {
	if _, _, ok := t.nearest(dir, "nx.json"); !ok {
		return nil
	}
	return one("project.json")(t, dir)
}

// parseNx lists the targets of an Nx project:
//
//	{"name": "shop", "targets": {"serve": {...}}}    -> npx nx run shop:serve
//
// Targets that Nx infers from other tools' files are not known without running
// its plugins; the scripts of package.json are listed by their own kind.
//
// The format: https://nx.dev/reference/project-configuration
func parseNx(src source) ([]declared, []finding) {
	doc, err := document.JSON(src.data)
	if err != nil {
		return nil, broken(err)
	}
	project := doc.Get("name").String()
	if project == "" {
		project = path.Base(src.dir)
	}
	var scripts []declared
	for _, f := range doc.Get("targets").Fields() {
		scripts = append(scripts, declared{
			local: f.Key, name: f.Key, line: f.KeyAt.Line,
			command: src.node.exec(src.dir, "nx run ") + quote(project+":"+f.Key),
		})
	}
	return scripts, nil
}
