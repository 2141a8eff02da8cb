package generate

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/rpc"
)

// TestComplete: every method has a doc, a transcript, a section in methods.md
// and types for the editors.
func TestComplete(t *testing.T) {
	transcripts, files := written(t)
	for _, m := range rpc.Methods() {
		for _, missing := range missingOf(m, transcripts, files) {
			t.Error(missing)
		}
	}
	for name := range transcripts {
		if !slices.ContainsFunc(rpc.Methods(), func(m rpc.Method) bool {
			return name == TranscriptName(m.Name) || strings.HasPrefix(name, TranscriptName(m.Name)+"-")
		}) {
			t.Errorf("%s/%s.txtar is called after no method", TranscriptsDir, name)
		}
	}
}

// TestIncomplete: a method that is only in the table is told all that it needs.
func TestIncomplete(t *testing.T) {
	transcripts, files := written(t)
	got := missingOf(rpc.Method{Name: "coffee/brew"}, transcripts, files)
	for _, want := range []string{
		"rpc/table.go", "rpc/testdata/transcripts/coffee-brew.txtar", "docs/openrpc.json", "docs/methods.md", "protocol.ts", "types.lua",
	} {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("%s is not asked for: %q", want, got)
		}
	}
	transcripts["coffee-brew"] = transcripts["process-list"]
	if got := missingOf(rpc.Method{Name: "coffee/brew"}, transcripts, files); !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "does not send") }) {
		t.Errorf("a transcript without the method is enough: %q", got)
	}
}

// written reads what is in the repository.
func written(t *testing.T) (map[string]*Transcript, map[string]string) {
	t.Helper()
	transcripts, err := ReadTranscripts(filepath.Join(root, TranscriptsDir))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, name := range []string{OpenRPCFile, MethodsFile, TypeScriptFile, LuaFile} {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(string(data), "\n"); name != OpenRPCFile && !strings.Contains(first, mark) {
			t.Errorf("%s begins with %q", name, first)
		}
		files[name] = string(data)
	}
	return transcripts, files
}

// missingOf says what a method lacks, and where to add it.
func missingOf(m rpc.Method, transcripts map[string]*Transcript, files map[string]string) (out []string) {
	say := func(format string, args ...any) { out = append(out, m.Name+" "+fmt.Sprintf(format, args...)) }
	if !strings.HasSuffix(m.Doc, ".") {
		say("has no doc: its line in rpc/table.go needs a sentence")
	}
	file := TranscriptsDir + "/" + TranscriptName(m.Name) + ".txtar"
	switch transcript := transcripts[TranscriptName(m.Name)]; {
	case transcript == nil:
		say("has no transcript: add %s (the README.md beside it says how) and run `make generate`", file)
	case transcript.Example(m.Name) == nil:
		say("has a transcript that does not send it: %s", file)
	}
	for name, text := range map[string]string{
		OpenRPCFile:    fmt.Sprintf("\n      \"name\": %q,\n", m.Name),
		MethodsFile:    "\n## " + m.Name + "\n",
		TypeScriptFile: fmt.Sprintf("\n  %q: ", m.Name),
		LuaFile:        fmt.Sprintf("\n---@field [%q] fun(", m.Name),
	} {
		if !strings.Contains(files[name], text) {
			say("is not in %s: run `make generate`", name)
		}
	}
	return out
}
