package diagnose

import "strings"

// pyNotes are what the details of pytest's failures say. They stand before the short
// summary, which has the names in full, in the same order; and name only the function
// and its class:
//
//	_____________ TestCart.test_adds[plum] _____________
//	E       assert 1 == 2
//	tests/test_cart.py:5: AssertionError
//	FAILED tests/test_cart.py::TestCart::test_adds[plum] - assert 1 == 2
type pyNotes struct {
	all    []*pyNote            // in their order
	byName map[string][]*pyNote // those whose full names have not come
	now    *pyNote              // of the section that is being printed; nil as long as it has said nothing
}

type pyNote struct {
	Test      // its name is the section's
	told bool // under its full name
}

// note is what is known of the failure whose details are being printed; nil if there
// is none, or too many are.
func (n *pyNotes) note(section string) *pyNote {
	if n.now != nil || section == "" || len(n.all) >= maxSeen {
		return n.now
	}
	n.now = &pyNote{Test: Test{Name: section}}
	if n.byName == nil {
		n.byName = map[string][]*pyNote{}
	}
	n.all = append(n.all, n.now)
	n.byName[section] = append(n.byName[section], n.now)
	return n.now
}

// take returns the first note of a test that is named in full, nil without one. No
// other test gets it.
func (n *pyNotes) take(name string) *pyNote {
	section := pySection(name)
	found := n.byName[section]
	if len(found) == 0 { // some sections name their module, too
		for _, note := range n.all {
			if !note.told && strings.HasSuffix(note.Name, "."+section) {
				found = n.byName[note.Name]
				break
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	n.byName[found[0].Name] = found[1:]
	found[0].told = true
	return found[0]
}

// pySection is the section's name of a test: without its file, dots for colons.
func pySection(name string) string {
	_, in, _ := strings.Cut(name, "::")
	return strings.ReplaceAll(in, "::", ".")
}

// pytestRest tells of what no line has named in full: the short summary can be
// switched off. With -v the names have come before the details.
func (t *testRun) pytestRest(r *Reader) {
	notes := t.py.all
	t.py = pyNotes{}
	var full map[string]string
	for _, note := range notes {
		if note.told {
			continue
		}
		if full == nil {
			full = t.failedSections()
		}
		name, named := full[note.Name]
		if !named && note.Place.File != "" {
			name = note.Place.File + "::" + strings.ReplaceAll(note.Name, ".", "::")
		}
		if name != "" {
			t.emit(r, Test{Name: name, Status: Failed, Place: note.Place, Message: note.Message})
		}
	}
}

// failedSections are the full names of the tests that have failed, by their sections;
// "" for a section of several.
func (t *testRun) failedSections() map[string]string {
	full := map[string]string{}
	for name, c := range t.seen {
		if c.Status != Failed {
			continue
		}
		section := pySection(name)
		if _, twice := full[section]; twice {
			name = ""
		}
		full[section] = name
	}
	return full
}
