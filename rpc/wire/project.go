package wire

import "github.com/go-json-experiment/json/jsontext"

// Script is something that can be run in the workspace.
type Script struct {
	ID      string `json:"id"`            // kind and name: npm:dev
	Name    string `json:"name"`          // as its file has it
	Command string `json:"command"`       // for a shell
	Cwd     string `json:"cwd"`           // absolute
	Source  string `json:"source"`        // the file it came from, relative to the root
	Line    int    `json:"line,omitzero"` // where it stands there, from 1; absent when unknown
	Group   string `json:"group"`         // for lists: the tool that runs it
}

// Scripts answers project/scripts.
type Scripts struct {
	Scripts  []Script        `json:"scripts"`
	Problems []ScriptProblem `json:"problems"` // files that could not be read
	Revision uint64          `json:"revision"` // counts the changes of the list
}

// ScriptProblem is a file that should list scripts but can't be read.
type ScriptProblem struct {
	File    string `json:"file"`            // relative to the root
	Line    int    `json:"line,omitzero"`   // from 1; absent when unknown
	Column  int    `json:"column,omitzero"` // from 1; absent when unknown
	Message string `json:"message"`
}

// ProjectChanged is the params of project/changed.
type ProjectChanged struct {
	Previous uint64         `json:"previous"`        // the revision that this continues; a client with another calls project/scripts
	Revision uint64         `json:"revision"`        // the revision that the client has now
	Added    []Script       `json:"added"`           // those that are new, or not as they were
	Removed  []string       `json:"removed"`         // the ids of those that are gone
	Counts   map[string]int `json:"counts"`          // how many there are now, by group
	Config   *ConfigChanged `json:"config,omitzero"` // what a change of the configuration has done; absent if it is as it was
}

// ConfigChanged says what a change of brummer.toml, or of files that it names, has
// done. Nothing is started, stopped or restarted by one.
type ConfigChanged struct {
	Applied  bool          `json:"applied"`  // false: a file has a mistake, and the configuration before it counts on
	Issues   []ConfigIssue `json:"issues"`   // the mistakes
	Warnings []ConfigIssue `json:"warnings"` // what can't be used, and keeps nothing else from being used
	Added    []string      `json:"added"`    // processes that are new, by name
	Changed  []string      `json:"changed"`  // those that are defined in another way: it counts when they are started next
	Removed  []string      `json:"removed"`  // those that are not defined any more; one that runs runs on
	Stale    []string      `json:"stale"`    // the ids of all processes that run by another definition than the files have
	Later    []string      `json:"later"`    // settings whose change counts once the engine has been started again
}

// Config answers project/config: the configuration as it counts, and where it is from.
type Config struct {
	Values   []ConfigValue `json:"values"`   // all that files, the environment and flags say, by path; the rest has its default
	Issues   []ConfigIssue `json:"issues"`   // mistakes in the files as they are; while there are any, the configuration before them counts
	Warnings []ConfigIssue `json:"warnings"` // what can't be used, and keeps nothing else from being used
	Files    []string      `json:"files"`    // those that were read, the later ones win
}

// ConfigIssue is something wrong in a file of the configuration.
type ConfigIssue struct {
	File      string `json:"file"`               // relative to the root; absolute for the user's own
	Line      int    `json:"line,omitzero"`      // from 1; absent when unknown, as are the others then
	Column    int    `json:"column,omitzero"`    // from 1, in characters
	EndLine   int    `json:"endLine,omitzero"`   // from 1
	EndColumn int    `json:"endColumn,omitzero"` // from 1, of the character behind it
	Message   string `json:"message"`
}

// ConfigValue is one value of the configuration.
type ConfigValue struct {
	Path   string         `json:"path"`            // processes.web.command
	Value  jsontext.Value `json:"value"`           // as the file has it
	File   string         `json:"file"`            // relative to the root; absolute for the user's own; environment or flags
	Line   int            `json:"line,omitzero"`   // from 1; absent without a file
	Column int            `json:"column,omitzero"` // from 1; absent without a file
}
