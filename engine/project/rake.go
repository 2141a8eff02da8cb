package project

import (
	"path"
	"regexp"
	"strings"
)

var (
	rakeNamespace = regexp.MustCompile(`^(\s*)namespace[\s(]+[:"']?([A-Za-z0-9_\-]+)["']?\)?\s+do\b`)
	rakeTask      = regexp.MustCompile(`^\s*(?:multi)?task[\s(]+(?::"([^"#]+)"|:([A-Za-z0-9_?!]+)|["']([^"'#]+)["']|([A-Za-z0-9_]+):)`)
	rakeDesc      = regexp.MustCompile(`^\s*desc[\s(]`)
	rubyEnd       = regexp.MustCompile(`^(\s*)end\b`)
)

// rakeIncludes gives the files that rake, or Rails, reads besides a Rakefile.
func rakeIncludes(t *tree, dir, _ string, _ []byte) []string {
	return append(t.match(dir, "rakelib/*.rake"), t.match(dir, "lib/tasks/*.rake")...)
}

// parseRakefile lists the tasks that have a description, as "rake -T" does:
//
//	desc "Build it"
//	task :build => [:clean]       -> rake build
//	namespace :db do
//	  desc "Migrate"
//	  task migrate: :environment  -> rake db:migrate
//
// The file is Ruby, and is not run: the end of a namespace is told by its
// indentation, and names that are calculated are left out. With a Gemfile the
// command goes through bundler.
func parseRakefile(src source) ([]declared, []finding) {
	prefix := "rake "
	if _, _, ok := src.tree.nearest(src.dir, "Gemfile"); ok {
		prefix = "bundle exec rake "
	}
	var found declarations
	rakeTasks(&found, prefix, src.data, true)
	for _, name := range rakeIncludes(src.tree, src.dir, "", nil) {
		// Rails' own tasks are brought in by bin/rails, which has its own kind.
		if path.Base(path.Dir(name)) != "tasks" || !src.has("bin/rails") {
			rakeTasks(&found, prefix, src.more[name], false)
		}
	}
	return found.list, nil
}

// rakeSpace is a namespace that is open.
type rakeSpace struct{ name, indent string }

func rakeTasks(found *declarations, prefix string, data []byte, numbered bool) {
	var open []rakeSpace
	described := false
	for i, line := range lines(data) {
		if m := rakeNamespace.FindStringSubmatch(line); m != nil {
			if len(open) < maxNested {
				open = append(open, rakeSpace{m[2], m[1]})
			}
			continue
		}
		if m := rubyEnd.FindStringSubmatch(line); m != nil && len(open) > 0 && open[len(open)-1].indent == m[1] {
			open = open[:len(open)-1]
			continue
		}
		if rakeDesc.MatchString(line) {
			described = true
			continue
		}
		m := rakeTask.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if described {
			name := ""
			for _, space := range open {
				name += space.name + ":"
			}
			name += m[1] + m[2] + m[3] + m[4]
			number := 0
			if numbered {
				number = i + 1
			}
			if !isOption(name) && !strings.ContainsAny(name, " \t") {
				found.run(prefix, name, number)
			}
		}
		described = false
	}
}
