package generate

import (
	"strconv"
	"strings"
)

var typeScriptSyntax = &syntax{
	name:    func(n string) string { return n },
	literal: strconv.Quote,
	list: func(of string) string {
		if strings.Contains(of, " ") {
			of = "(" + of + ")"
		}
		return of + "[]"
	},
	tuple:  func(parts []string) string { return "[" + strings.Join(parts, ", ") + "]" },
	dict:   func(of string) string { return "Record<string, " + of + ">" },
	member: func(name, of string) string { return name + ": " + of },
	union:  " | ",
	plain: map[string]string{
		"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null",
		"object": "Record<string, unknown>", "": "unknown",
	},
}

// typeScript writes the types for an editor's extension, and what can be sent
// as interfaces from a method's name to its types.
func typeScript(d *Document) []byte {
	p := &page{}
	p.line("// %s\n", mark)
	p.line("/** Version of the protocol. */\nexport const protocol = %s;", d.Info.Version)
	for _, name := range named(d) {
		s := d.Components.Schemas[name]
		p.line("")
		tsDoc(p, "", s.Description)
		if s.Type != "object" {
			p.line("export type %s = %s;", name, typeScriptSyntax.of(s))
			continue
		}
		tsInterface(p, name, membersOf(s))
	}
	p.line("\n/** What any request may carry. */")
	tsInterface(p, "Tokens", tokensOf(d))
	for i := range d.Methods {
		if own := paramsOf(&d.Methods[i]); len(own) > 0 {
			p.line("")
			tsInterface(p, paramsName(d.Methods[i].Name)+" extends Tokens", own)
		}
	}
	tsTables(p, d)
	tsErrors(p, d)
	return p.Bytes()
}

// tsTables writes the methods, notifications and events.
func tsTables(p *page, d *Document) {
	p.line("\n/** What a client can call. */\nexport interface Calls {")
	for i := range d.Methods {
		if m := &d.Methods[i]; m.Result != nil {
			tsDoc(p, "  ", m.Summary)
			p.line("  %q: { params: %s; result: %s };", m.Name, tsParams(m), typeScriptSyntax.of(m.Result.Schema))
		}
	}
	p.line("}\n\n/** What a client can send without getting an answer. */\nexport interface ClientNotifications {")
	for i := range d.Methods {
		if m := &d.Methods[i]; m.Result == nil {
			tsDoc(p, "  ", m.Summary)
			p.line("  %q: %s;", m.Name, tsParams(m))
		}
	}
	p.line("}\n\n/** What the server sends without being asked. */\nexport interface ServerNotifications {")
	for _, n := range d.Notifications {
		tsDoc(p, "  ", n.Summary)
		p.line("  %q: %s;", n.Name, typeScriptSyntax.of(n.Params))
	}
	p.line("}\n\n/** The data of an Event, by its type. */\nexport interface EventData {")
	for _, e := range d.Events {
		of := "unknown"
		if e.Data != nil {
			of = typeScriptSyntax.of(e.Data)
		}
		tsDoc(p, "  ", e.Summary)
		p.line("  %q: %s;", e.Name, of)
	}
	p.line("}")
}

func tsErrors(p *page, d *Document) {
	p.line("\n/** The codes of errors. */\nexport const ErrorCode = {")
	for _, name := range failureNames(d) {
		f := d.Components.Errors[name]
		tsDoc(p, "  ", f.Message)
		p.line("  %s: %d,", name, f.Code)
	}
	p.line("} as const;\n\n/** What data.kind of a RequestFailed can be. */\nexport type ErrorKind =")
	kinds := each(d.Components.Errors["RequestFailed"].kinds(), strconv.Quote)
	p.line("  | %s;", strings.Join(kinds, "\n  | "))
}

func tsParams(m *methodObject) string {
	if len(paramsOf(m)) == 0 {
		return "Tokens"
	}
	return paramsName(m.Name)
}

func tsInterface(p *page, name string, members []member) {
	p.line("export interface %s {", name)
	for _, m := range members {
		optional := ""
		if m.optional {
			optional = "?"
		}
		tsDoc(p, "  ", m.doc)
		p.line("  %s%s: %s;", m.name, optional, typeScriptSyntax.of(m.schema))
	}
	p.line("}")
}

func tsDoc(p *page, indent, doc string) {
	if doc != "" {
		p.line("%s/** %s */", indent, strings.ReplaceAll(doc, "*/", "* /"))
	}
}
