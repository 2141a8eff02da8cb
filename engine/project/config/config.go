package config

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// Config is the whole of what can be configured.
type Config struct {
	Processes Processes `toml:"processes" doc:"The processes of the workspace, by name." nested:"true"`
	Logs      Logs      `toml:"logs" doc:"How much output is kept."`
	Detection Detection `toml:"detection" doc:"What is looked for in the output."`
	Proxy     Proxy     `toml:"proxy" doc:"The proxies in front of development servers."`
	Metrics   Metrics   `toml:"metrics" doc:"The engine's metrics of itself."`
	Gates     Gates     `toml:"gates" doc:"Budgets of the running engine, by name: those of brummer-rpc, which docs/metrics.md lists, with another limit, and your own."`
	Engine    Engine    `toml:"engine" doc:"The engine itself."`
}

// Processes are in the order of the files.
type Processes []*Named

// Named is a process with its name, and where it is defined.
type Named struct {
	Name string
	Process
	File string // the last file that says something of it
	Dir  string // the folder of that file, relative to the root; "" for the user's own
	Line int
}

// Find gives the process of a name, or nil.
func (p Processes) Find(name string) *Named {
	for _, n := range p {
		if n.Name == name {
			return n
		}
	}
	return nil
}

// Logs are the budgets of output.
type Logs struct {
	Budget  Size `toml:"budget" doc:"How much output is kept of all processes together; default 64MiB." example:"'128MiB'" min:"1MiB" max:"64GiB"`
	MaxLine Size `toml:"maxLine" doc:"How much of a line is kept in one piece; default 64KiB." example:"'16KiB'" min:"1KiB" max:"128KiB"`
}

// Detection is what is looked for in the output.
type Detection struct {
	Enabled  *bool    `toml:"enabled" doc:"Look for levels, problems, tests and addresses; default true." example:"false"`
	Matchers []string `toml:"matchers" doc:"Files with problem matchers of one's own, relative to the root." example:"['tools/matchers.json']"`
}

// Proxy is about the proxies in front of development servers.
type Proxy struct {
	AutoRegister bool  `toml:"autoRegister" doc:"Put a proxy in front of each address that a process is seen to serve; default false." example:"true"`
	Inject       *bool `toml:"inject" doc:"Put the script that reports errors and timings into pages; default true." example:"false"`
	Port         int   `toml:"port" doc:"A port on which every proxy answers by its name, as http://web.localhost:7777. Only the user's own file may say so." example:"7777" min:"1" max:"65535" user:"true"`
}

// Engine is about the engine itself.
type Engine struct {
	Grace  time.Duration `toml:"grace" doc:"How long a process may take to end before it is killed; default 5s." example:"'10s'"`
	Socket string        `toml:"socket" doc:"Where the engine listens: auto, off, or the path of one workspace's socket, relative to the file. Only the user's own file may say so." example:"'off'" user:"true"`
}

// Issue is something wrong in a file.
type Issue struct {
	File string
	document.Span
	Message string
}

// String is one line for a person, as compilers write it.
func (i Issue) String() string {
	switch {
	case i.File == "":
		return i.Message
	case i.Line == 0:
		return i.File + ": " + i.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", i.File, i.Line, i.Column, i.Message)
}

// Origin is where a value comes from.
type Origin struct {
	File string // a file, or "environment", "flags"
	document.Span
	Value any // as [document.Node.Value] has it; nil of a table whose values have their own origins
}

// Layer is one file, or what stands for one. Later layers win.
type Layer struct {
	File string // for people: relative to the root, or absolute
	Dir  string // its folder, relative to the root, slash-separated; "." for the root's own
	User bool   // it is the user's own, which may say what a workspace may not
	Doc  *document.Node
}

// Parse reads a layer's file. The issue is nil if it could be read.
func Parse(file, dir string, user bool, data []byte) (Layer, *Issue) {
	doc, err := document.TOML(data)
	if err != nil {
		return Layer{}, &Issue{file, restOfLine(err.Place, data), err.Message}
	}
	return Layer{File: file, Dir: dir, User: user, Doc: doc}, nil
}

// restOfLine is where a document can't be read any more: its parser says only
// where that begins.
func restOfLine(at document.Place, data []byte) document.Span {
	for n := 1; n < at.Line; n++ {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	end := 1 + utf8.RuneCount(bytes.TrimRight(line, " \t\r"))
	return document.Span{Place: at, End: document.Place{Line: at.Line, Column: max(end, at.Column)}}
}

// Merged is a configuration with where everything in it comes from.
type Merged struct {
	Config
	Origins map[string]Origin // by dotted path: processes.web.command

	meant map[string]bool // dotted paths that a mistyped key is likely to stand for
}

// Merge lays files over each other, in the given order. With issues the result
// is what is right in the files, to be shown and not to be used.
func Merge(layers []Layer) (*Merged, []Issue) {
	m := &Merged{Origins: make(map[string]Origin), meant: make(map[string]bool)}
	var issues []Issue
	for _, l := range layers {
		d := decoder{layer: l, merged: m}
		d.config(l.Doc)
		issues = append(issues, d.issues...)
	}
	issues = append(issues, m.check()...)
	slices.SortStableFunc(issues, func(a, b Issue) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return m, issues
}
