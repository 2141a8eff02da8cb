package project

import (
	"fmt"
	"path"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/near"
)

// NotFoundError says that no script has a name, and which ones are near it. The
// near ones are a field so that an editor can offer them as choices.
type NotFoundError struct {
	Name string
	// Near has at most five names or IDs of scripts, the nearest first.
	Near []string
	// Mistake is one in a brummer.toml, with its place, for which the script may not
	// be there; "" if there is none.
	Mistake string
}

// Error gives the name and the near ones, as a question, or why there may be none,
// or where all of them are.
func (e *NotFoundError) Error() string {
	text := fmt.Sprintf("no script %s", quoteForMessage(e.Name))
	if len(e.Near) == 0 && e.Mistake != "" {
		return text + "; " + e.Mistake
	}
	if len(e.Near) == 0 {
		return text + "; project/scripts lists those there are"
	}
	return text + "; did you mean " + orList(e.Near) + "?"
}

// AmbiguousError says that several scripts have the same name.
type AmbiguousError struct {
	Name string
	IDs  []string // in the listing's order; any of them will do instead
}

// Error gives the name and the IDs to choose from.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%d scripts are named %s: use %s", len(e.IDs), quoteForMessage(e.Name), orList(e.IDs))
}

// orList joins names for a sentence. They are quoted like the name that was
// asked for: both may come from a file or a client that means no good.
func orList(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quoteForMessage(name)
	}
	return strings.Join(quoted, " or ")
}

// Find gives the script with the ID name, else the only one with that Name. The
// error is an *AmbiguousError or a *NotFoundError.
//
// An ID wins over a name, so that an ID always works: a makefile may well have
// a target that is called as some other script's ID is. Of several scripts with
// one name none wins; to start the wrong one is worse than to ask.
func (l Listing) Find(name string) (Script, error) {
	var named []Script
	for _, s := range l.Scripts {
		if s.ID == name {
			return s, nil
		}
		if s.Name == name {
			named = append(named, s)
		}
	}
	if len(named) > 0 && named[0].Configured() {
		return named[0], nil // who has configured a name means that
	}
	switch len(named) {
	case 0:
		return Script{}, &NotFoundError{Name: name, Near: l.near(name), Mistake: l.mistake()}
	case 1:
		return named[0], nil
	}
	ids := make([]string, len(named))
	for i, s := range named {
		ids[i] = s.ID
	}
	return Script{}, &AmbiguousError{Name: name, IDs: ids}
}

// Need is a script that another one depends on, and what it must have come to.
type Need struct {
	Script
	Condition string
}

// Needed gives the scripts that one depends on, directly or not, each behind those
// that it depends on itself. A dependency is meant by its name: the same file's
// before any other. One that is no script is somebody else's to start.
func (l Listing) Needed(s Script) []Need {
	var needed []Need
	seen := map[string]bool{s.ID: true}
	var visit func(of Script)
	visit = func(of Script) {
		if of.Policy == nil {
			return
		}
		for _, d := range of.Policy.DependsOn {
			next, ok := l.dependency(of, d.Name)
			if !ok || seen[next.ID] {
				continue
			}
			seen[next.ID] = true
			visit(next)
			needed = append(needed, Need{next, d.Condition})
		}
	}
	visit(s)
	return needed
}

func (l Listing) dependency(of Script, name string) (Script, bool) {
	for _, s := range l.Scripts {
		if s.Name == name && s.Source == of.Source {
			return s, true
		}
	}
	s, err := l.Find(name)
	return s, err == nil
}

// near gives names or IDs that somebody who typed name may have meant. Equals
// stay in the listing's order, the root's scripts first.
// mistake is the first in a file of ours, whose processes may not be there for it.
func (l Listing) mistake() string {
	for _, p := range l.Problems {
		if path.Base(p.File) == ConfigFile {
			return fmt.Sprintf("%s:%d:%d has a mistake: %s", p.File, p.Line, p.Column, p.Message)
		}
	}
	return ""
}

func (l Listing) near(name string) []string {
	return near.Names(name, func(yield func(string) bool) {
		for _, s := range l.Scripts {
			if !yield(s.Name) || !yield(s.ID) {
				return
			}
		}
	})
}
