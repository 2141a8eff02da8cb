package project

import (
	"path"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// composeIncludes gives the file that compose reads on top of another one.
func composeIncludes(t *tree, dir, file string, _ []byte) []string {
	if path.Dir(file) != dir {
		return nil
	}
	switch path.Base(file) {
	case "compose.yaml", "compose.yml":
		return []string{path.Join(dir, "compose.override.yaml"), path.Join(dir, "compose.override.yml")}
	case "docker-compose.yml", "docker-compose.yaml":
		return []string{path.Join(dir, "docker-compose.override.yml"), path.Join(dir, "docker-compose.override.yaml")}
	}
	return nil
}

// parseCompose lists the services of a compose file, with those that its
// override adds:
//
//	services:
//	  db: {image: postgres}    -> docker compose up db
//
// A service that names a profile counts too: to name it on the command line
// switches its profile on. Compose itself starts what it depends on.
//
// The format: https://docs.docker.com/reference/compose-file/services/
func parseCompose(src source) ([]declared, []finding) {
	doc, err := document.YAML(src.data)
	if err != nil {
		return nil, broken(err)
	}
	scripts, findings := named(doc.Get("services"), "docker compose up ", nil)
	var found declarations
	for _, d := range scripts {
		found.add(d)
	}
	for _, name := range composeIncludes(src.tree, src.dir, src.path, nil) {
		override, err := document.YAML(src.more[name])
		if err != nil {
			continue
		}
		more, _ := named(override.Get("services"), "docker compose up ", nil)
		for _, d := range more {
			d.line = 0
			found.add(d)
		}
	}
	return found.list, findings
}
