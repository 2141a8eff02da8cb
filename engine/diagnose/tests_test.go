package diagnose

import (
	"fmt"
	"slices"
	"testing"
)

// TestPagesOfTests: who goes on behind a test's number gets each test once, whatever
// has become of those before it.
func TestPagesOfTests(t *testing.T) {
	set := NewTests()
	add := func(process, name string, run uint32, status Status) {
		set.Add(Test{Name: name, Status: status}, Origin{Process: process, Run: run})
	}
	for i := range 4 {
		add("a", fmt.Sprint(i), 1, Passed)
	}
	add("b", "0", 1, Passed)
	set.Publish()
	second := set.List().Cases[1].Number

	add("a", "3", 1, Failed) // a later result
	add("b", "1", 1, Passed) // a later test
	set.Publish()
	if got := show(set.List().After(second)); !slices.Equal(got, []string{"a/2", "a/3 failed", "b/0", "b/1"}) {
		t.Errorf("behind the second: %q", got)
	}

	set.Forget("a", 2) // the one that was the last of the page is gone
	add("a", "1", 2, Passed)
	set.Publish()
	if got := show(set.List().After(second)); !slices.Equal(got, []string{"b/0", "b/1", "a/1"}) {
		t.Errorf("after a was started anew: %q", got)
	}
	if got := set.List().After(1 << 40); len(got) != 0 {
		t.Errorf("behind the last: %q", show(got))
	}
}

// TestTestsDropped: what did not fit counts until its process is started anew.
func TestTestsDropped(t *testing.T) {
	set := NewTests()
	for i := range maxCases + 3 {
		set.Add(Test{Name: fmt.Sprint(i), Status: Passed}, Origin{Process: "a", Run: 1})
	}
	set.Add(Test{Name: "0", Status: Passed}, Origin{Process: "b", Run: 1})
	set.Publish()
	if n := set.List().Dropped; n != 4 {
		t.Errorf("%d did not fit, want 4", n)
	}
	set.Forget("a", 2)
	set.Publish()
	if l := set.List(); l.Dropped != 1 || len(l.Cases) != 0 {
		t.Errorf("after a was started anew: %d did not fit, %d are there", l.Dropped, len(l.Cases))
	}
}

func show(cases []*Case) (out []string) {
	for _, k := range cases {
		text := k.Process + "/" + k.Name
		if k.Status == Failed {
			text += " failed"
		}
		out = append(out, text)
	}
	return out
}
