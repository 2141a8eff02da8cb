package project

import (
	"fmt"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/near"
)

// NotFoundError says that no script has a name, and which ones are near it. The
// near ones are a field so that an editor can offer them as choices.
type NotFoundError struct {
	Name string
	// Near has at most five names or IDs of scripts, the nearest first.
	Near []string
}

// Error gives the name and the near ones, as a question.
func (e *NotFoundError) Error() string {
	text := fmt.Sprintf("no script %s", quoteForMessage(e.Name))
	if len(e.Near) == 0 {
		return text
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
	switch len(named) {
	case 0:
		return Script{}, &NotFoundError{Name: name, Near: l.near(name)}
	case 1:
		return named[0], nil
	}
	ids := make([]string, len(named))
	for i, s := range named {
		ids[i] = s.ID
	}
	return Script{}, &AmbiguousError{Name: name, IDs: ids}
}

// near gives up to five names or IDs that somebody who typed name may have
// meant, the root's scripts first among equals.
func (l Listing) near(name string) []string {
	var texts []string
	for _, s := range l.Scripts {
		texts = append(texts, s.Name, s.ID)
	}
	return near.Names(name, texts)
}
