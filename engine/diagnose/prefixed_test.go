package diagnose

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// prefixes are what runners of several processes put before each line, and what they
// print first, if they do. Those of compose, kubectl, a container's log, moon and pm2 are
// as their documentation has them; the others were printed by the tools themselves.
var prefixes = []struct{ name, first, each string }{
	{"docker compose", "", "web-1  | "},
	{"docker compose 1", "", "\x1b[36mshop_web_1    |\x1b[0m "},
	{"kubectl", "", "[pod/web-7d4b9c6f5d-x2x8k/web] "},
	{"a container's log", "", "2026-11-27T10:00:00.123456789Z stdout F "},
	{"concurrently", "", "[0] "},
	{"concurrently, times", "", "[10:17:43 web] "},
	{"npm-run-all", "", "[dev:web] "},
	{"turbo", "", "\x1b[35mweb:dev: \x1b[0m"},
	{"nx", "> nx run @acme/web:dev", "@acme/web: "},
	{"pnpm -r", "packages/web dev$ vite", "packages/web dev: "},
	{"pnpm -r, at the top", "web dev$ vite", "\x1b[96mweb\x1b[39m dev: "},
	{"bun --filter", "", "@acme/web dev: "},
	{"yarn workspaces foreach", "", "[@acme/web]: "},
	{"foreman", "", "10:17:44 web.1   | "},
	{"foreman of Node", "", "10:17:44 AM web.1 |  "},
	{"moon", "", "web:dev | "},
	{"pm2", "", "0|web      | "},
}

// TestPrefixed holds that a line behind a prefix is understood as it is without one:
// the captures of the corpus that have none and draw nothing over give the same
// problems, stacks, tests, builds, addresses and levels.
func TestPrefixed(t *testing.T) {
	seen := 0
	for _, raw := range unprefixed(t) {
		want := inWords(analyse(raw), 0)
		if len(want) > 0 {
			seen++
		}
		for _, p := range prefixes {
			var b bytes.Buffer
			first := 0
			if p.first != "" {
				b.WriteString(p.first + "\n")
				first = 1
			}
			for line := range bytes.SplitSeq(bytes.TrimSuffix(raw, []byte("\n")), []byte("\n")) {
				fmt.Fprintf(&b, "%s%s\n", p.each, line)
			}
			if diff := cmp.Diff(want, inWords(analyse(b.Bytes()), first)); diff != "" {
				t.Errorf("%s: %.60q...: %s", p.name, raw, diff)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d captures tell of anything", seen)
	}
}

// TestDockerLines holds the same of lines that Docker has put into JSON, those that
// are drawn over among them.
func TestDockerLines(t *testing.T) {
	files, err := filepath.Glob("testdata/corpus/*.log")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d captures, %v", len(files), err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		raw = append(bytes.TrimSuffix(raw, []byte("\n")), '\n')
		var b bytes.Buffer
		for line := range bytes.SplitAfterSeq(raw, []byte("\n")) {
			text, err := json.Marshal(string(line))
			if err != nil {
				t.Fatal(err)
			}
			if len(line) > 0 {
				fmt.Fprintf(&b, "{\"log\":%s,\"stream\":\"stdout\",\"time\":\"2026-11-27T10:00:00.123456789Z\"}\n", text)
			}
		}
		if diff := cmp.Diff(inWords(analyse(raw), 0), inWords(analyse(b.Bytes()), 0)); diff != "" {
			t.Errorf("%s: %s", f, diff)
		}
	}
}

// unprefixed are the captures of the corpus to which a prefix can be given: without
// one of their own, and without lines that are drawn over.
func unprefixed(t *testing.T) (all [][]byte) {
	files, err := filepath.Glob("testdata/corpus/*.log")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		raw = append(bytes.TrimSuffix(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n")), '\n')
		own := slices.Contains([]string{"concurrently.log", "benign.log", "urls.log"}, filepath.Base(f))
		if !own && !bytes.ContainsAny(raw, "\r") && !bytes.Contains(raw, []byte("\x1b[2K")) && !bytes.Contains(raw, []byte("\x1b[2J")) && !bytes.Contains(raw, []byte("\x1b[1;1H")) {
			all = append(all, raw)
		}
	}
	return all
}

// inWords is what was found, in words; first is how many lines stand before. That
// behind the last line end is no line.
func inWords(r results, first int) (out []string) {
	for _, p := range r.problems {
		out = append(out, fmt.Sprintf("problem %s:%d:%d %s %s", p.File, p.Line, p.Col, p.Severity, p.Message))
	}
	for _, s := range r.stacks {
		out = append(out, fmt.Sprintf("stack %d-%d %s:%d", int(s.First)-first, int(s.Last)-first, s.Top.File, s.Top.Line))
	}
	for name, test := range r.tests {
		out = append(out, fmt.Sprintf("test %s %v %s:%d", name, test.Status, test.Place.File, test.Place.Line))
	}
	for _, b := range r.builds {
		out = append(out, fmt.Sprintf("build %d %s%s", b.At-first, b.Phase, outcome(b.OK)))
	}
	out = append(out, "levels "+strings.Join(r.levels[first:len(r.levels)-1], " "))
	slices.Sort(out)
	return append(out, r.urls...)
}
