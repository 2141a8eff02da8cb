package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/near"
	"github.com/brummer-rpc/brummer-rpc/engine/monitor"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// checkConfig tells what the other rooms would refuse of a configuration: what
// would else be found only when a process is started or a gate judged. Matchers
// that can't be used keep nothing from being used, so they are warnings.
func (e *Engine) checkConfig(c *config.Merged, files []project.MatcherFile) (mistakes, warnings []config.Issue) {
	for _, p := range c.Processes {
		if path, why := e.refusal(p); why != "" {
			mistakes = append(mistakes, c.Issue("processes."+p.Name+path, why))
		}
	}
	for _, g := range c.Gates {
		if path, why := gateRefusal(g); why != "" {
			mistakes = append(mistakes, c.Issue("gates."+g.Name+path, why))
		}
	}
	list, missing := matcherFiles(files)
	all, wrong := diagnose.Load(list)
	for _, err := range append(missing, wrong...) {
		warnings = append(warnings, c.Issue("detection.matchers", err.Error()))
	}
	for _, p := range c.Processes {
		for _, why := range matcherRefusals(p, list, all.Named()) {
			warnings = append(warnings, c.Issue("processes."+p.Name+".matchers", why))
		}
	}
	return mistakes, warnings
}

// keyOf makes a key of brummer.toml of what is its name on the wire.
var keyOf = strings.NewReplacer("restart/policy", "restart.when", "/", ".", "Ms", "")

// refusal says why a process could not be started as it is defined, and which of
// its keys is the reason.
func (e *Engine) refusal(p *config.Named) (path, why string) {
	command := p.Command.Shell
	if p.Script != "" {
		command = ":" // whether there is such a script is another question
	}
	spec, err := e.ScriptSpec(project.Script{Name: p.Name, Command: command, Dir: e.Root, Policy: &p.Process})
	if err != nil {
		return ".stop.signal", "processes." + p.Name + "." + err.Error()
	}
	err = process.CheckName(p.Name)
	if err == nil {
		err = spec.Check()
	}
	if bad, ok := errors.AsType[*process.SpecError](err); ok {
		field, reason := keyOf.Replace(bad.Field), keyOf.Replace(bad.Reason)
		if c := reason[len(reason)-1]; strings.HasSuffix(bad.Field, "Ms") && '0' <= c && c <= '9' {
			reason += " ms"
		}
		return "." + field, "processes." + p.Name + "." + field + " " + reason
	}
	if err != nil {
		return "", err.Error()
	}
	return "", ""
}

// gateRefusal says why a gate can't be judged, and which of its keys is the reason.
func gateRefusal(g *config.NamedGate) (path, why string) {
	own := ownBudget(g.Name)
	switch {
	case g.Metric == "" && own == nil:
		names := make([]string, len(Budgets))
		for i, b := range Budgets {
			names[i] = b.Name
		}
		return "", fmt.Sprintf("gates.%s has no metric, and brummer-rpc has no gate of that name: write metric = 'brummer_...'; the gates it has are %s", g.Name, strings.Join(names, ", "))
	case own != nil && g.Metric != "" && g.Metric != own.Metric:
		return ".metric", fmt.Sprintf("gates.%s is brummer-rpc's own, about %s: give a gate about another metric another name", g.Name, own.Metric)
	case g.Metric != "":
		return ".metric", unknownMetric(g.Metric)
	}
	return "", ""
}

// ownBudget is the one of [Budgets] with a name, nil if none has it.
func ownBudget(name string) *monitor.Gate {
	if i := slices.IndexFunc(Budgets, func(b monitor.Gate) bool { return b.Name == name }); i >= 0 {
		return &Budgets[i]
	}
	return nil
}

// unknownMetric says that there is no metric of a name, "" if there is one.
func unknownMetric(name string) string {
	family, _, _ := strings.Cut(name, "{")
	names := func(yield func(string) bool) {
		for _, m := range Described {
			if !yield(m.Name) {
				return
			}
		}
	}
	for known := range names {
		if known == family {
			return ""
		}
	}
	text := fmt.Sprintf("there is no metric %q", name)
	if meant := near.Names(name, names); len(meant) > 0 {
		return text + fmt.Sprintf("; did you mean %q?", meant[0])
	}
	return text + "; docs/metrics.md lists them"
}

// matcherRefusals says which matchers of a process can't be used: names that no
// file has, and what is written out and is none. A name with $ is one of VS Code's
// own, whose tools are understood anyway.
func matcherRefusals(p *config.Named, files []diagnose.File, known []string) (why []string) {
	for _, name := range p.Matchers.Names() {
		bare := strings.TrimPrefix(name, "$")
		if bare != name || slices.Contains(known, bare) {
			continue
		}
		text := fmt.Sprintf("there is no matcher %q for processes.%s", name, p.Name)
		if meant := near.Names(bare, slices.Values(known)); len(meant) > 0 {
			text += fmt.Sprintf("; did you mean %q?", meant[0])
		} else if len(known) == 0 {
			text += ": detection.matchers names no file that has any"
		}
		why = append(why, text)
	}
	_, wrong := ownMatchers(files, project.Script{Name: p.Name, Source: p.File, Policy: &p.Process})
	for _, err := range wrong {
		why = append(why, err.Error())
	}
	return why
}
