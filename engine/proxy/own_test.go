package proxy

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy/telemetry"
)

// TestReport: only a page of the proxy's own origin, with its script, is heard.
func TestReport(t *testing.T) {
	s := newSetup(t, servePage)
	var told []telemetry.Event
	s.registry.o.Reported = func(_ Info, events []telemetry.Event) { told = append(told, events...) }
	s.do("GET", "/", asPage...)
	s.rows(1)
	p := s.registry.list[0]
	own := strings.TrimSuffix(s.info.URL, "/")
	report := func(token string) string {
		return fmt.Sprintf(`{"token":%q,"session":"s1","url":"%s/","events":[{"kind":"page","request":"r1"},{"kind":"error","message":"boom"}]}`, token, own)
	}
	for _, c := range []struct {
		origin, site, body string
		status             int
	}{
		{own, "same-origin", report(p.token), 204},
		{own, "", report(p.token), 204},
		{own, "same-site", report(p.token), 403},
		{own, "cross-site", report(p.token), 403},
		{"http://evil.example", "", report(p.token), 403},
		{"", "", report(p.token), 403},
		{"null", "", report(p.token), 403},
		{own, "", report("guessed"), 403},
		{own, "", "nonsense", 400},
		{own, "", strings.Repeat(" ", telemetry.MaxReport+1), 413},
	} {
		r, _ := http.NewRequest("POST", own+ownPath+reportName, strings.NewReader(c.body))
		for k, v := range map[string]string{"Origin": c.origin, "Sec-Fetch-Site": c.site} {
			if v != "" {
				r.Header.Set(k, v)
			}
		}
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != c.status || answer.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%q %q: %d, not %d; %v", c.origin, c.site, answer.StatusCode, c.status, answer.Header)
		}
	}
	if len(told) != 4 || told[1].Message != "boom" || told[1].Proxy != s.info.ID {
		t.Errorf("%+v", told)
	}
	rows := s.rows(1)
	if len(rows) != 1 || !rows[0].Heard || rows[0].Silent(time.Now().Add(time.Hour)) {
		t.Errorf("reports are among the requests, or the page was not heard: %+v", rows)
	}
	unheard := rows[0]
	unheard.Heard = false
	if end := unheard.Started.Add(unheard.Timings.Total); unheard.Silent(end.Add(silence)) || !unheard.Silent(end.Add(2*silence)) {
		t.Error("a page that does not report")
	}
}

// TestServeScript: the script may be kept, and is asked for again when it has
// changed; pages of others do not get it.
func TestServeScript(t *testing.T) {
	s := newSetup(t, servePage)
	answer, body := s.do("GET", ownPath+scriptName, "Sec-Fetch-Site", "same-origin")
	tag := answer.Header.Get("Etag")
	if answer.StatusCode != 200 || !strings.Contains(body, s.registry.list[0].token) || tag == "" || answer.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
	if answer, body := s.do("GET", ownPath+scriptName, "If-None-Match", tag); answer.StatusCode != 304 || body != "" {
		t.Errorf("%d %q", answer.StatusCode, body)
	}
	if answer, _ := s.do("GET", ownPath+scriptName, "Sec-Fetch-Site", "same-site"); answer.StatusCode != 403 {
		t.Errorf("%d", answer.StatusCode)
	}
	for _, path := range []string{ownPath, ownPath + "nothing", ownPath + reportName} {
		if answer, _ := s.do("GET", path); answer.StatusCode != 404 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}
