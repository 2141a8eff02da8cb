package rpc_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/generate"
)

// send sends a message. What the server accepts must be as the document says.
func (p *player) send(text string) {
	p.t.Helper()
	text = p.expand(text)
	m, err := generate.ParseMessage(text)
	if err != nil {
		p.t.Fatal(err)
	}
	if m.ID != nil {
		p.calls = append(p.calls, call{string(m.ID), m.Method, string(m.Params)})
	} else if err := p.checker.Params(m.Method, m.Params); err != nil {
		p.t.Errorf("%s: %v", p.framing, err)
	}
	p.write(text)
}

func (p *player) write(message string) {
	p.t.Helper()
	if p.framing == front.Header {
		message = fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(message), message)
	} else {
		message += "\n"
	}
	if _, err := io.WriteString(p.in, message); err != nil {
		p.t.Fatalf("%s: %v", p.framing, err)
	}
}

// answer compares the answer to the call id, or to the oldest if it is "".
func (p *player) answer(l *generate.Line, id string) {
	p.t.Helper()
	i := 0
	if id != "" {
		i = slices.IndexFunc(p.calls, func(c call) bool { return c.id == id })
	}
	if i < 0 || len(p.calls) == 0 {
		p.t.Fatalf("no call waits for the answer <-- %s", l.Text)
	}
	c := p.calls[i]
	p.calls = slices.Delete(p.calls, i, i+1)
	got := p.await(c.id)
	p.compare(l, got)
	m, _ := generate.ParseMessage(got)
	var err error
	if m.Error == nil {
		err = cmp.Or(p.checker.Params(c.method, json.RawMessage(c.params)), p.checker.Result(c.method, m.Result))
	} else if kind := kindOf(m); kind != "" {
		err = p.checker.Failure(c.method, kind)
	}
	if err != nil {
		p.t.Errorf("%s: %v", p.framing, err)
	}
}

func kindOf(m generate.Message) string {
	var data struct{ Kind string }
	json.Unmarshal(m.Error.Data, &data)
	return data.Kind
}

// await receives the answer with an id.
func (p *player) await(id string) string {
	p.t.Helper()
	for p.answers[id] == "" {
		if !p.next() {
			p.t.Fatalf("%s: the session has ended before the answer %s", p.framing, id)
		}
	}
	defer delete(p.answers, id)
	return p.answers[id]
}

// notification compares the next one of a method, or the next of all if it is "".
func (p *player) notification(l *generate.Line, method string) {
	p.t.Helper()
	for {
		i := slices.IndexFunc(p.told, func(text string) bool {
			m, err := generate.ParseMessage(text)
			return err == nil && (method == "" || m.Method == method)
		})
		if i >= 0 {
			p.compare(l, p.told[i])
			p.told = slices.Delete(p.told, i, i+1)
			return
		}
		if !p.next() {
			p.t.Fatalf("%s: the session has ended before <~~ %s", p.framing, l.Text)
		}
	}
}

// patience bounds every wait; a transcript that passes does not take it.
const patience = 30 * time.Second

// next receives a message; false at the end of output.
func (p *player) next() bool {
	p.t.Helper()
	var text string
	select {
	case got, ok := <-p.inbox:
		if !ok {
			return false
		}
		text = got
	case <-time.After(patience):
		p.t.Fatalf("%s: no message comes; unanswered: %v", p.framing, p.calls)
	}
	m, err := generate.ParseMessage(text)
	switch {
	case err != nil:
		p.t.Fatalf("%s: %s: %v", p.framing, text, err)
	case m.Method == "":
		p.answers[string(m.ID)] = text
	default:
		if err := p.checker.Notification(m.Method, m.Params); err != nil {
			p.t.Errorf("%s: %v", p.framing, err)
		}
		p.told = append(p.told, text)
	}
	return true
}
