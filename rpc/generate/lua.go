package generate

import (
	"strconv"
	"strings"
)

// luaPrefix is what the names of our classes begin with: LuaLS has one space of
// names for everything.
const luaPrefix = "brummer."

var luaSyntax = &syntax{
	name:    func(n string) string { return luaPrefix + n },
	literal: strconv.Quote,
	list: func(of string) string {
		if strings.Contains(of, "|") {
			of = "(" + of + ")"
		}
		return of + "[]"
	},
	tuple:  func(parts []string) string { return "[" + strings.Join(parts, ", ") + "]" },
	dict:   func(of string) string { return "table<string, " + of + ">" },
	member: func(name, of string) string { return name + ": " + of },
	union:  "|",
	plain: map[string]string{
		"string": "string", "integer": "integer", "number": "number", "boolean": "boolean", "null": "nil",
		"object": "table", "": "any",
	},
}

// lua writes annotations for LuaLS. A table from names to types is a class with
// fields like ["process/start"].
func lua(d *Document) []byte {
	p := &page{}
	p.line("-- %s\n\n---@meta brummer.types", mark)
	for _, name := range named(d) {
		s := d.Components.Schemas[name]
		p.line("")
		luaDoc(p, s.Description)
		if s.Type != "object" {
			p.line("---@alias %s%s %s", luaPrefix, name, luaSyntax.of(s))
			continue
		}
		luaClass(p, name, membersOf(s))
	}
	p.line("\n--- What any request may carry.")
	luaClass(p, "Tokens", tokensOf(d))
	for i := range d.Methods {
		if own := paramsOf(&d.Methods[i]); len(own) > 0 {
			p.line("")
			luaClass(p, paramsName(d.Methods[i].Name)+": "+luaPrefix+"Tokens", own)
		}
	}
	luaTables(p, d)
	return p.Bytes()
}

// luaTables writes the methods, notifications, events and kinds of errors.
func luaTables(p *page, d *Document) {
	p.line("\n--- What a client can send. What has no result is not answered.")
	p.line("---@class %sMethods", luaPrefix)
	for i := range d.Methods {
		m := &d.Methods[i]
		params, result := luaPrefix+"Tokens", ""
		if len(paramsOf(m)) > 0 {
			params = luaPrefix + paramsName(m.Name)
		}
		if m.Result != nil {
			result = ": " + luaSyntax.of(m.Result.Schema)
		}
		p.line("---@field [%q] fun(params: %s)%s %s", m.Name, params, result, m.Summary)
	}
	p.line("\n--- What the server sends without being asked.")
	p.line("---@class %sNotifications", luaPrefix)
	for _, n := range d.Notifications {
		p.line("---@field [%q] %s %s", n.Name, luaSyntax.of(n.Params), n.Summary)
	}
	p.line("\n--- The data of an event, by its type.")
	p.line("---@class %sEventData", luaPrefix)
	for _, e := range d.Events {
		of := "any"
		if e.Data != nil {
			of = luaSyntax.of(e.Data)
		}
		p.line("---@field [%q] %s %s", e.Name, of, e.Summary)
	}
	p.line("\n--- What data.kind of an error can be.")
	kinds := each(d.Components.Errors["RequestFailed"].kinds(), strconv.Quote)
	p.line("---@alias %sErrorKind %s", luaPrefix, strings.Join(kinds, "|"))
}

func luaClass(p *page, name string, members []member) {
	p.line("---@class %s%s", luaPrefix, name)
	for _, m := range members {
		optional := ""
		if m.optional {
			optional = "?"
		}
		p.line("%s", strings.TrimRight("---@field "+m.name+optional+" "+luaSyntax.of(m.schema)+" "+m.doc, " "))
	}
}

func luaDoc(p *page, doc string) {
	if doc != "" {
		p.line("--- %s", doc)
	}
}
