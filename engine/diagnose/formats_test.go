package diagnose

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

var update = flag.Bool("update", false, "rewrite what is found in testdata/formats; read the difference before you believe it")

// TestFormats reads testdata/formats/*.txt: pieces of real output, and what is
// found in them. To add a format, write
//
//	### its name
//	the output
//	=== what is found, one per line
//
// A line that begins with "=== " is a finding as Finding.String has it; a piece
// without one holds nothing, which is what the traps are about.
func TestFormats(t *testing.T) {
	files, err := filepath.Glob("testdata/formats/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no formats", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var now strings.Builder
		head, pieces, _ := strings.Cut("\n"+string(data), "\n### ")
		if head = strings.TrimPrefix(head, "\n"); head != "" {
			now.WriteString(head + "\n")
		}
		for piece := range strings.SplitSeq(pieces, "\n### ") {
			name, body, _ := strings.Cut(piece, "\n")
			output, want := parted(body)
			got := findings(output)
			now.WriteString("### " + name + "\n" + output + "\n")
			for _, finding := range got {
				now.WriteString("=== " + strings.ReplaceAll(finding, "\n", `\n`) + "\n")
			}
			t.Run(filepath.Base(f)+"/"+name, func(t *testing.T) {
				if diff := cmp.Diff(want, got); diff != "" && !*update {
					t.Error(diff)
				}
			})
		}
		if *update {
			if err := os.WriteFile(f, []byte(now.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// parted takes the findings out of a piece.
func parted(body string) (output string, findings []string) {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimRight(body, "\n"), "\n") {
		if finding, ok := strings.CutPrefix(line, "=== "); ok && !strings.HasPrefix(finding, "RUN") && !strings.HasPrefix(finding, "CONT") {
			findings = append(findings, strings.ReplaceAll(finding, `\n`, "\n"))
		} else {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n"), findings
}

// findings are the findings in a piece of output, without what only announces
// others.
func findings(output string) (list []string) {
	var scanner detect.Scanner
	s := NewStream(nil)
	last := map[uint64]int{}
	take := func() {
		s.Take(func(_ string, f Finding) {
			if f.Stack != nil && !f.Stack.Final || f.Build != nil && f.Build.Phase == Progress && f.Build.Percent < 0 {
				return
			}
			if f.Problem != nil { // the last state of each
				if i, ok := last[f.Problem.ref]; ok && !f.Problem.Sticky {
					list[i] = f.String()
					return
				}
				last[f.Problem.ref] = len(list)
			}
			list = append(list, f.String())
		})
	}
	for i, line := range strings.Split(output, "\n") {
		s.Line(scanner.Scan([]byte(line)), uint64(i+1))
		take()
	}
	s.Flush()
	take()
	return list
}
