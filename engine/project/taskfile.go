package project

import (
	"path"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// taskfileNames are looked for in this order.
var taskfileNames = []string{
	"Taskfile.yml", "taskfile.yml", "Taskfile.yaml", "taskfile.yaml",
	"Taskfile.dist.yml", "taskfile.dist.yml", "Taskfile.dist.yaml", "taskfile.dist.yaml",
}

// parseTaskfile lists the tasks of a Taskfile:
//
//	tasks:
//	  build: go build ./...       -> task build
//	  gen: {internal: true}       left out, as by task itself
//	  "start:*": ...              left out: a pattern
//	  deploy: {requires: {vars: [ENV]}}    left out: it needs a variable
//	includes:
//	  docs: ./docs                -> task docs:serve, of docs/Taskfile.yml
//
// The format: https://taskfile.dev/docs/reference/schema
func parseTaskfile(src source) ([]declared, []finding) {
	doc, err := document.YAML(src.data)
	if err != nil {
		return nil, broken(err)
	}
	r := taskReader{src: src}
	r.file(src.path, doc, "", nil)
	return r.found.list, nil
}

// taskIncludes gives the Taskfiles that one includes.
func taskIncludes(t *tree, _, file string, data []byte) []string {
	doc, err := document.YAML(data)
	if err != nil {
		return nil
	}
	var names []string
	for _, f := range doc.Get("includes").Fields() {
		if name := taskInclude(t, file, f); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// taskInclude gives the file that an entry of includes means, "" if there is no
// such file: a Taskfile, or a folder with one.
func taskInclude(t *tree, file string, entry *document.Node) string {
	at := entry.String()
	if at == "" {
		at = entry.Get("taskfile").String()
	}
	if at == "" || strings.Contains(at, "{{") {
		return ""
	}
	at = path.Join(path.Dir(file), at)
	if t.has(at) {
		return at
	}
	for _, name := range taskfileNames {
		if t.has(path.Join(at, name)) {
			return path.Join(at, name)
		}
	}
	return ""
}

type taskReader struct {
	src   source
	found declarations
	reads int
}

// file adds the tasks of one Taskfile. inside are the Taskfiles that include it.
func (r *taskReader) file(name string, doc *document.Node, prefix string, inside []string) {
	for _, f := range doc.Get("tasks").Fields() {
		local := prefix + f.Key
		if f.Get("internal").True() || len(f.Get("requires", "vars").Elements()) > 0 ||
			strings.ContainsAny(f.Key, "* ") || isOption(local) {
			continue
		}
		line := f.KeyAt.Line
		if len(inside) > 0 {
			line = 0
		}
		r.found.run("task ", local, line)
	}
	for _, f := range doc.Get("includes").Fields() {
		if !f.Get("internal").True() {
			r.include(name, f, prefix, append(inside, name))
		}
	}
}

func (r *taskReader) include(file string, entry *document.Node, prefix string, inside []string) {
	name := taskInclude(r.src.tree, file, entry)
	data, ok := r.src.more[name]
	if !ok || len(inside) > maxNested || len(r.found.list) > maxTasks || r.reads == maxReads {
		return
	}
	r.reads++
	for _, outer := range inside {
		if outer == name {
			return // task refuses it
		}
	}
	doc, err := document.YAML(data)
	if err != nil {
		return
	}
	if !entry.Get("flatten").True() {
		prefix += entry.Key + ":"
	}
	r.file(name, doc, prefix, inside)
}

// maxTasks bounds what Taskfiles that include each other may come to.
const maxTasks = 10_000
