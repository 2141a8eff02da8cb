package config

import (
	"reflect"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// envPrefix begins the variables that configure: BRUMMER_RPC_LOGS_BUDGET is
// logs.budget.
const envPrefix = "BRUMMER_RPC_"

// Environment makes a layer of the variables that configure, nil if there are
// none. Lists and processes can't be set so.
func Environment(environ []string) *Layer {
	values := make(map[string]string)
	for _, setting := range settings() {
		name := envPrefix + strings.ToUpper(strings.ReplaceAll(setting.path, ".", "_")) + "="
		for _, e := range environ {
			if value, ok := strings.CutPrefix(e, name); ok && value != "" {
				values[setting.path] = value
			}
		}
	}
	return Values("environment", values)
}

// Values makes a layer of values by their paths, nil if there are none. source is
// what their origin is called.
func Values(source string, values map[string]string) *Layer {
	if len(values) == 0 {
		return nil
	}
	doc := &document.Node{Kind: document.Object}
	for _, setting := range settings() {
		value, ok := values[setting.path]
		if !ok {
			continue
		}
		section, key, _ := strings.Cut(setting.path, ".")
		table := doc.Get(section)
		if table == nil {
			table = &document.Node{Kind: document.Object, Key: section}
			doc.Items = append(doc.Items, table)
		}
		kind := document.Text
		if setting.boolean && (value == "true" || value == "false") {
			kind = document.Bool
		}
		table.Items = append(table.Items, &document.Node{Kind: kind, Key: key, Text: value})
	}
	return &Layer{File: source, User: true, Doc: doc}
}

// setting is a single value of the engine's own configuration.
type setting struct {
	path    string
	boolean bool
	index   []int // in Config
}

// Changed gives the paths of the settings in which two configurations differ.
// Lists, processes and gates are none.
func (m *Merged) Changed(o *Merged) (paths []string) {
	a, b := reflect.ValueOf(m.Config), reflect.ValueOf(o.Config)
	for _, s := range settings() {
		if !reflect.DeepEqual(a.FieldByIndex(s.index).Interface(), b.FieldByIndex(s.index).Interface()) {
			paths = append(paths, s.path)
		}
	}
	return paths
}

// settings are all values that are neither lists nor of processes.
func settings() []setting {
	var out []setting
	for _, section := range fieldsOf(reflect.TypeFor[Config]()) {
		t := reflect.TypeFor[Config]().FieldByIndex(section.index).Type
		if t.Kind() != reflect.Struct {
			continue
		}
		for _, f := range fieldsOf(t) {
			ft := t.FieldByIndex(f.index).Type
			if ft.Kind() != reflect.Slice {
				boolean := ft == reflect.TypeFor[*bool]() || ft.Kind() == reflect.Bool
				out = append(out, setting{section.key + "." + f.key, boolean, append(slices.Clone(section.index), f.index...)})
			}
		}
	}
	return slices.Clip(out)
}
