package project

import "github.com/brummer-rpc/brummer-rpc/engine/project/document"

// parseDeno lists the tasks of a deno.json or deno.jsonc:
//
//	"tasks": {
//	  "dev": "deno run --watch main.ts",            -> deno task dev
//	  "all": {"dependencies": ["build", "test"]}    -> deno task all
//	}
//
// The format: https://docs.deno.com/runtime/reference/cli/task/
func parseDeno(src source) ([]declared, []finding) {
	doc, err := document.JSON(src.data)
	if err != nil {
		return nil, broken(err)
	}
	return named(doc.Get("tasks"), "deno task ", nil)
}

// named lists the fields of an object as scripts: the command is prefix and the
// field's name. Fields that keep does not want are left out; a nil keep wants
// all. A name that begins with a dash would be taken for an option, and not
// every tool knows "--".
func named(fields *document.Node, prefix string, keep func(*document.Node) bool) ([]declared, []finding) {
	var scripts []declared
	var findings []finding
	for _, f := range fields.Fields() {
		switch {
		case keep != nil && !keep(f):
		case isOption(f.Key):
			findings = append(findings, at(f.KeyAt, "the name "+quoteForMessage(f.Key)+" would be taken for an option"))
		default:
			scripts = append(scripts, declared{local: f.Key, name: f.Key, command: prefix + quote(f.Key), line: f.KeyAt.Line})
		}
	}
	return scripts, findings
}

func isOption(name string) bool { return len(name) > 0 && name[0] == '-' }
