package config

import (
	"reflect"
	"strings"
	"time"
)

// Key describes one key of the file, for the documentation and the schema.
type Key struct {
	Path     string   // logs.budget, processes.NAME.ready.log
	Type     string   // for people: a string, an integer, a time, ...
	Doc      string   // one sentence or two
	Example  string   // its value in TOML; "" for a table
	Enum     []string // the only values of a string
	Min, Max string   // of a number or size; "" for no limit
	User     bool     // only the user's own file may have it
	Nested   bool     // also the file of a folder below the root may have it
}

// Keys are all keys, in the order of the types: a table before what is in it.
func Keys() []Key { return keysOf(reflect.TypeFor[Config](), "", false) }

func keysOf(t reflect.Type, path string, nested bool) []Key {
	var out []Key
	for _, f := range fieldsOf(t) {
		ft := t.FieldByIndex(f.index).Type
		k := Key{
			Path: join(path, f.key), Type: typeName(ft), Doc: f.tag.Get("doc"), Example: f.tag.Get("example"),
			Min: f.tag.Get("min"), Max: f.tag.Get("max"), User: f.tag.Get("user") != "",
			Nested: nested || f.tag.Get("nested") != "",
		}
		if enum := f.tag.Get("enum"); enum != "" {
			k.Enum = strings.Split(enum, "|")
		}
		out = append(out, k)
		switch ft {
		case reflect.TypeFor[Processes]():
			out = append(out, keysOf(reflect.TypeFor[Process](), k.Path+".NAME", k.Nested)...)
		case reflect.TypeFor[Gates]():
			out = append(out, keysOf(reflect.TypeFor[Gate](), k.Path+".NAME", k.Nested)...)
		default:
			if inner := structOf(ft); inner != nil {
				out = append(out, keysOf(inner, k.Path, k.Nested)...)
			}
		}
	}
	return out
}

// structOf is the struct whose keys a table of the type has, nil if it is none.
func structOf(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || len(fieldsOf(t)) == 0 {
		return nil
	}
	return t
}

// typeName says what a value must be, in words that do without Go.
func typeName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[Command]():
		return "a string or an array of strings"
	case reflect.TypeFor[Dependencies]():
		return "an array of names, or a table of names and conditions"
	case reflect.TypeFor[Restart]():
		return "a string or a table"
	case reflect.TypeFor[Watch]():
		return "an array of strings or a table"
	case reflect.TypeFor[Size]():
		return "a size"
	case reflect.TypeFor[time.Duration]():
		return "a time"
	case reflect.TypeFor[Processes](), reflect.TypeFor[Gates]():
		return "a table of tables"
	case reflect.TypeFor[Matchers]():
		return "an array of names, or of matchers"
	case reflect.TypeFor[*Limit]():
		return "a number, a size or a time"
	case reflect.TypeFor[map[string]string]():
		return "a table of strings"
	case reflect.TypeFor[[]string]():
		return "a string or an array of strings"
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "an integer"
	}
	return "a table"
}
