package engine

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
)

// watcher is a real tool in watch mode in a workspace of its own.
type watcher struct {
	*Engine
	t   *testing.T
	ctx context.Context
}

// newWatcher runs an engine on a folder with these files. bin is where the tools
// are. Without them the tests are left out; `.ci/test` says so, and with --all
// does not allow it.
func newWatcher(t *testing.T, files map[string]string) (w watcher, bin string) {
	t.Helper()
	dir := os.Getenv("BRUMMER_RPC_WATCHERS")
	if dir == "" {
		t.Skip("needs TypeScript and Vite: `.ci/test watchers` runs this with them")
	}
	ctx, end := context.WithTimeout(t.Context(), 5*time.Minute)
	w = watcher{testEngine(t, Options{}), t, ctx}
	t.Cleanup(end)
	for name, text := range files {
		w.write(name, text)
	}
	return w, filepath.Join(dir, "node_modules", ".bin")
}

func (w watcher) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.Root, name)
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o644)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// until waits until ok holds, which is asked whenever a bell rings, and now and
// then besides.
func (w watcher) until(what string, ok func() bool) {
	w.t.Helper()
	bell := NewBell()
	defer w.Problems.Watch(bell)()
	defer w.URLs.Watch(bell)()
	defer w.Logs.Watch(bell)()
	for {
		bell.Arm()
		if ok() {
			return
		}
		select {
		case <-bell.C:
		case <-time.After(200 * time.Millisecond):
		case <-w.ctx.Done():
			w.t.Fatalf("%s never came; the problems are %v, the output\n%s", what, w.problems(), w.output())
		}
	}
}

func (w watcher) problems() (list []string) {
	for _, e := range w.Problems.List().Entries {
		list = append(list, diagnose.Finding{Problem: &e.Problem}.String())
	}
	return list
}

func (w watcher) output() string {
	page, err := w.Logs.Read(context.Background(), logs.Query{Limit: 1000, Bytes: 1 << 20})
	if err != nil {
		w.t.Fatal(err)
	}
	var text []byte
	for _, r := range page.Records {
		text = append(logs.AppendText(text, r.Raw, false), '\n')
	}
	return string(text)
}

// TestWatchersTSC: an error of a real tsc --watch holds until it is mended, and a
// new one takes its place.
func TestWatchersTSC(t *testing.T) {
	w, bin := newWatcher(t, map[string]string{
		"tsconfig.json": `{"compilerOptions":{"strict":true,"noEmit":true,"target":"es2022"},"include":["src"]}`,
		"src/cart.ts":   "export const sum: number = 1;\n",
	})
	if _, err := w.Process.Start(process.Spec{Name: "tsc", Args: []string{filepath.Join(bin, "tsc"), "--watch"}, Dir: w.Root, Env: os.Environ()}); err != nil {
		t.Fatal(err)
	}
	w.until("the first cycle", func() bool { return strings.Contains(w.output(), "Found 0 errors") })
	w.write("src/cart.ts", "export const sum: number = \"one\";\n")
	w.until("the error", func() bool {
		return strings.Contains(strings.Join(w.problems(), "\n"), "src/cart.ts:1:14 error TS2322")
	})
	if e := w.Problems.List().Entries[0]; !e.Spot(w.Spot).Found {
		t.Errorf("the file of %s was not found", e.Place)
	}
	w.write("src/cart.ts", "export const sum: number = 2;\nexport const tax: string = 3;\n")
	w.until("the other error", func() bool {
		got := w.problems()
		return len(got) == 1 && strings.Contains(got[0], "src/cart.ts:2:14 error TS2322")
	})
	w.write("src/cart.ts", "export const sum: number = 2;\n")
	w.until("the end of the error", func() bool { return len(w.problems()) == 0 })
	t.Logf("what tsc has written:\n%s", w.output())
}

// TestWatchersVite: Vite's address is verified by its socket, and an error of a
// module holds until the module is mended.
func TestWatchersVite(t *testing.T) {
	w, bin := newWatcher(t, map[string]string{
		"package.json": `{"type":"module"}`,
		"index.html":   `<script type="module" src="/src/main.js"></script>`,
		"src/main.js":  "import \"./cart.js\";\n",
		"src/cart.js":  "export const sum = 1;\n",
	})
	if _, err := w.Process.Start(process.Spec{Name: "web", Args: []string{filepath.Join(bin, "vite"), "--host", "127.0.0.1", "--port", "0"}, Dir: w.Root, Env: os.Environ()}); err != nil {
		t.Fatal(err)
	}
	var address string
	w.until("Vite's address", func() bool {
		for _, u := range w.URLs.List().URLs {
			if u.State == Verified && u.Named {
				address = u.URL
			}
		}
		return address != ""
	})
	w.get(address + "src/main.js")
	w.get(address + "src/cart.js")
	// Again and again: Vite's watcher drops a change within 50 ms of another, and what
	// comes before it has begun.
	w.until("the error", func() bool {
		w.write("src/cart.js", "import \"./lost.js\";\n")
		w.get(address + "src/cart.js")
		return strings.Contains(strings.Join(w.problems(), "\n"), "Failed to resolve import")
	})
	if got := w.problems(); len(got) != 1 || !strings.Contains(got[0], "src/cart.js:1:10 error") {
		t.Errorf("the problems are %v", got)
	}
	w.until("the end of the error", func() bool {
		w.write("src/cart.js", "export const sum = 2;\n")
		return len(w.problems()) == 0
	})
	t.Logf("what Vite has written:\n%s", w.output())
}

// get asks for a page; what comes is Vite's business, also an error.
func (w watcher) get(url string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, url, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return // it restarts
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
}
