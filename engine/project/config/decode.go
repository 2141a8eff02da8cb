package config

import (
	"fmt"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/near"
	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// decoder lays one layer's document over what the layers before it have said. It
// goes on after a mistake: a file with three of them is mended in one go.
//
// It is no Unmarshal of a library's: those stop at the first mistake, do not
// know what was meant, and forget where a value stood.
type decoder struct {
	layer  Layer
	merged *Merged
	issues []Issue
}

// field is a key that a table may have.
type field struct {
	key   string
	tag   reflect.StructTag
	index []int
}

// fieldsOf gives the keys of a struct, with those of what it embeds.
func fieldsOf(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		key, ok := f.Tag.Lookup("toml")
		switch {
		case ok:
			out = append(out, field{key, f.Tag, []int{i}})
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			for _, inner := range fieldsOf(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				out = append(out, inner)
			}
		}
	}
	return out
}

// config decodes the whole document.
func (d *decoder) config(doc *document.Node) {
	d.table(doc, reflect.ValueOf(&d.merged.Config).Elem(), "")
	files := doc.Get("detection", "matchers")
	for _, name := range files.Strings() {
		d.inside(files, name, "detection.matchers")
	}
}

// table decodes an object into a struct. path is its dotted name, "" for the
// whole document.
func (d *decoder) table(n *document.Node, v reflect.Value, path string) {
	fields := fieldsOf(v.Type())
	for _, item := range n.Fields() {
		i := slices.IndexFunc(fields, func(f field) bool { return f.key == item.Key })
		if i < 0 {
			d.unknown(item, fields, path)
			continue
		}
		f := fields[i]
		if why := d.forbidden(f, path); why != "" {
			d.issue(item.Name(), why)
			continue
		}
		d.value(item, v.FieldByIndex(f.index), f.tag, join(path, f.key))
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// unknown says that there is no such key, and which one may be meant.
func (d *decoder) unknown(n *document.Node, fields []field, path string) {
	var keys []string
	for _, f := range fields {
		keys = append(keys, f.key)
	}
	where := "a configuration"
	if path != "" {
		where = "[" + path + "]"
	}
	text := fmt.Sprintf("%s has no key %q", where, n.Key)
	if meant := near.Names(n.Key, slices.Values(keys)); len(meant) > 0 {
		text += fmt.Sprintf("; did you mean %q?", meant[0])
		d.merged.meant[join(path, meant[0])] = true
	} else if len(keys) <= 8 {
		text += ": it may have " + strings.Join(keys, ", ")
	}
	d.issue(n.Name(), text)
}

// forbidden says why this layer may not have a key, "" if it may.
func (d *decoder) forbidden(f field, path string) string {
	switch {
	case f.tag.Get("user") != "" && !d.layer.User:
		return fmt.Sprintf("%s may only be set in the user's own configuration or by a flag: a workspace is somebody else's", join(path, f.key))
	case path == "" && !d.layer.User && d.layer.Dir != "." && f.tag.Get("nested") == "":
		return fmt.Sprintf("[%s] may only be in the brummer.toml of the workspace's root: this one is in %s", f.key, d.layer.Dir)
	}
	return ""
}

func (d *decoder) issue(at document.Span, text string) {
	d.issues = append(d.issues, Issue{d.layer.File, at, text})
}

// wrong says that a value is not of the kind that is wanted.
func (d *decoder) wrong(n *document.Node, path, want, hint string) {
	text := fmt.Sprintf("%s is %s, but must be %s", path, n.Kind, want)
	if hint != "" {
		text += ": " + hint
	}
	d.issue(n.Span(), text)
}

// custom is a type with a form of its own, or several.
type custom interface {
	decode(d *decoder, n *document.Node, path string)
}

// value decodes a value of any kind, and notes where it came from.
func (d *decoder) value(n *document.Node, v reflect.Value, tag reflect.StructTag, path string) {
	if c, ok := v.Addr().Interface().(custom); ok {
		switch c.(type) {
		case *Processes, *Gates: // each of their values has an origin
		case *Restart, *Watch:
			d.origin(n, path)
			if n.Kind == document.Object {
				d.merged.Origins[path] = Origin{d.layer.File, n.Span(), nil} // its values have theirs
			}
		default:
			d.origin(n, path)
		}
		c.decode(d, n, path)
		d.bounds(n, v, tag, path)
		return
	}
	switch v.Interface().(type) {
	case string:
		d.text(n, v, tag, path)
	case bool, *bool:
		d.boolean(n, v, path)
	case int, *int:
		d.integer(n, v, tag, path)
	case time.Duration:
		d.duration(n, v, tag, path)
	case *Limit:
		limit := new(Limit)
		d.value(n, reflect.ValueOf(limit).Elem(), tag, path)
		v.Set(reflect.ValueOf(limit))
	case []string:
		d.texts(n, v, path)
	case map[string]string:
		d.pairs(n, v, path)
	default:
		d.nested(n, v, path)
	}
}

func (d *decoder) origin(n *document.Node, path string) {
	d.merged.Origins[path] = Origin{d.layer.File, n.Span(), n.Value()}
}

// nested decodes a table within a table.
func (d *decoder) nested(n *document.Node, v reflect.Value, path string) {
	if n.Kind != document.Object {
		d.wrong(n, path, "a table", "")
		return
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	d.merged.Origins[path] = Origin{d.layer.File, n.Span(), nil} // its values have theirs
	d.table(n, v, path)
}

func (d *decoder) text(n *document.Node, v reflect.Value, tag reflect.StructTag, path string) {
	if n.Kind != document.Text {
		d.wrong(n, path, "a string", quoted(n))
		return
	}
	if enum := tag.Get("enum"); enum != "" && !d.among(n, path, strings.Split(enum, "|")) {
		return
	}
	d.origin(n, path)
	v.SetString(n.Text)
}

// among reports whether a text is one of some words, and says if it isn't.
func (d *decoder) among(n *document.Node, path string, words []string) bool {
	if slices.Contains(words, n.Text) {
		return true
	}
	text := fmt.Sprintf("%s can't be %q: it must be %s", path, n.Text, orList(words))
	if meant := near.Names(n.Text, slices.Values(words)); len(meant) > 0 {
		text = fmt.Sprintf("%s can't be %q; did you mean %q?", path, n.Text, meant[0])
	}
	d.issue(n.Span(), text)
	return false
}

func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// quoted is the hint for a number or boolean where a string is wanted.
func quoted(n *document.Node) string {
	if n.Kind == document.Number || n.Kind == document.Bool {
		return fmt.Sprintf("write %q", n.Text)
	}
	return ""
}

func (d *decoder) boolean(n *document.Node, v reflect.Value, path string) {
	if n.Kind != document.Bool {
		hint := ""
		if n.Text == "true" || n.Text == "false" {
			hint = "write " + n.Text + " without quotes"
		}
		d.wrong(n, path, "true or false", hint)
		return
	}
	d.origin(n, path)
	set(v, reflect.ValueOf(n.Text == "true"))
}

// set sets a value, or what a pointer points to.
func set(v, to reflect.Value) {
	if v.Kind() == reflect.Pointer {
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(to)
		to = p
	}
	v.Set(to)
}

func (d *decoder) integer(n *document.Node, v reflect.Value, tag reflect.StructTag, path string) {
	i, err := strconv.ParseInt(n.Text, 0, 32)
	if n.Kind != document.Number || err != nil {
		hint := ""
		if _, err := strconv.Atoi(n.Text); err == nil && n.Kind == document.Text {
			hint = "write " + n.Text + " without quotes"
		}
		d.wrong(n, path, "an integer", hint)
		return
	}
	least, _ := strconv.ParseInt(tag.Get("min"), 10, 64)
	most, err := strconv.ParseInt(tag.Get("max"), 10, 64)
	if i < least || err == nil && i > most {
		d.issue(n.Span(), fmt.Sprintf("%s can't be %d: it must be from %d to %d", path, i, least, most))
		return
	}
	d.origin(n, path)
	set(v, reflect.ValueOf(int(i)))
}

func (d *decoder) duration(n *document.Node, v reflect.Value, tag reflect.StructTag, path string) {
	if n.Kind != document.Text {
		hint := "write '500ms', '10s' or '2m'"
		if n.Kind == document.Number {
			hint = fmt.Sprintf("write '%ss' if these are seconds, '%sms' if milliseconds", n.Text, n.Text)
		}
		d.wrong(n, path, "a string", hint)
		return
	}
	t, err := time.ParseDuration(n.Text)
	if err != nil || t <= 0 {
		d.issue(n.Span(), fmt.Sprintf("%s can't be %q: write a time like '500ms', '10s' or '2m'", path, n.Text))
		return
	}
	least, _ := time.ParseDuration(tag.Get("min"))
	most, err := time.ParseDuration(tag.Get("max"))
	if t < least || err == nil && t > most {
		d.issue(n.Span(), fmt.Sprintf("%s can't be %s: it must be from %s to %s", path, n.Text, tag.Get("min"), tag.Get("max")))
		return
	}
	d.origin(n, path)
	v.Set(reflect.ValueOf(t))
}

func (d *decoder) texts(n *document.Node, v reflect.Value, path string) {
	if n.Kind != document.Text && n.Kind != document.List {
		d.wrong(n, path, "a string or an array of strings", "")
		return
	}
	for i, item := range n.Elements() {
		if item.Kind != document.Text {
			d.wrong(item, fmt.Sprintf("%s[%d]", path, i), "a string", quoted(item))
			return
		}
	}
	list := n.Strings()
	if list == nil {
		list = []string{} // none, which is not the default
	}
	d.origin(n, path)
	v.Set(reflect.ValueOf(list))
}

// pairs decodes names and texts; those of earlier layers stay.
func (d *decoder) pairs(n *document.Node, v reflect.Value, path string) {
	if n.Kind != document.Object {
		d.wrong(n, path, "a table", "write { NAME = 'value' }")
		return
	}
	next := reflect.MakeMap(v.Type())
	for _, key := range v.MapKeys() {
		next.SetMapIndex(key, v.MapIndex(key))
	}
	for _, f := range n.Fields() {
		if f.Kind != document.Text {
			d.wrong(f, path+"."+f.Key, "a string", quoted(f))
			continue
		}
		d.origin(f, path+"."+f.Key)
		next.SetMapIndex(reflect.ValueOf(f.Key), reflect.ValueOf(f.Text))
	}
	v.Set(next)
}

// inside makes a path of the layer's file one relative to the root. What leads
// out of the workspace is only for the user's own file.
func (d *decoder) inside(n *document.Node, name, key string) (string, bool) {
	if d.layer.User && d.layer.Dir == "" {
		return name, true
	}
	rel := path.Join(d.layer.Dir, name)
	if path.IsAbs(name) || rel == ".." || strings.HasPrefix(rel, "../") {
		d.issue(n.Span(), fmt.Sprintf("%s leads out of the workspace: %q; only the user's own configuration may do that", key, name))
		return "", false
	}
	return rel, true
}
