package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/project"
)

// monorepo makes a workspace of 10,000 folders: 1,000 packages in 20 groups, each
// with its package.json, a Makefile, sources in nested folders, and a
// node_modules that nobody is to enter (100 more folders in all).
func monorepo(tb testing.TB) string {
	tb.Helper()
	root := tb.TempDir()
	put := func(name, content string) {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	put("package.json", `{"packageManager": "pnpm@9.0.0", "workspaces": ["packages/*/*"], "scripts": {"build": "turbo build"}}`)
	put(".gitignore", "dist/\n*.log\ncoverage\n")
	put("pnpm-lock.yaml", "lockfileVersion: '9.0'\n")
	for p := range 1000 {
		dir := fmt.Sprintf("packages/g%02d/p%04d", p%20, p)
		put(dir+"/package.json", fmt.Sprintf(`{"name": "p%04d", "version": "1.0.0", "scripts": {"dev": "vite", "build": "tsc -b", "test": "vitest run", "lint": "eslint ."}, "dependencies": {"react": "^19.0.0"}}`, p))
		put(dir+"/Makefile", "build:\n\tpnpm build\ntest: build\n\tpnpm test\n")
		for _, sub := range []string{"src", "src/api", "src/ui", "src/ui/parts", "src/util", "src/hooks", "docs", "public"} {
			put(dir+"/"+sub+"/index.ts", "export {}\n")
			put(dir+"/"+sub+"/more.ts", "export {}\n")
		}
		if p%10 == 0 {
			put(dir+"/node_modules/x/package.json", `{"scripts": {"no": "no"}}`)
			put(dir+"/dist/a/package.json", `{"scripts": {"no": "no"}}`)
		}
	}
	put("extra/index.ts", "")
	for i := range 979 {
		put(fmt.Sprintf("extra/e%03d/index.ts", i), "")
	}
	age(tb, root)
	return root
}

// age makes all folders and files an hour old: what has just been written is not
// trusted to be as it was, and would be read again.
func age(tb testing.TB, root string) {
	tb.Helper()
	old := time.Now().Add(-time.Hour)
	if err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Chtimes(path, old, old))
	}); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkDiscover finds what can be run in the monorepo: at first, again when
// nothing has changed, and when one file has; the yardstick only walks the same
// tree. If brummer's figure grows, every editor's window is late by as much when it
// opens; if the others do, so is each answer and each change.
func BenchmarkDiscover(b *testing.B) {
	root := monorepo(b)
	const scripts = 1 + 1000*6
	b.Run("brummer", func(b *testing.B) {
		for b.Loop() {
			l, err := project.Discover(context.Background(), root)
			if err != nil || len(l.Scripts) != scripts || len(l.Problems) != 0 {
				b.Fatalf("%d scripts, %v, %v", len(l.Scripts), l.Problems, err)
			}
		}
	})
	b.Run("again", func(b *testing.B) {
		w := project.NewWorkspace(project.Options{Root: root, Logf: b.Logf})
		defer w.Close()
		look(b, w, scripts)
		for b.Loop() {
			look(b, w, scripts)
		}
	})
	b.Run("one", func(b *testing.B) {
		w := project.NewWorkspace(project.Options{Root: root, Logf: b.Logf})
		defer w.Close()
		revision := look(b, w, scripts).Revision
		file := filepath.Join(root, "packages/g00/p0000/Makefile")
		for n := 0; b.Loop(); n++ {
			if err := os.WriteFile(file, fmt.Appendf(nil, "build%d:\n\tpnpm build\ntest:\n\tpnpm test\n", n), 0o644); err != nil {
				b.Fatal(err)
			}
			if k := look(b, w, scripts); k.Revision == revision {
				b.Fatal("the change was not seen")
			} else {
				revision = k.Revision
			}
		}
	})
	b.Run("walkdir", func(b *testing.B) {
		for b.Loop() {
			folders := 0
			err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
				if d.IsDir() {
					folders++
				}
				return err
			})
			if err != nil || folders < 10_000 {
				b.Fatalf("%d folders, %v", folders, err)
			}
			b.ReportMetric(float64(folders), "folders")
		}
	})
}

// look looks once, and wants so many scripts.
func look(b *testing.B, w *project.Workspace, scripts int) *project.Known {
	b.Helper()
	k, err := w.List(context.Background())
	if err != nil || len(k.Scripts) != scripts {
		b.Fatalf("%v, %v", k, err)
	}
	return k
}
