package project

import "path"

// railsApp picks bin/rails of a Rails application.
func railsApp(t *tree, dir string) []string {
	if !t.has(path.Join(dir, "config/application.rb")) {
		return nil
	}
	return one("bin/rails")(t, dir)
}

// parseRails lists what one does with a Rails application, and the tasks of its
// lib/tasks, which bin/rails runs like its own.
func parseRails(src source) ([]declared, []finding) {
	var found declarations
	verbs := []string{"server"}
	if len(src.tree.below(path.Join(src.dir, "test"))) > 0 {
		verbs = append(verbs, "test")
	}
	if len(src.tree.in(path.Join(src.dir, "db"))) > 0 {
		verbs = append(verbs, "db:prepare")
	}
	for _, verb := range verbs {
		found.run("bin/rails ", verb, 0)
	}
	for _, name := range src.tree.match(src.dir, "lib/tasks/*.rake") {
		rakeTasks(&found, "bin/rails ", src.more[name], false)
	}
	return found.list, nil
}

// parseBinDev lists bin/dev, by which many projects start all that is needed for
// development.
func parseBinDev(source) ([]declared, []finding) {
	return []declared{{local: "dev", name: "dev", command: "bin/dev"}}, nil
}
