package project

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// nodeManager is a package manager for node's packages.
type nodeManager struct {
	name  string
	run   string // runs a script of the package
	exec  string // runs a program of its dependencies
	files []string
}

// nodeManagers have the files by which a folder is theirs: lock files, and the
// configuration that only one of them reads. In one folder the first in this
// order counts: a folder with two is in the middle of a migration, and nothing
// in it says in which direction.
var nodeManagers = []nodeManager{
	{"npm", "npm run", "npx", []string{"package-lock.json", "npm-shrinkwrap.json"}},
	// The same for yarn 1 and berry: both find the other's command by the name.
	{"yarn", "yarn run", "yarn run", []string{"yarn.lock", ".yarnrc.yml"}},
	{"pnpm", "pnpm run", "pnpm exec", []string{"pnpm-lock.yaml", "pnpm-workspace.yaml"}},
	{"bun", "bun run", "bunx", []string{"bun.lock", "bun.lockb", "bunfig.toml"}},
	{"deno", "deno task", "npx", []string{"deno.lock"}},
	{"rush", "rushx", "npx", []string{"rush.json"}},
}

func managerNamed(name string) *nodeManager {
	for i := range nodeManagers {
		if nodeManagers[i].name == name {
			return &nodeManagers[i]
		}
	}
	return nil
}

// nodeFacts is what the package.json files of the workspace say of each other.
type nodeFacts struct {
	tree    *tree
	folders map[string]nodeFolder
	data    map[string][]byte // package.json by folder
}

// nodeFolder is what one folder says.
type nodeFolder struct {
	manager *nodeManager // of the packageManager field
	engine  *nodeManager // the only one that engines lets in
	root    bool         // it is the root of a workspace
	members []string     // of which these patterns are the packages
}

// newNodeFacts reads what it needs of the files. Most packages say nothing about
// others, which a look for three words tells without parsing.
func newNodeFacts(t *tree, files []gathered) *nodeFacts {
	n := &nodeFacts{tree: t, folders: make(map[string]nodeFolder), data: make(map[string][]byte)}
	for _, g := range files {
		if path.Base(g.path) != "package.json" {
			continue
		}
		n.data[g.dir] = g.data
		if f, ok := nodeFolderOf(g.data, g.more[path.Join(g.dir, "pnpm-workspace.yaml")]); ok {
			n.folders[g.dir] = f
		}
	}
	return n
}

// pnpmWorkspace is the includes of a package.json.
func pnpmWorkspace(_ *tree, dir, _ string, _ []byte) []string {
	return []string{path.Join(dir, "pnpm-workspace.yaml")}
}

func nodeFolderOf(manifest, pnpm []byte) (nodeFolder, bool) {
	var f nodeFolder
	said := pnpm != nil
	for _, word := range []string{`"workspaces"`, `"packageManager"`, `ngines"`} {
		said = said || bytes.Contains(manifest, []byte(word))
	}
	if !said {
		return f, false
	}
	doc, err := document.JSON(manifest)
	if err != nil {
		return f, false // its own parser says where
	}
	f.manager = fieldManager(doc)
	f.engine = engineManager(doc.Get("engines"))
	f.members, f.root = workspacePatterns(doc)
	if pnpm != nil {
		if y, err := document.YAML(pnpm); err == nil {
			f.members, f.root = append(f.members, y.Get("packages").Strings()...), true
		}
	}
	return f, true
}

// fieldManager is the one that packageManager names ("pnpm@9.1.0"), or
// devEngines. Of one that is not known the command line isn't either.
func fieldManager(doc *document.Node) *nodeManager {
	name, _, _ := strings.Cut(doc.Get("packageManager").String(), "@")
	if m := managerNamed(name); m != nil {
		return m
	}
	dev := doc.Get("devEngines", "packageManager")
	for _, one := range slices.Concat(dev.Elements(), []*document.Node{dev}) {
		if m := managerNamed(one.Get("name").String()); m != nil {
			return m
		}
	}
	return nil
}

// engineManager is the only package manager that engines asks for. A value that
// is no range is a refusal: {"npm": "please use pnpm", "pnpm": ">=8"}.
func engineManager(engines *document.Node) *nodeManager {
	var found *nodeManager
	for _, e := range engines.Fields() {
		m := managerNamed(e.Key)
		if m == nil || !strings.ContainsAny(e.Text, "0123456789*") {
			continue
		}
		if found != nil {
			return nil
		}
		found = m
	}
	return found
}

// workspacePatterns reads "workspaces": a list, or {"packages": a list}.
func workspacePatterns(doc *document.Node) (patterns []string, root bool) {
	w := doc.Get("workspaces")
	if w.Get("packages") != nil {
		w = w.Get("packages")
	}
	return w.Strings(), w != nil
}

// includes reports whether a folder below a workspace's root, relative to it, is
// one of its packages. Patterns are applied in order: "!x" takes x out, and a
// later one may take it in again.
func (f nodeFolder) includes(dir string) bool {
	in := false
	for _, pattern := range f.members {
		pattern, out := strings.CutPrefix(pattern, "!")
		pattern = path.Clean(strings.TrimPrefix(pattern, "./"))
		if in == out && doublestar.MatchUnvalidated(pattern, dir) {
			in = !out
		}
	}
	return in
}

// manager chooses the package manager for a folder. From it up to the root of
// its workspace, the nearest folder that says something decides: by the
// packageManager field, else by its files. Else engines decides, else it is npm.
//
// A workspace's root does not speak for a package that it leaves out.
func (n *nodeFacts) manager(dir string) *nodeManager {
	if n == nil {
		return &nodeManagers[0]
	}
	var engine *nodeManager
	for at := range ancestors(dir) {
		f := n.folders[at]
		if at != dir && f.root && !f.includes(below(at, dir)) {
			continue
		}
		if f.manager != nil {
			return f.manager
		}
		if m := n.byFile(at); m != nil {
			return m
		}
		if engine == nil && (at == dir || f.root) {
			engine = f.engine
		}
		if f.root {
			break
		}
	}
	if engine != nil {
		return engine
	}
	return &nodeManagers[0]
}

func (n *nodeFacts) byFile(dir string) *nodeManager {
	for i := range nodeManagers {
		for _, file := range nodeManagers[i].files {
			if n.tree.has(path.Join(dir, file)) {
				return &nodeManagers[i]
			}
		}
	}
	return nil
}

// exec gives the command line's beginning that runs a program of a folder's
// dependencies: "npx turbo".
func (n *nodeFacts) exec(dir, program string) string { return n.manager(dir).exec + " " + program }

// scripts gives the names of the scripts of the packages of the workspace in
// dir, by patterns or, without any, by what dir itself says. Each name is there
// once, in the order of the folders.
func (n *nodeFacts) scripts(dir string, patterns []string) []string {
	ws := nodeFolder{members: patterns}
	if len(patterns) == 0 {
		ws = n.folders[dir]
	}
	var names []string
	seen := make(map[string]bool)
	for _, member := range n.below(dir) {
		if !ws.includes(below(dir, member)) {
			continue
		}
		m, _ := readManifest(n.data[member])
		if m == nil {
			continue
		}
		for _, s := range m.scripts {
			if m.listed(s) && !seen[s.name] {
				seen[s.name] = true
				names = append(names, s.name)
			}
		}
	}
	return names
}

// below gives the folders below dir that have a package.json, in the walk's order.
func (n *nodeFacts) below(dir string) []string {
	var found []string
	for level := []string{dir}; len(level) > 0; {
		var next []string
		for _, at := range level {
			for _, name := range n.tree.below(at) {
				sub := path.Join(at, name)
				if n.data[sub] != nil {
					found = append(found, sub)
				}
				next = append(next, sub)
			}
		}
		level = next
	}
	return found
}
