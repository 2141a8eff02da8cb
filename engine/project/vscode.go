package project

import (
	"fmt"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// parseVSCode lists the tasks of a .vscode/tasks.json:
//
//	{"label": "web", "type": "shell", "command": "npm", "args": ["run", "dev"]}
//	{"label": "build", "type": "npm", "script": "build", "path": "apps/web"}
//	{"label": "all", "dependsOn": ["web", "api"]}
//
// with its variables, its folder and environment, what it depends on, its problem
// matchers and its group. Left out is what only an editor can know: the types
// that extensions add, ${file}, ${input:...}. Of the parts for one system
// ("linux", "osx", "windows") this system's counts.
//
// The format: https://code.visualstudio.com/docs/reference/tasks-appendix
func parseVSCode(src source) ([]declared, []finding) {
	doc, err := document.JSON(src.data)
	if err != nil {
		return nil, broken(err)
	}
	r := vscodeReader{src: src, doc: doc, background: make(map[string]bool)}
	for _, t := range doc.Get("tasks").Elements() {
		r.background[taskLabel(t)] = t.Get("isBackground").True()
	}
	for _, t := range doc.Get("tasks").Elements() {
		r.task(t)
	}
	return r.found.list, r.findings
}

type vscodeReader struct {
	src        source
	doc        *document.Node
	background map[string]bool // by label
	found      declarations
	findings   []finding
}

// task adds one task, or says why it can't be run.
func (r *vscodeReader) task(t *document.Node) {
	label := taskLabel(t)
	v := vscodeTask{reader: r, task: t, cwd: "."}
	command := v.command()
	if v.needs != "" {
		r.findings = append(r.findings, at(t.At, fmt.Sprintf("the task %s %s", quoteForMessage(label), v.needs)))
		return
	}
	if t.Get("dependsOrder").String() == "sequence" && len(t.Get("dependsOn").Elements()) > 1 {
		r.findings = append(r.findings, at(t.Get("dependsOrder").At, "the dependencies of "+quoteForMessage(label)+" are started together, not in sequence"))
	}
	d := declared{local: label, name: label, command: command, line: t.At.Line, policy: v.policy()}
	if v.cwd != "." {
		d.dir = path.Join(r.src.dir, v.cwd)
	}
	if d.dir == ".." || strings.HasPrefix(d.dir, "../") {
		r.findings = append(r.findings, at(t.At, "the folder of the task "+quoteForMessage(label)+" is outside of the workspace"))
		return
	}
	r.found.add(d)
}

// taskLabel is the name of a task; those of npm may do without.
func taskLabel(t *document.Node) string {
	for _, key := range []string{"label", "taskName"} {
		if name := t.Get(key).String(); name != "" {
			return name
		}
	}
	if t.Get("type").String() == "npm" {
		return "npm: " + t.Get("script").String()
	}
	return ""
}

// vscodeTask is one task while it is read.
type vscodeTask struct {
	reader *vscodeReader
	task   *document.Node
	cwd    string // relative to the workspace folder
	needs  string // why it can't be run, as the end of a sentence; "" if it can
}

// get gives a field of the task: this system's, else its own, else what the file
// says for all tasks.
func (v *vscodeTask) get(path ...string) *document.Node {
	system := map[string]string{"linux": "linux", "darwin": "osx", "windows": "windows"}[runtime.GOOS]
	for _, n := range []*document.Node{v.task.Get(system), v.task, v.reader.doc.Get(system), v.reader.doc} {
		if f := n.Get(path...); f != nil {
			return f
		}
	}
	return nil
}

// command makes a command line for the shell.
func (v *vscodeTask) command() string {
	if cwd := v.get("options", "cwd").String(); cwd != "" {
		v.cwd = path.Clean(v.expand(cwd, "."))
	}
	kind := v.get("type").String()
	if kind == "npm" {
		v.cwd = path.Clean(v.task.Get("path").String())
		return v.reader.src.node.manager(path.Join(v.reader.src.dir, v.cwd)).run + " " + quote(v.task.Get("script").String())
	}
	program := v.get("command")
	switch {
	case kind != "" && kind != "shell" && kind != "process":
		v.needs = "is of the type " + quoteForMessage(kind) + ", which an extension brings"
	case program == nil && v.task.Get("dependsOn") != nil:
		return ":" // it only brings its dependencies together
	case program == nil:
		v.needs = "has no command"
	}
	words := []string{v.word(program, kind, true)}
	for _, arg := range v.get("args").Elements() {
		words = append(words, v.word(arg, kind, false))
	}
	return strings.Join(words, " ")
}

// word makes a word of the command line of a string, or of a value with a
// quoting. A shell's string is the shell's to read, but for blanks in an
// argument; a process's is taken as it is.
func (v *vscodeTask) word(n *document.Node, kind string, program bool) string {
	text, quoting := n.String(), n.Get("quoting").String()
	if n.Get("value") != nil {
		text = strings.Join(n.Get("value").Strings(), " ")
	}
	text = v.expand(text, upTo(v.cwd, "."))
	switch {
	case quoting == "weak":
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	case quoting != "", kind == "process", text == "":
		return quote(text)
	case !program && strings.ContainsAny(text, " \t") && !strings.ContainsAny(text[:1], `"'`):
		return quote(text)
	}
	return text
}

var vscodeVariable = regexp.MustCompile(`\$\{([^}]*)\}`)

// expand replaces variables; root is the way to the workspace folder.
func (v *vscodeTask) expand(text, root string) string {
	return vscodeVariable.ReplaceAllStringFunc(text, func(ref string) string {
		name := ref[2 : len(ref)-1]
		switch {
		case name == "workspaceFolder" || name == "workspaceRoot":
			return root
		case name == "cwd":
			return "."
		case name == "pathSeparator" || name == "/":
			return "/"
		case v.get("type").String() != "process" && name == "userHome":
			return "$HOME"
		case v.get("type").String() != "process" && strings.HasPrefix(name, "env:"):
			return "${" + strings.TrimPrefix(name, "env:") + "}" // the shell knows it
		}
		v.needs = "needs an editor for " + ref
		return ref
	})
}

// policy is what a task says beyond its command.
func (v *vscodeTask) policy() *config.Process {
	p := &config.Process{Env: map[string]string{}, Matchers: v.matchers(), Group: taskGroup(v.task.Get("group"))}
	for _, e := range v.get("options", "env").Fields() {
		if value := e.String(); !strings.Contains(value, "${") {
			p.Env[e.Key] = value
		}
	}
	deps := v.task.Get("dependsOn")
	for _, name := range deps.Strings() {
		p.DependsOn = append(p.DependsOn, config.Dependency{Name: name, Condition: v.reader.condition(name)})
	}
	if p.Matchers == nil && len(p.Env)+len(p.DependsOn) == 0 && p.Group == "" {
		return nil
	}
	return p
}

// matchers gives the problem matchers: names, and those that the task has written
// out. "problemMatcher": [] says that there are none, which is not the same as to
// say nothing.
func (v *vscodeTask) matchers() config.Matchers {
	m := v.task.Get("problemMatcher")
	list := m.Elements()
	if m != nil && m.Kind != document.List {
		list = []*document.Node{m}
	}
	matchers, bad := config.MatchersOf(slices.DeleteFunc(slices.Clone(list), func(n *document.Node) bool { return n.Kind == document.Text && n.Text == "" }))
	switch {
	case m == nil:
		return nil
	case bad != nil:
		v.reader.findings = append(v.reader.findings, at(bad.At, "a problemMatcher is a name or an object, not "+bad.Kind.String()))
	}
	return matchers
}

// taskGroup is "build" or "test".
func taskGroup(g *document.Node) string {
	if kind := g.Get("kind").String(); kind != "" {
		return kind
	}
	return g.String()
}

// condition is what a task that is depended on must have come to: a background
// task must run, any other must have done its work.
func (r *vscodeReader) condition(label string) string {
	if r.background[label] {
		return "started"
	}
	return "succeeded"
}
