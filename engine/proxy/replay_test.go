package proxy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

// echo answers with what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "text/plain")
	io.WriteString(w, r.Method+" "+r.RequestURI+" "+r.Header.Get("X-Test")+" "+r.Header.Get("Authorization")+" "+string(body))
}

func (s *setup) post(path, contentType, body string, header ...string) {
	s.t.Helper()
	r, err := http.NewRequest("POST", s.url(path), strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
}

// TestReplay: a request goes out again as it was, secrets and all, or with edits.
func TestReplay(t *testing.T) {
	s := newSetup(t, echo)
	s.post("/a?b=1", "text/plain", "hello", "X-Test", "t", "Authorization", "Bearer x")
	s.rows(1)
	other := "other"
	for _, c := range []struct {
		edit Edit
		want string
	}{
		{Edit{}, "POST /a?b=1 t Bearer x hello"},
		{Edit{Method: "PUT", URL: "/c", Header: map[string]string{"X-Test": "", "Authorization": "Basic y"}, Body: &other}, "PUT /c  Basic y other"},
	} {
		row, err := s.registry.Replay(context.Background(), "r1", c.edit)
		if err != nil || row.Status != 200 || row.ReplayOf != "r1" || !row.Ended {
			t.Fatalf("%+v, %v", row, err)
		}
		x, _ := s.registry.History.Find(row.ID)
		if got := x.Detail(DetailOptions{Bodies: true}).AnswerBody.Text; got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestReplayErrors(t *testing.T) {
	s := newSetup(t, echo)
	s.post("/", "text/plain", strings.Repeat("x", DefaultBody+1))
	s.rows(1)
	var refused *ReplayError
	for _, edit := range []Edit{{}, {Body: new(string), URL: "http://evil.example/"}, {Body: new(string), URL: "//evil.example/"}, {Body: new(string), Method: "A B"}} {
		_, err := s.registry.Replay(context.Background(), "r1", edit)
		if !errors.As(err, &refused) && edit.URL != "//evil.example/" {
			t.Errorf("%+v: %v", edit, err)
		}
	}
	// What looks like a host in a path is a path: it goes to the target.
	rows, _, _ := s.registry.History.Page(Filter{Path: "//evil"}, nil, 10)
	if len(rows) > 1 || len(rows) == 1 && rows[0].Status != 200 {
		t.Errorf("%+v", rows)
	}
	var missing *UnknownRequestError
	for _, id := range []string{"r9", "9", "", "r"} {
		if _, err := s.registry.Replay(context.Background(), id, Edit{}); !errors.As(err, &missing) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if err := s.registry.Unregister(s.info.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.registry.Replay(context.Background(), "r1", Edit{Body: new(string)}); !errors.As(err, &refused) {
		t.Error(err)
	}
}

// TestCurl: a shell reads the command as it was meant, whatever is in it.
func TestCurl(t *testing.T) {
	s := newSetup(t, echo)
	s.post("/a?q=it's&token=abc", "application/octet-stream", "two\nlines 'and' \\ \x00\xff", "X-Test", "$HOME `id` \"x\"", "Cookie", "sid=1")
	s.rows(1)
	for _, reveal := range []bool{true, false} {
		command, err := s.registry.Curl("r1", reveal)
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("bash", "-c", `curl() { printf '%s\n--\n' "$@"; }; `+command).Output()
		if err != nil {
			t.Fatalf("%v: %s", err, command)
		}
		for _, want := range []string{s.backend.URL + "/a?q=it's&token=", "X-Test: $HOME `id` \"x\"", "two\nlines 'and' \\ "} {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s\nhas no %s", out, want)
			}
		}
		if secret := strings.Contains(command, "sid=1") && strings.Contains(command, "token=abc"); secret != reveal {
			t.Errorf("reveal %v: %s", reveal, command)
		}
	}
}
