package project

import (
	"regexp"
	"strings"
)

var (
	// The ways to define a task: task x, task("x"), tasks.register("x"),
	// tasks.register<Exec>("x"), val x by tasks.registering.
	gradleTask = []*regexp.Regexp{
		regexp.MustCompile(`^\s*task\s+([A-Za-z_][A-Za-z0-9_]*)`),
		regexp.MustCompile(`^\s*task(?:<[^>]*>)?\(\s*["']([A-Za-z_][A-Za-z0-9_\-]*)["']`),
		regexp.MustCompile(`\btasks\.(?:register|create)(?:<[^>]*>)?\s*\(\s*["']([A-Za-z_][A-Za-z0-9_\-]*)["']`),
		regexp.MustCompile(`^\s*val\s+([A-Za-z_][A-Za-z0-9_]*)\s+by\s+tasks\.(?:registering|creating)`),
	}
	// The ways to apply a plugin: id("x"), id 'x', apply plugin: 'x', java,
	// application (in Kotlin, in plugins { }).
	gradlePlugin = regexp.MustCompile("(?:\\bid[\\s(]+|apply\\s+plugin:\\s*|apply\\(plugin\\s*=\\s*)[\"']([A-Za-z0-9_.\\-]+)[\"']|^\\s*`?(application|java|java-library|kotlin\\(\"jvm\"\\))`?\\s*$")
)

// gradleRun are tasks that run a program, by the plugin that brings them.
var gradleRun = []struct{ plugin, task string }{
	{"org.springframework.boot", "bootRun"},
	{"io.quarkus", "quarkusDev"},
	{"application", "run"},
	{"io.ktor.plugin", "run"},
	{"com.android.application", "installDebug"},
}

// parseGradle lists the tasks that a build script defines, and those of its
// plugins that people ask for:
//
//	tasks.register("seed") { }       -> ./gradlew seed
//	id("org.springframework.boot")   -> ./gradlew bootRun
//	(always)                         -> ./gradlew build, ./gradlew test
//
// The script is a program, and is not run: a task with a calculated name is not
// found. In a sub-project's folder gradle means that project's task.
func parseGradle(src source) ([]declared, []finding) {
	gradle := wrapper(src, "gradlew", "gradle") + " "
	var own, plugins declarations
	for i, line := range lines(src.data) {
		line, _, _ = strings.Cut(line, "//")
		for _, re := range gradleTask {
			if m := re.FindStringSubmatch(line); m != nil {
				own.run(gradle, m[1], i+1)
			}
		}
		if m := gradlePlugin.FindStringSubmatch(line); m != nil {
			for _, r := range gradleRun {
				if r.plugin == m[1]+m[2] {
					plugins.run(gradle, r.task, i+1)
				}
			}
		}
	}
	for _, d := range plugins.list {
		own.add(d)
	}
	own.run(gradle, "build", 0)
	own.run(gradle, "test", 0)
	return own.list, nil
}
