package main

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// steps is the conversation.
var steps = []struct {
	shows string
	do    func(*demo) error
}{
	{"Build the programs of the workspace, so that they start quickly", (*demo).build},
	{"Start brummer-rpc as a child with pipes, and open the workspace as an editor does", (*demo).open},
	{"Ask whom we talk to", (*demo).info},
	{"What can be run here? Files are only read, nothing is executed", (*demo).scripts},
	{"Follow all output, and all events: they come by themselves from here on", (*demo).follow},
	{"Start test: two scripts have this name, so the engine asks rather than guesses", (*demo).ambiguous},
	{"Start web, which brummer.toml defines: vet must have succeeded first", (*demo).startWeb},
	{"Start worker, and read along until one of its jobs fails", (*demo).startWorker},
	{"Send requests to the URL that web has printed: it writes a line about each", (*demo).browse},
	{"Search the output for a text", (*demo).searchText},
	{"Search it with a regular expression", (*demo).searchRegexp},
	{"Run a build that fails, as a program with arguments, and wait for its end", (*demo).failingBuild},
	{"Run a line of shell with an environment variable: this worker crashes", (*demo).crash},
	{"Restart the worker: the same command as before, and the next run of the same process", (*demo).restart},
	{"Type into a process: cat gives back what it reads", (*demo).input},
	{"Stop web: its last line has no newline, and still comes before the news of its end", (*demo).stop},
	{"Stop all the rest", (*demo).stopAll},
	{"Read the log again page by page: is it what came?", (*demo).readAgain},
	{"Unsubscribe: the totals are exact", (*demo).unsubscribe},
	{"Shut down, as an editor does, while a process runs: nothing is left behind", (*demo).shutdown},
}

func (d *demo) build() error {
	d.t.note("$ go build ./...   (in %s)", d.workspace)
	d.waiting = "go build"
	begun := time.Now()
	err := command(d.ctx, d.workspace, "go", "build", "./...")
	if err == nil {
		d.t.note("done in %s", duration(time.Since(begun)))
	}
	return err
}

func (d *demo) open() error {
	s, err := spawn(d.ctx, d.binary, d.workspace)
	if err != nil {
		return err
	}
	d.server = s
	d.client = newClient(s.stdout, s.stdin, d.notified)
	d.t.note("$ %s %s   (pid %d)", d.binary, alone, s.cmd.Process.Pid)

	pid, root := os.Getpid(), fileURI(d.workspace)
	params := wire.InitializeParams{ProcessID: &pid, ClientInfo: wire.ClientInfo{Name: "demo"}, RootURI: &root}
	params.Capabilities.General.PositionEncodings = []string{"utf-8"} // ranges in bytes, not in UTF-16 units
	result, err := call[wire.InitializeResult](d, "initialize", params)
	if err != nil {
		return err
	}
	b := result.Capabilities.Experimental.Brummer
	d.t.note("experimental.brummer.methods, all that is not LSP's own:")
	d.t.words(b.Methods)
	d.t.check(b.Protocol == wire.Protocol, "the protocol is version %d", b.Protocol)
	return d.notify("initialized", nil)
}

// fileURI is the URI of an absolute path.
func fileURI(path string) string {
	if !strings.HasPrefix(path, "/") {
		path = "/" + strings.ReplaceAll(path, `\`, "/") // C:\shop
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

func (d *demo) info() error {
	info, err := call[wire.SessionInfo](d, "session/info", nil)
	if err != nil {
		return err
	}
	d.t.check(info.Root == d.workspace, "the root is the workspace")
	d.t.check(info.PID == d.cmd.Process.Pid, "the engine is the process that was started")
	return nil
}

func (d *demo) scripts() error {
	result, err := call[wire.Scripts](d, "project/scripts", nil)
	if err != nil {
		return err
	}
	rows := [][]string{{"ID", "NAME", "COMMAND"}}
	var ids []string
	for _, s := range result.Scripts {
		rows = append(rows, []string{s.ID, s.Name, clip(s.Command, 60)})
		ids = append(ids, s.ID)
	}
	d.t.table(rows)
	d.t.check(slices.Contains(ids, "procfile:web") && slices.Contains(ids, "brummer:web"), "web is among them: as the Procfile has it, and as brummer.toml has it")
	return nil
}

// everything is a filter that leaves nothing out: without it, the engine's own
// remarks on a stream are not sent.
var everything = wire.Filter{Streams: []string{"stdout", "stderr", "system"}}

// credit is how many batches may be sent before one must be acknowledged. The
// default of 4 is right for who reads all the time; this client does not while
// it talks to web.
const credit = 64

func (d *demo) follow() error {
	window := credit
	lines, err := call[wire.Subscribed](d, "logs/subscribe", wire.SubscribeParams{Filter: everything, Window: &window})
	if err != nil {
		return err
	}
	events, err := call[wire.Subscribed](d, "events/subscribe", wire.EventsParams{})
	d.lines, d.events = lines.Subscription, events.Subscription
	return err
}

func (d *demo) browse() error {
	paths := []string{"/", "/cart?item=tea&n=2", "/cart?item=gold", "/checkout", "/checkout", "/checkout"}
	for _, path := range paths {
		if err := d.get(path); err != nil {
			return err
		}
	}
	err := d.until("web's lines about the requests", func() bool { return d.seen.count("web", "GET ") >= len(paths) })
	var told []string
	for _, l := range d.seen.lines {
		if path, ok := strings.CutPrefix(l.Text, "GET "); ok {
			path, _, _ = strings.Cut(path, " ")
			told = append(told, path)
		}
	}
	d.t.check(slices.Equal(told, paths), "%s about exactly these requests, in their order", count(len(told), "line"))
	return err
}

func (d *demo) get(path string) error {
	d.waiting = "web's answer to GET " + path
	request, err := http.NewRequestWithContext(d.ctx, http.MethodGet, d.url+path, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	text, _, _ := strings.Cut(string(body), "\n")
	d.t.note("GET %s: %s, %s", path, answer.Status, text)
	return err
}

func (d *demo) searchText() error {
	before := d.seen.last()
	found, err := call[wire.SearchResult](d, "logs/search", wire.SearchParams{Query: "payment declined"})
	if err != nil {
		return err
	}
	exact := true
	for _, h := range found.Hits {
		d.t.hit(h)
		for _, r := range h.Ranges {
			exact = exact && strings.EqualFold(h.Line.Text[r[0]:r[1]], "payment declined")
		}
	}
	d.t.check(exact, "what is marked is the text")
	d.checkHits(found, before, func(text string) bool { return strings.Contains(strings.ToLower(text), "payment declined") })
	return nil
}

func (d *demo) searchRegexp() error {
	const query = `GET /c\w+(\?\S*)? [45]\d\d`
	before := d.seen.last()
	found, err := call[wire.SearchResult](d, "logs/search", wire.SearchParams{
		Query: query, Regexp: true, Filter: wire.Filter{Processes: []string{"web"}},
	})
	if err != nil {
		return err
	}
	for _, h := range found.Hits {
		d.t.hit(h)
	}
	d.checkHits(found, before, regexp.MustCompile(query).MatchString)
	return nil
}

func (d *demo) readAgain() error {
	var log []wire.Line
	limit, after := 100, (*string)(nil)
	for {
		page, err := call[wire.QueryResult](d, "logs/query", wire.QueryParams{Filter: everything, Limit: &limit, After: after})
		if err != nil {
			return err
		}
		log = append(log, page.Lines...)
		if after = &page.Next; !page.More {
			break
		}
	}
	d.checkSame(log)
	return nil
}

func (d *demo) unsubscribe() error {
	totals, err := call[wire.Unsubscribed](d, "logs/unsubscribe", wire.SubscriptionParams{Subscription: d.lines})
	if err != nil {
		return err
	}
	came := uint64(len(d.seen.lines))
	d.t.check(totals == wire.Unsubscribed{Delivered: came}, "%d lines were sent, as many as came; %d were lost", totals.Delivered, totals.Dropped)
	totals, err = call[wire.Unsubscribed](d, "events/unsubscribe", wire.SubscriptionParams{Subscription: d.events})
	if err != nil {
		return err
	}
	came = uint64(len(d.seen.events))
	d.t.check(totals == wire.Unsubscribed{Delivered: came}, "%d events were sent, as many as came", totals.Delivered)
	return nil
}

func (d *demo) shutdown() error {
	p, err := call[wire.Process](d, "process/start", wire.StartParams{Script: "procfile:worker"})
	if err != nil {
		return err
	}
	d.seen.leaders = append(d.seen.leaders, p.PID) // nobody listens to events any more
	if _, err := call[any](d, "shutdown", nil); err != nil {
		return err
	}
	if err := d.notify("exit", nil); err != nil {
		return err
	}
	err = d.until("the end of brummer-rpc", func() bool { return false })
	d.t.check(errors.Is(err, io.EOF), "its output has ended behind a whole message")
	code, err := d.wait()
	d.t.check(code == 0, "brummer-rpc has ended with exit code %d", code)
	d.checkGone()
	return err
}
