package proxy

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy/telemetry"
)

// lineThree maps the third line of a script to the second of its source.
const lineThree = `{"version":3,"sources":["%s"],"names":[],"mappings":";;AACA"}`

// TestLocate: what breaks in a page is at the line that somebody wrote.
func TestLocate(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("%s is asked for at another origin", r.URL)
	}))
	defer elsewhere.Close()
	inline := func(source string) string {
		return "a\nb\nc\n//# sourceMappingURL=data:application/json;base64," + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, lineThree, source))
	}
	files := map[string]string{
		"/src/inline.js":         inline("inline.ts"),
		"/src/packed.js":         inline("webpack://app/./lib/packed.ts"),
		"/out/outer.js":          "a\nb\nc\n//# sourceMappingURL=maps/outer.js.map\n",
		"/out/maps/outer.js.map": fmt.Sprintf(lineThree, "../../src/outer.ts"),
		"/plain.js":              "a\nb\nc\n",
		"/foreign.js":            "a\nb\nc\n//# sourceMappingURL=" + elsewhere.URL + "/x.map\n",
		"/broken.js":             "a\nb\nc\n//# sourceMappingURL=data:application/json;base64,!!!\n",
		"/huge.js":               strings.Repeat("x", maxSource+1),
	}
	s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
		content, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, content)
	}, func(r *Register) { r.Process = "web" })
	var told []telemetry.Event
	s.registry.o.Reported = func(_ Info, events []telemetry.Event) { told = append(told, events...) }
	s.registry.o.File = func(process, path string) (string, bool) {
		return "/w" + path, process == "web" && path != "/gone.js"
	}
	own := strings.TrimSuffix(s.info.URL, "/")
	for _, c := range []struct{ frame, want string }{
		{own + "/src/inline.js", "/w/src/inline.ts:2:1"},
		{own + "/src/inline.js?v=1", "/w/src/inline.ts:2:1"},
		{own + "/src/packed.js", "/w/lib/packed.ts:2:1"},
		{own + "/out/outer.js", "/w/src/outer.ts:2:1"},
		{own + "/plain.js", "/w/plain.js:3:1"},
		{own + "/foreign.js", "/w/foreign.js:3:1"},
		{own + "/broken.js", "/w/broken.js:3:1"},
		{own + "/huge.js", "/w/huge.js:3:1"},
		{own + "/gone.js", ":3:1"},
		{elsewhere.URL + "/src/inline.js", ":3:1"},
	} {
		told = nil
		p := s.registry.list[0]
		body := fmt.Sprintf(`{"token":%q,"session":"s","events":[{"kind":"error","stack":"Error\n    at f (%s:3:1)"}]}`, p.token, c.frame)
		r, _ := http.NewRequest("POST", own+ownPath+reportName, strings.NewReader(body))
		r.Header.Set("Origin", own)
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		f := told[0].Frames[0]
		if got := fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column); got != c.want || f.Function != "f" {
			t.Errorf("%s: %s, want %s", c.frame, got, c.want)
		}
	}
	if rows, _, _ := s.registry.History.Page(Filter{}, nil, 10); len(rows) > 0 {
		t.Errorf("looking for sources is among the requests: %s", cmp.Diff([]Row{}, rows))
	}
}
