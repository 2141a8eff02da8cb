package project

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shop is a listing with two scripts of one name.
func shop() Listing {
	var l Listing
	for _, id := range []string{"npm:dev", "npm:build", "npm:serve", "make:test", "procfile:web", "go:run:cmd/web", "make:npm:dev"} {
		l.Scripts = append(l.Scripts, Script{ID: id, Name: id[strings.LastIndexAny(id, ":/")+1:]})
	}
	return l
}

func TestFind(t *testing.T) {
	for _, tc := range []struct {
		name string
		want string // ID, or error text
	}{
		{"build", "npm:build"},
		{"npm:build", "npm:build"},
		{"go:run:cmd/web", "go:run:cmd/web"},
		{"web", `2 scripts are named "web": use "procfile:web" or "go:run:cmd/web"`},
		{"tset", `no script "tset"; did you mean "test"?`},
		{"Build", `no script "Build"; did you mean "build"?`},
		{"biuld", `no script "biuld"; did you mean "build"?`},
		{"server", `no script "server"; did you mean "serve"?`},
		{"npm:buidl", `no script "npm:buidl"; did you mean "npm:build"?`},
		{"wob", `no script "wob"; did you mean "web"?`},
		{"deploy", `no script "deploy"; project/scripts lists those there are`},
		{"", `no script ""; project/scripts lists those there are`},
		{"npm:de", `no script "npm:de"; did you mean "npm:dev"?`},
		{"x\x1b[2J\n", `no script "x\x1b[2J\n"; project/scripts lists those there are`},
		{strings.Repeat("é", 1<<20), `no script "` + strings.Repeat("é", 60) + `…"; project/scripts lists those there are`},
	} {
		s, err := shop().Find(tc.name)
		got := s.ID
		if err != nil {
			got = err.Error()
		}
		if got != tc.want {
			t.Errorf("Find(%.20q) = %s, want %s", tc.name, got, tc.want)
		}
	}
}

// TestIDBeforeName: a target may be called as another script's ID is.
func TestIDBeforeName(t *testing.T) {
	l := Listing{Scripts: []Script{{ID: "make:npm:dev", Name: "npm:dev"}, {ID: "npm:dev", Name: "dev"}}}
	if s, err := l.Find("npm:dev"); err != nil || s.ID != "npm:dev" {
		t.Errorf("Find = %v, %v", s, err)
	}
}

// TestFindSaysWhyNot: a script that is missing because its file has a mistake is not
// looked for elsewhere.
func TestFindSaysWhyNot(t *testing.T) {
	l := Listing{Problems: []Problem{{File: "package.json", Message: "x"}, {File: "apps/brummer.toml", Line: 3, Column: 9, Message: "no such key"}}}
	_, err := l.Find("app")
	if want := `no script "app"; apps/brummer.toml:3:9 has a mistake: no such key`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestFindErrors(t *testing.T) {
	_, err := shop().Find("web")
	if ae, ok := errors.AsType[*AmbiguousError](err); !ok || !cmp.Equal(ae.IDs, []string{"procfile:web", "go:run:cmd/web"}) {
		t.Errorf("web: %#v", err)
	}
	var l Listing
	for _, name := range []string{"testa", "testb", "testc", "testd", "teste", "testf", "tests"} {
		l.Scripts = append(l.Scripts, Script{ID: "make:" + name, Name: name})
	}
	l.Scripts[6].Name = "Test" // nearest, though last
	_, err = l.Find("test")
	nf, ok := errors.AsType[*NotFoundError](err)
	if !ok || !cmp.Equal(nf.Near, []string{"Test", "testa", "testb", "testc", "testd"}) {
		t.Errorf("test: %#v", err)
	}
}
