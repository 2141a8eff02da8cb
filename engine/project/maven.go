package project

import (
	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// mavenGoals are goals that run a program, by the plugin that has them.
var mavenGoals = []struct{ plugin, name, goal string }{
	{"spring-boot-maven-plugin", "run", "spring-boot:run"},
	{"quarkus-maven-plugin", "dev", "quarkus:dev"},
	{"exec-maven-plugin", "exec", "exec:java"},
	{"jetty-maven-plugin", "jetty", "jetty:run"},
	{"micronaut-maven-plugin", "mn", "mn:run"},
}

// parseMaven lists the phases that people ask for, and the goals that run the
// program if a plugin has one:
//
//	pom.xml                                -> mvn test, mvn package, mvn verify
//	<artifactId>spring-boot-maven-plugin   -> mvn spring-boot:run
//
// With a wrapper (mvnw) in the folder or above it the command is the wrapper's.
// The format: https://maven.apache.org/pom.html
func parseMaven(src source) ([]declared, []finding) {
	doc, err := document.XML(src.data)
	if err != nil {
		return nil, broken(err)
	}
	project := doc.Get("project")
	if project == nil {
		return nil, []finding{{line: 1, column: 1, message: "a pom.xml is a <project>"}}
	}
	mvn := wrapper(src, "mvnw", "mvn")
	var found declarations
	plugins := make(map[string]bool)
	for n := range project.Get("build", "plugins").All() {
		if n.Key == "plugin" {
			plugins[n.Get("artifactId").String()] = true
		}
	}
	for _, g := range mavenGoals {
		if plugins[g.plugin] {
			found.add(declared{local: g.name, name: g.name, command: mvn + " " + g.goal})
		}
	}
	for _, phase := range []string{"test", "package", "verify"} {
		found.run(mvn+" ", phase, 0)
	}
	return found.list, nil
}

// wrapper gives the command of a build tool: that of the nearest wrapper, else
// the tool's own name.
func wrapper(src source, script, tool string) string {
	at, _, ok := src.tree.nearest(src.dir, script)
	if !ok {
		return tool
	}
	way := upTo(src.dir, at)
	if way == "." {
		return "./" + script
	}
	return way + "/" + script
}
