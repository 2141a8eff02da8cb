package project

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// Import makes a brummer.toml of a file that another program runs processes by: a
// Procfile, or a process-compose.yaml. notes say what has no counterpart and was
// left out, one line each.
func Import(name string, data []byte) (toml string, notes []string, err error) {
	var list []draftProcess
	switch base := path.Base(strings.ReplaceAll(name, `\`, "/")); {
	case strings.Contains(base, "Procfile"):
		list, notes = importProcfile(data)
	case path.Ext(base) == ".yaml" || path.Ext(base) == ".yml":
		if list, notes, err = importCompose(data); err != nil {
			return "", nil, fmt.Errorf("%s: %w", name, err)
		}
	default:
		return "", nil, fmt.Errorf("%s: what can be imported are a Procfile and a process-compose.yaml", name)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# The processes of %s, for brummer-rpc. \"brummer-rpc up\" starts them.\n", path.Base(name))
	for _, note := range notes {
		fmt.Fprintf(&b, "# Left out: %s\n", note)
	}
	writeProcesses(&b, list)
	return b.String(), notes, nil
}

func importProcfile(data []byte) (list []draftProcess, notes []string) {
	scripts, findings := parseProcfile(source{data: data})
	for _, s := range scripts {
		p := draftProcess{name: s.name}
		p.set("command", tomlString(s.command))
		if strings.Contains(s.command, "$PORT") {
			// foreman gives each process a port of its own; nobody does here.
			notes = append(notes, fmt.Sprintf("%s uses $PORT, which foreman sets: give it one with env = { PORT = \"5000\" }", s.name))
		}
		list = append(list, p)
	}
	for _, f := range findings {
		notes = append(notes, fmt.Sprintf("line %d: %s", f.line, f.message))
	}
	return list, notes
}

// importCompose imports a process-compose.yaml.
// The format: https://f1bonacc1.github.io/process-compose/configuration/
func importCompose(data []byte) ([]draftProcess, []string, error) {
	doc, broken := document.YAML(data)
	if broken != nil {
		return nil, nil, broken
	}
	if len(doc.Get("processes").Fields()) == 0 {
		return nil, nil, errors.New("has no processes: what can be imported are a Procfile and a process-compose.yaml")
	}
	var im importer
	im.rest("", doc, "version", "processes", "environment")
	var list []draftProcess
	for _, f := range doc.Get("processes").Fields() {
		list = append(list, im.process(f, envOf(doc.Get("environment"))))
	}
	return list, im.notes, nil
}

// importer reads a process-compose.yaml and notes what it leaves out.
type importer struct{ notes []string }

func (im *importer) note(format string, args ...any) {
	im.notes = append(im.notes, fmt.Sprintf(format, args...))
}

// rest notes the fields of n that are not among those that have been read.
func (im *importer) rest(path string, n *document.Node, read ...string) {
	for _, f := range n.Fields() {
		known := false
		for _, key := range read {
			known = known || key == f.Key
		}
		if !known {
			im.note("%s%s has no counterpart", path, f.Key)
		}
	}
}

func (im *importer) process(n *document.Node, shared []pair) draftProcess {
	p := draftProcess{name: strings.ReplaceAll(n.Key, "#", "-")}
	path := p.name + "."
	command := n.Get("command").String()
	if command == "" {
		im.note("%scommand is missing: the process can't be started", path)
	}
	p.set("command", tomlString(strings.TrimSpace(command)))
	if dir := n.Get("working_dir").String(); dir != "" {
		p.set("cwd", tomlString(dir))
	}
	if env := append(append([]pair{}, shared...), envOf(n.Get("environment"))...); len(env) > 0 {
		p.set("env", tomlTable(lastOf(env)))
	}
	if files := n.Get("env_file").Strings(); len(files) > 0 {
		p.set("env_file", tomlStrings(files))
	}
	im.dependsOn(&p, n.Get("depends_on"))
	im.probe(&p, "ready", n.Get("readiness_probe"), n.Get("ready_log_line").String())
	im.probe(&p, "live", n.Get("liveness_probe"), "")
	im.restart(&p, n.Get("availability"))
	im.shutdown(&p, n.Get("shutdown"))
	if n.Get("is_tty").True() {
		p.set("stdio", `"pty"`)
	}
	if r, ok := im.number(path+"replicas", n.Get("replicas")); ok && r != "1" {
		p.set("replicas", r)
	}
	if group := n.Get("namespace").String(); group != "" {
		p.set("group", tomlString(group))
	}
	im.rest(path, n, "command", "working_dir", "environment", "env_file", "depends_on", "readiness_probe", "ready_log_line",
		"liveness_probe", "availability", "shutdown", "is_tty", "replicas", "namespace", "description")
	return p
}

// number is the text of a positive number, and notes what is none. Nothing is no
// number, and not worth a note.
func (im *importer) number(what string, n *document.Node) (text string, ok bool) {
	if n == nil {
		return "", false
	}
	if i, err := strconv.Atoi(n.Text); err == nil && i > 0 {
		return strconv.Itoa(i), true
	}
	im.note("%s: %s is not a number that counts", what, quoteForMessage(n.Text))
	return "", false
}

// seconds is a number of seconds as brummer.toml has a time.
func (im *importer) seconds(what string, n *document.Node) (text string, ok bool) {
	text, ok = im.number(what, n)
	return tomlString(text + "s"), ok
}

// envOf reads an environment: a list of KEY=value, or a table.
func envOf(n *document.Node) []pair {
	var env []pair
	for _, text := range n.Strings() {
		if key, value, ok := strings.Cut(text, "="); ok {
			env = append(env, pair{key, tomlString(value)})
		}
	}
	for _, f := range n.Fields() {
		env = append(env, pair{f.Key, tomlString(f.Text)})
	}
	return env
}

// lastOf keeps of each key the last value: TOML takes each only once.
func lastOf(pairs []pair) []pair {
	index := make(map[string]int)
	var out []pair
	for _, p := range pairs {
		if i, ok := index[p.key]; ok {
			out[i] = p
			continue
		}
		index[p.key] = len(out)
		out = append(out, p)
	}
	return out
}

// composeConditions are process-compose's, and ours.
var composeConditions = map[string]string{
	"process_started": "started", "process_healthy": "ready", "process_log_ready": "ready",
	"process_completed": "exited", "process_completed_successfully": "succeeded",
}

func (im *importer) dependsOn(p *draftProcess, n *document.Node) {
	var deps []pair
	for _, f := range n.Fields() {
		condition, ok := composeConditions[f.Get("condition").String()]
		if !ok {
			im.note("%s.depends_on.%s: the condition %q has no counterpart; it is started", p.name, f.Key, f.Get("condition").String())
			condition = "started"
		}
		deps = append(deps, pair{f.Key, tomlString(condition)})
	}
	if len(deps) > 0 {
		p.set("dependsOn", tomlTable(deps))
	}
}

func (im *importer) probe(p *draftProcess, key string, n *document.Node, logLine string) {
	var parts []pair
	if logLine != "" {
		parts = append(parts, pair{"log", tomlString(logLine)})
	}
	if c := n.Get("exec", "command").String(); c != "" {
		parts = append(parts, pair{"exec", tomlString(c)})
	}
	if h := n.Get("http_get"); h != nil {
		parts = append(parts, pair{"http", tomlString(httpURL(h))})
	}
	what := p.name + "." + key + " probe: "
	if t, ok := im.seconds(what+"period_seconds", n.Get("period_seconds")); ok {
		parts = append(parts, pair{"interval", t})
	}
	if key == "live" {
		if t, ok := im.number(what+"failure_threshold", n.Get("failure_threshold")); ok {
			parts = append(parts, pair{"failures", t})
		}
	}
	if len(parts) > 0 {
		p.set(key, tomlTable(parts))
	}
	im.rest(what, n, "exec", "http_get", "period_seconds", "failure_threshold")
}

func httpURL(h *document.Node) string {
	or := func(key, otherwise string) string {
		if n := h.Get(key); n != nil && n.Text != "" {
			return n.Text
		}
		return otherwise
	}
	port := or("port", "")
	if port != "" {
		port = ":" + port
	}
	return or("scheme", "http") + "://" + or("host", "localhost") + port + "/" + strings.TrimPrefix(or("path", "/"), "/")
}

func (im *importer) restart(p *draftProcess, n *document.Node) {
	var parts []pair
	switch policy := n.Get("restart"); {
	case n == nil:
		return
	case policy.String() == "always":
		parts = append(parts, pair{"when", `"always"`})
	case policy.String() == "on_failure":
		parts = append(parts, pair{"when", `"onFailure"`})
	case policy.String() == "exit_on_failure":
		im.note("%s.availability.restart: exit_on_failure has no counterpart: nothing ends because of another's failure", p.name)
	}
	if len(parts) == 0 {
		return // never: how often and how fast does not count
	}
	if t, ok := im.seconds(p.name+".availability.backoff_seconds", n.Get("backoff_seconds")); ok {
		parts = append(parts, pair{"delay", t})
	}
	if m := n.Get("max_restarts"); m != nil && m.Text != "0" { // 0 is no limit there
		if limit, ok := im.number(p.name+".availability.max_restarts", m); ok {
			parts = append(parts, pair{"limit", limit})
		}
	}
	if len(parts) > 0 {
		p.set("restart", tomlTable(parts))
	}
	im.rest(p.name+".availability.", n, "restart", "backoff_seconds", "max_restarts")
}

// signalNames are those of the numbers that people write.
var signalNames = map[string]string{"1": "HUP", "2": "INT", "3": "QUIT", "9": "KILL", "10": "USR1", "12": "USR2", "15": "TERM"}

func (im *importer) shutdown(p *draftProcess, n *document.Node) {
	var parts []pair
	if s := n.Get("signal"); s != nil {
		if name, ok := signalNames[s.Text]; ok {
			parts = append(parts, pair{"signal", tomlString(name)})
		} else {
			im.note("%s.shutdown.signal: %s is not known", p.name, s.Text)
		}
	}
	if t, ok := im.seconds(p.name+".shutdown.timeout_seconds", n.Get("timeout_seconds")); ok {
		parts = append(parts, pair{"grace", t})
	}
	if len(parts) > 0 {
		p.set("stop", tomlTable(parts))
	}
	im.rest(p.name+".shutdown.", n, "signal", "timeout_seconds")
}
