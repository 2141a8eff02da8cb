package project

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

var update = flag.Bool("update", false, "rewrite the want section of testdata/*.txtar")

// TestDiscover plays each testdata/*.txtar: a workspace, and under "want" what
// is found in it.
func TestDiscover(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar := parseArchive(t, file)
			want := &ar.Files[len(ar.Files)-1]
			if want.Name != "want" {
				t.Fatalf("the last section is %q, not want", want.Name)
			}
			root := extract(t, ar)
			got := render(root, discoverIn(t, root))
			if *update {
				rewrite(t, file, ar, want, got)
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("-want +got (rewrite with: go test ./engine/project -update):\n%s", diff)
			}
		})
	}
}

// TestKinds: each line of the table has an ID of its own and a case in testdata
// with a script of that kind.
func TestKinds(t *testing.T) {
	var wants strings.Builder
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range cases {
		ar := parseArchive(t, file)
		wants.Write(ar.Files[len(ar.Files)-1].Data)
	}
	seen := make(map[string]bool)
	for _, k := range kinds {
		if seen[k.id] || k.group == "" {
			t.Errorf("kind %q: the ID is there twice, or the group is empty", k.id)
		}
		seen[k.id] = true
		if !strings.Contains("\n"+wants.String(), "\n"+k.id+":") {
			t.Errorf("kind %q has no script in testdata/*.txtar", k.id)
		}
	}
}

func rewrite(t *testing.T, file string, ar *txtar.Archive, want *txtar.File, got string) {
	t.Helper()
	if string(want.Data) == got {
		return
	}
	want.Data = []byte(got)
	if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
		t.Fatal(err)
	}
}

// render gives a listing as the want sections have it, one script or problem
// to a line.
func render(root string, l Listing) string {
	var b strings.Builder
	for _, s := range l.Scripts {
		dir, err := filepath.Rel(root, s.Dir)
		if err != nil {
			dir = s.Dir
		}
		fields := []string{s.ID, s.Name, filepath.ToSlash(dir), s.Source, s.Group, s.Command}
		if s.Policy != nil {
			fields = append(fields, renderPolicy(s.Policy))
		}
		fmt.Fprintln(&b, strings.Join(fields, " | "))
	}
	for _, p := range l.Problems {
		fmt.Fprintf(&b, "! %s:%d:%d: %s\n", p.File, p.Line, p.Column, p.Message)
	}
	return b.String()
}

// renderPolicy gives what the parsers of foreign files say beyond a command.
func renderPolicy(p *config.Process) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(p.Env)) {
		parts = append(parts, key+"="+p.Env[key])
	}
	for _, d := range p.DependsOn {
		parts = append(parts, "after "+d.Name+" "+d.Condition)
	}
	for _, m := range p.Matchers {
		parts = append(parts, "matcher "+m.Name+m.JSON)
	}
	if p.Group != "" {
		parts = append(parts, "group "+p.Group)
	}
	return strings.Join(parts, ", ")
}

// checkListing holds what is true of every listing, whatever the workspace.
func checkListing(t *testing.T, l Listing) {
	t.Helper()
	ids := make(map[string]bool)
	for _, s := range l.Scripts {
		switch {
		case s.Name == "" || s.Command == "" || s.Group == "" || s.Source == "":
			t.Errorf("%+v has an empty field", s)
		case !printable(s.ID + s.Name + s.Source):
			t.Errorf("%+v cannot be shown", s)
		case strings.ContainsAny(s.Command, "\x00\r"):
			t.Errorf("%+v cannot be a command line", s)
		case ids[s.ID]:
			t.Errorf("%s is there twice", s.ID)
		}
		ids[s.ID] = true
		if found, err := l.Find(s.ID); err != nil || !cmp.Equal(found, s) {
			t.Errorf("Find(%q) = %+v, %v", s.ID, found, err)
		}
	}
	for _, p := range l.Problems {
		if p.File == "" || p.Message == "" || p.Line < 0 || p.Column < 0 || strings.Contains(p.Message, "\n") {
			t.Errorf("problem %+v", p)
		}
	}
}

func discoverIn(t *testing.T, root string) Listing {
	t.Helper()
	l, err := Discover(context.Background(), root)
	if err != nil {
		t.Fatal(err)
	}
	checkListing(t, l)
	return l
}

func parseArchive(t *testing.T, file string) *txtar.Archive {
	t.Helper()
	// A checkout on Windows may have CRLF here.
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return txtar.Parse(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
}

// extract writes an archive, but for its want section, to a new folder.
func extract(t *testing.T, ar *txtar.Archive) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range ar.Files {
		if f.Name != "want" {
			write(t, root, f.Name, string(f.Data))
		}
	}
	return root
}

// write makes one file under root, and its folders.
func write(t *testing.T, root, name, content string) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
