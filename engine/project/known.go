package project

import (
	"reflect"
	"strings"
)

// Difference tells what has changed between two states of the workspace: the
// scripts that are new or not as they were, and the ids of those that are gone.
func (k *Known) Difference(before *Known) (added []Script, removed []string) {
	old := make(map[string]Script)
	if before != nil {
		for _, s := range before.Scripts {
			old[s.ID] = s
		}
	}
	for _, s := range k.Scripts {
		if was, ok := old[s.ID]; !ok || !reflect.DeepEqual(was, s) {
			added = append(added, s)
		}
		delete(old, s.ID)
	}
	if before != nil {
		for _, s := range before.Scripts {
			if _, gone := old[s.ID]; gone {
				removed = append(removed, s.ID)
			}
		}
	}
	return added, removed
}

// Redefined gives the configured scripts that are not defined as they were before,
// the new ones among them. To stand on another line makes no difference.
func (k *Known) Redefined(before *Known) (changed []Script) {
	for _, s := range k.Configured() {
		was, ok := before.configuredAs(s.ID)
		was.Line = s.Line
		if !ok || !reflect.DeepEqual(was, s) {
			changed = append(changed, s)
		}
	}
	return changed
}

// Configured are the scripts that a brummer.toml has defined.
func (k *Known) Configured() []Script {
	for i, s := range k.Scripts {
		if !s.Configured() {
			return k.Scripts[:i] // they come first
		}
	}
	return k.Scripts
}

func (k *Known) configuredAs(id string) (Script, bool) {
	for _, s := range k.Configured() {
		if s.ID == id {
			return s, true
		}
	}
	return Script{}, false
}

// Defines reports whether a brummer.toml has defined a script of this id.
func (k *Known) Defines(id string) bool {
	_, ok := k.configuredAs(id)
	return ok
}

// SameConfiguration reports whether two states have the same configuration, the
// same mistakes in it, and the same meaning: a script that it names may have
// changed.
func (k *Known) SameConfiguration(o *Known) bool {
	return reflect.DeepEqual(k.Config, o.Config) && reflect.DeepEqual(k.Issues, o.Issues) &&
		reflect.DeepEqual(k.Warnings, o.Warnings) && reflect.DeepEqual(k.Matchers, o.Matchers) && len(o.Redefined(k)) == 0
}

// Configured reports whether a brummer.toml has defined the script.
func (s Script) Configured() bool { return strings.HasPrefix(s.ID, configGroup+":") }
