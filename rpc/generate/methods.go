package generate

import (
	"maps"
	"slices"
	"strings"
)

var markdownSyntax = &syntax{
	name:    func(n string) string { return "[" + n + "](#" + slug("type "+n) + ")" },
	literal: func(v string) string { return "`" + v + "`" },
	list: func(of string) string {
		if strings.Contains(of, " ") {
			return "array of (" + of + ")"
		}
		return "array of " + of
	},
	tuple:  func(parts []string) string { return "array \\[" + strings.Join(parts, ", ") + "\\]" },
	dict:   func(of string) string { return "object of " + of },
	member: func(name, of string) string { return name + ": " + of },
	union:  " \\| ",
	plain: map[string]string{
		"string": "string", "integer": "integer", "number": "number", "boolean": "boolean", "null": "null",
		"object": "object", "": "any",
	},
}

// introduction is what holds for all methods, in a few lines.
const introduction = `# Methods

Everything that brummer-rpc and its clients say to each other, in JSON-RPC 2.0. [openrpc.json](openrpc.json) has the same for programs; so has a running engine (` + "`rpc.discover`" + `).

- Params go by name. Absent params, ` + "`null`" + ` and ` + "`[]`" + ` are empty params. A script's message with a parameter that a method does not have is refused; an editor's is not.
- Times are milliseconds since the epoch. A ` + "`seq`" + ` numbers all lines of an engine in the order of their arrival. A cursor is a string to be given back as it is.
- In the examples ` + "`-->`" + ` is what the client sends, ` + "`<--`" + ` the answer and ` + "`<~~`" + ` what comes unasked. ` + "`$PID`, `$TIME`, `$EPOCH` and `$ROOT`" + ` stand for values that differ each time, ` + "`...`" + ` for something left out. They are played by the tests: rpc/testdata/transcripts.
- Any request may carry these:
`

// methodsPage writes docs/methods.md.
func methodsPage(d *Document, transcripts map[string]*Transcript) []byte {
	p := &page{}
	p.line("<!-- %s -->\n", mark)
	p.line("%s", introduction)
	mdMembers(p, "Parameter", tokensOf(d))
	mdIndex(p, d)
	for i := range d.Methods {
		m := &d.Methods[i]
		p.line("\n## %s\n\n%s", m.Name, m.Summary)
		mdMethod(p, m, transcripts[TranscriptName(m.Name)])
	}
	p.line("\n## Notifications of the server\n\n| notification | params | |\n| --- | --- | --- |")
	for _, n := range d.Notifications {
		p.line("| `%s` | %s | %s |", n.Name, markdownSyntax.of(n.Params), n.Summary)
	}
	mdNotifications(p, d, transcripts)
	mdEvents(p, d)
	mdErrors(p, d)
	p.line("\n## Types")
	for _, name := range named(d) {
		s := d.Components.Schemas[name]
		p.line("\n### Type %s\n\n%s\n", name, s.Description)
		if s.Type == "object" {
			mdMembers(p, "Member", membersOf(s))
		} else {
			p.line("%s", markdownSyntax.of(s))
		}
	}
	return p.Bytes()
}

// mdIndex lists the methods by their namespaces.
func mdIndex(p *page, d *Document) {
	var spaces []string
	links := map[string][]string{}
	for _, m := range d.Methods {
		space, _, found := strings.Cut(m.Name, "/")
		if !found || space == "$" {
			space = "life cycle and discovery"
		}
		if links[space] == nil {
			spaces = append(spaces, space)
		}
		links[space] = append(links[space], "["+m.Name+"](#"+slug(m.Name)+")")
	}
	p.line("")
	for _, space := range spaces {
		p.line("- **%s**: %s", space, strings.Join(links[space], ", "))
	}
	p.line("- [notifications of the server](#notifications-of-the-server), [events](#events), [errors](#errors), [types](#types)")
}

// slug is the anchor that a heading gets.
func slug(heading string) string {
	return strings.ToLower(strings.NewReplacer("/", "", ".", "", "$", "", " ", "-").Replace(heading))
}

func mdMethod(p *page, m *methodObject, t *Transcript) {
	p.line("")
	if own := paramsOf(m); len(own) > 0 {
		mdMembers(p, "Parameter", own)
	} else {
		p.line("It takes no parameters of its own.")
	}
	if m.Progress {
		p.line("\nIt tells of its work to a `workDoneToken`.")
	}
	if m.Result == nil {
		p.line("\nA notification: it is not answered.")
	} else {
		p.line("\nResult: %s", markdownSyntax.of(m.Result.Schema))
	}
	for _, f := range m.Errors {
		if kinds := f.kinds(); len(kinds) > 0 {
			p.line("\nErrors: %s", strings.Join(each(kinds, markdownSyntax.literal), ", "))
		}
	}
	if t != nil {
		mdExample(p, t.Example(m.Name))
	}
}

// mdNotifications gives an example of each, the first of any transcript.
func mdNotifications(p *page, d *Document, transcripts map[string]*Transcript) {
	for _, n := range d.Notifications {
		mdExample(p, firstNotification(n.Name, transcripts))
	}
}

func firstNotification(name string, transcripts map[string]*Transcript) []Line {
	for _, t := range slices.Sorted(maps.Keys(transcripts)) {
		for _, l := range transcripts[t].Lines {
			if m, err := l.Message(); err == nil && l.Arrow == Notifies && m.Method == name {
				return []Line{l}
			}
		}
	}
	return nil
}

func mdEvents(p *page, d *Document) {
	p.line("\n## Events\n\nThe types of an [Event](#type-event). Those without data are not published by this version.\n\n| type | data | |\n| --- | --- | --- |")
	for _, e := range d.Events {
		data := ""
		if e.Data != nil {
			data = markdownSyntax.of(e.Data)
		}
		p.line("| `%s` | %s | %s |", e.Name, data, e.Summary)
	}
}

func mdErrors(p *page, d *Document) {
	p.line("\n## Errors\n\n| code | name | |\n| --- | --- | --- |")
	for _, name := range failureNames(d) {
		f := d.Components.Errors[name]
		p.line("| %d | %s | %s |", f.Code, name, f.Message)
	}
	p.line("\nThe kinds of a RequestFailed:\n\n| data.kind | |\n| --- | --- |")
	for _, k := range d.Kinds {
		p.line("| `%s` | %s |", k.Name, k.Summary)
	}
}

// failureNames sorts the errors by their codes, JSON-RPC's own first.
func failureNames(d *Document) []string {
	return slices.SortedFunc(maps.Keys(d.Components.Errors), func(a, b string) int {
		return int(d.Components.Errors[b].Code - d.Components.Errors[a].Code)
	})
}

func mdMembers(p *page, what string, members []member) {
	p.line("| %s | type | |\n| --- | --- | --- |", what)
	for _, m := range members {
		optional := ""
		if m.optional {
			optional = "?"
		}
		p.line("| `%s`%s | %s | %s |", m.name, optional, markdownSyntax.of(m.schema), strings.ReplaceAll(m.doc, "|", `\|`))
	}
}

// mdExample shows messages.
func mdExample(p *page, lines []Line) {
	if len(lines) == 0 {
		return
	}
	p.line("\n```")
	for _, l := range lines {
		p.line("%s %s", l.Arrow, layoutMessage([]byte(l.Text)))
	}
	p.line("```")
}
