package config

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/near"
)

// check looks at what only the whole can tell: names that others refer to, and
// values with a form of their own.
func (m *Merged) check() []Issue {
	c := checker{merged: m}
	for _, p := range m.Processes {
		c.process(p)
	}
	c.cycles()
	for _, g := range m.Gates {
		if path := "gates." + g.Name; g.Max == nil && !c.said(path+".max") {
			c.issue(path, path+" has no limit: write max = 100, or a size or a time")
		}
	}
	return c.issues
}

type checker struct {
	merged *Merged
	issues []Issue
}

// Issue is about the value at a path, or about what is around it.
func (m *Merged) Issue(path, text string) Issue {
	for at := path; at != ""; at = at[:max(0, strings.LastIndexByte(at, '.'))] {
		if o, ok := m.Origins[at]; ok {
			return Issue{o.File, o.Span, text}
		}
	}
	return Issue{Message: text}
}

func (c *checker) issue(path, text string) { c.issues = append(c.issues, c.merged.Issue(path, text)) }

// said reports whether there is a value at a path, be it a wrong one or one whose
// key is mistyped: that has been told, and is one mistake.
func (c *checker) said(path string) bool {
	_, ok := c.merged.Origins[path]
	return ok || c.merged.meant[path]
}

func (c *checker) process(p *Named) {
	path := "processes." + p.Name
	command := p.Command.Shell != "" || len(p.Command.Args) > 0
	switch {
	case command && p.Script != "":
		c.issue(path+".script", path+" has both command and script: one of them is enough")
	case !command && p.Script == "" && !c.said(path+".command") && !c.said(path+".script"):
		c.issue(path, path+" has no command: write command = '...', or script = 'npm:dev' for one that is discovered")
	}
	for _, d := range p.DependsOn {
		if c.merged.Processes.Find(d.Name) == nil {
			c.missing(path+".dependsOn", d.Name)
		}
	}
	if p.Ready != nil {
		if _, err := regexp.Compile(p.Ready.Log); err != nil {
			c.issue(path+".ready.log", path+".ready.log: "+err.Error())
		}
		c.checks(path+".ready", p.Ready.Checks)
	}
	if p.Live != nil {
		c.checks(path+".live", p.Live.Checks)
	}
	if _, err := strconv.ParseUint(p.Umask, 8, 9); p.Umask != "" && err != nil {
		c.issue(path+".umask", fmt.Sprintf("%s.umask can't be %q: write an octal number up to '777'", path, p.Umask))
	}
}

func (c *checker) missing(path, name string) {
	text := fmt.Sprintf("there is no process %q for %s", name, path)
	var names []string
	for _, p := range c.merged.Processes {
		names = append(names, p.Name)
	}
	if meant := near.Names(name, slices.Values(names)); len(meant) > 0 {
		text += fmt.Sprintf("; did you mean %q?", meant[0])
	}
	c.issue(path, text)
}

func (c *checker) checks(path string, checks Checks) {
	if checks.HTTP != "" {
		if u, err := url.Parse(checks.HTTP); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			c.issue(path+".http", fmt.Sprintf("%s.http can't be %q: write a URL like 'http://localhost:3000/health'", path, checks.HTTP))
		}
	}
	if checks.TCP != "" && !strings.Contains(checks.TCP, ":") {
		c.issue(path+".tcp", fmt.Sprintf("%s.tcp can't be %q: write HOST:PORT", path, checks.TCP))
	}
}

// cycles finds processes that wait for each other.
func (c *checker) cycles() {
	done := make(map[string]bool)
	var visit func(p *Named, way []string) bool
	visit = func(p *Named, way []string) bool {
		for i, name := range way {
			if name == p.Name {
				ring := strings.Join(append(way[i:], p.Name), " -> ")
				c.issue("processes."+p.Name+".dependsOn", "these wait for each other: "+ring)
				return true
			}
		}
		if done[p.Name] {
			return false
		}
		for _, d := range p.DependsOn {
			if next := c.merged.Processes.Find(d.Name); next != nil && visit(next, append(way, p.Name)) {
				done[p.Name] = true
				return true
			}
		}
		done[p.Name] = true
		return false
	}
	for _, p := range c.merged.Processes {
		if !done[p.Name] {
			visit(p, nil)
		}
	}
}
