package project

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// parsePyproject lists what a pyproject.toml has for people to run:
//
//	[project.scripts]             -> uv run NAME: the programs of the package
//	[tool.poetry.scripts]         -> poetry run NAME
//	[tool.pdm.scripts]            -> pdm run NAME
//	[tool.hatch.envs.ENV.scripts] -> hatch run ENV:NAME
//	[tool.rye.scripts]            -> rye run NAME
//	[tool.poe.tasks]              -> uv run poe NAME
//	[tool.taskipy.tasks]          -> uv run task NAME
//	[tool.pytest.ini_options]     -> uv run pytest
//
// Where it says uv it is the tool that manages the project's environment.
func parsePyproject(src source) ([]declared, []finding) {
	doc, err := document.TOML(src.data)
	if err != nil {
		return nil, broken(err)
	}
	r := pythonReader{env: pythonEnv(src, doc)}
	tool := doc.Get("tool")
	r.scripts("", doc.Get("project", "scripts"), r.env)
	r.scripts("", tool.Get("poetry", "scripts"), r.env)
	r.scripts("pdm:", tool.Get("pdm", "scripts"), "pdm run ")
	r.scripts("rye:", tool.Get("rye", "scripts"), "rye run ")
	r.scripts("poe:", tool.Get("poe", "tasks"), r.env+"poe ")
	r.scripts("task:", tool.Get("taskipy", "tasks"), r.env+"task ")
	r.hatch(tool.Get("hatch", "envs"))
	if p := tool.Get("pytest"); p != nil {
		r.found.add(declared{local: "pytest", name: "pytest", command: r.env + "pytest", line: p.KeyAt.Line})
	}
	return r.found.list, nil
}

type pythonReader struct {
	env   string // runs a program in the project's environment; "" if nobody manages it
	found declarations
}

// scripts adds the fields of a table. A name with an underscore before it is
// private, in all of the tools that know such a thing.
func (r *pythonReader) scripts(local string, table *document.Node, prefix string) {
	for _, f := range table.Fields() {
		if !strings.HasPrefix(f.Key, "_") && !isOption(f.Key) {
			r.found.add(declared{local: local + f.Key, name: f.Key, command: prefix + quote(f.Key), line: f.KeyAt.Line})
		}
	}
}

func (r *pythonReader) hatch(envs *document.Node) {
	for _, env := range envs.Fields() {
		prefix := env.Key + ":"
		if env.Key == "default" {
			prefix = ""
		}
		for _, f := range env.Get("scripts").Fields() {
			if strings.HasPrefix(f.Key, "_") || isOption(prefix+f.Key) {
				continue
			}
			r.found.add(declared{local: "hatch:" + env.Key + ":" + f.Key, name: f.Key, command: "hatch run " + quote(prefix+f.Key), line: f.KeyAt.Line})
		}
	}
}

// pythonEnvs are the tools that manage a project's environment, by the files
// that they write.
var pythonEnvs = []struct{ file, run string }{
	{"uv.lock", "uv run "}, {"poetry.lock", "poetry run "}, {"pdm.lock", "pdm run "}, {"Pipfile", "pipenv run "},
}

// pythonEnv gives the beginning of a command line that runs a program in the
// environment of the source's project: by the nearest lock file, else by the
// tool that the file has a table for. doc may be nil.
func pythonEnv(src source, doc *document.Node) string {
	for at := range ancestors(src.dir) {
		for _, e := range pythonEnvs {
			if src.tree.has(join(at, e.file)) {
				return e.run
			}
		}
	}
	for _, name := range []string{"uv", "poetry", "pdm"} {
		if doc.Get("tool", name) != nil {
			return name + " run "
		}
	}
	return ""
}

// parseManagePy lists what one does with a Django project.
func parseManagePy(src source) ([]declared, []finding) {
	if !strings.Contains(string(src.data), "DJANGO_SETTINGS_MODULE") {
		return nil, nil
	}
	var found declarations
	for _, verb := range []string{"runserver", "test", "migrate"} {
		found.run(pythonEnv(src, nil)+"python3 manage.py ", verb, 0)
	}
	return found.list, nil
}

// parsePytestIni says that pytest is used; what is in the file is only for it.
func parsePytestIni(src source) ([]declared, []finding) {
	return []declared{{local: "pytest", name: "pytest", command: pythonEnv(src, nil) + "pytest"}}, nil
}
