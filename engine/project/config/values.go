package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// Size is a number of bytes: 65536, "64KiB".
type Size int64

var sizeForm = regexp.MustCompile(`^([0-9]+)\s*([KMG]i?B|B)?$`)

// ParseSize reads a size. KB and KiB are both 1024: nobody means the difference
// when it comes to a buffer.
func ParseSize(text string) (Size, error) {
	m := sizeForm.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("want a size like 64MiB, not %q", text)
	}
	n, err := strconv.ParseInt(m[1], 10, 40)
	if err != nil {
		return 0, fmt.Errorf("%s is too large", text)
	}
	return Size(n << (10 * strings.Index("BKMG", (m[2] + "B")[:1]))), nil
}

// String writes it with the largest unit that fits.
func (s Size) String() string {
	for i, unit := range []string{"GiB", "MiB", "KiB"} {
		if one := Size(1) << (30 - 10*i); s >= one && s%one == 0 {
			return strconv.FormatInt(int64(s/one), 10) + unit
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

func (s *Size) decode(d *decoder, n *document.Node, path string) {
	if n.Kind != document.Text && n.Kind != document.Number {
		d.wrong(n, path, "a size", "write '64MiB'")
		return
	}
	size, err := ParseSize(n.Text)
	if err != nil {
		d.issue(n.Span(), path+": "+err.Error())
		return
	}
	*s = size
}

// bounds checks a size against its field's limits.
func (d *decoder) bounds(n *document.Node, v reflect.Value, tag reflect.StructTag, path string) {
	s, ok := v.Interface().(Size)
	if !ok || s == 0 {
		return
	}
	least, _ := ParseSize(tag.Get("min"))
	most, _ := ParseSize(tag.Get("max"))
	if s < least || s > most {
		d.issue(n.Span(), fmt.Sprintf("%s can't be %s: it must be from %s to %s", path, s, least, most))
	}
}

func (c *Command) decode(d *decoder, n *document.Node, path string) {
	switch {
	case n.Kind == document.Text && strings.TrimSpace(n.Text) != "":
		*c = Command{Shell: n.Text}
	case n.Kind == document.Text, n.Kind == document.List && len(n.Items) == 0:
		d.issue(n.Span(), path+" is empty")
	case n.Kind == document.List && len(n.Strings()) == len(n.Items):
		*c = Command{Args: n.Strings()}
	default:
		d.wrong(n, path, "a command line or an array of strings", "")
	}
}

func (p *Dependencies) decode(d *decoder, n *document.Node, path string) {
	var next Dependencies
	switch n.Kind {
	case document.Text, document.List:
		if len(n.Strings()) != max(1, len(n.Items)) && len(n.Items) > 0 {
			d.wrong(n, path, "an array of names", "")
			return
		}
		for _, name := range n.Strings() {
			next = append(next, Dependency{name, "ready"})
		}
	case document.Object:
		for _, f := range n.Fields() {
			if f.Kind != document.Text {
				d.wrong(f, path+"."+f.Key, "a string", "")
			} else if d.among(f, path+"."+f.Key, Conditions) {
				next = append(next, Dependency{f.Key, f.Text})
			}
		}
	default:
		d.wrong(n, path, "an array of names, or a table of names and conditions", "")
		return
	}
	*p = next
}

// restartWords are what restart may be without a table.
var restartWords = []string{"never", "onFailure", "always"}

func (r *Restart) decode(d *decoder, n *document.Node, path string) {
	switch n.Kind {
	case document.Text:
		if d.among(n, path, restartWords) {
			*r = Restart{When: n.Text}
		}
	case document.Object:
		d.table(n, reflect.ValueOf(r).Elem(), path)
	default:
		d.wrong(n, path, orList(restartWords)+", or a table", "")
	}
}

func (w *Watch) decode(d *decoder, n *document.Node, path string) {
	switch n.Kind {
	case document.Text, document.List:
		d.texts(n, reflect.ValueOf(&w.Paths).Elem(), path)
	case document.Object:
		d.table(n, reflect.ValueOf(w).Elem(), path)
	default:
		d.wrong(n, path, "an array of patterns, or a table", "")
	}
}

func (p *Processes) decode(d *decoder, n *document.Node, path string) {
	if n.Kind != document.Object {
		d.wrong(n, path, "tables like [processes.web]", "")
		return
	}
	for _, f := range n.Fields() {
		where := path + "." + f.Key
		switch {
		case f.Kind != document.Object:
			d.wrong(f, where, "a table", "write [processes."+f.Key+"]")
			continue
		case f.Key == "" || strings.ContainsAny(f.Key, "#\n\r\t") || strings.TrimSpace(f.Key) != f.Key:
			d.issue(f.Name(), fmt.Sprintf("a process can't be called %q: a # numbers replicas, and blanks around a name can't be seen", f.Key))
			continue
		}
		named := p.Find(f.Key)
		if named == nil {
			named = &Named{Name: f.Key}
			*p = append(*p, named)
		}
		named.File, named.Dir, named.Line = d.layer.File, d.layer.Dir, f.KeyAt.Line
		d.merged.Origins[where] = Origin{d.layer.File, f.Name(), nil}
		d.process(f, named, where)
	}
}

// process decodes one process, and makes its paths relative to the root.
func (d *decoder) process(n *document.Node, p *Named, where string) {
	fresh := p.Process
	d.table(n, reflect.ValueOf(&fresh).Elem(), where)
	if cwd := n.Get("cwd"); cwd.String() != "" {
		fresh.Cwd, _ = d.inside(cwd, cwd.Text, where+".cwd")
	} else if p.Cwd == "" && !d.layer.User {
		fresh.Cwd = d.layer.Dir
	}
	if files := n.Get("env_file"); files != nil {
		fresh.EnvFile = []string{}
		for _, name := range files.Strings() {
			if file, ok := d.inside(files, name, where+".env_file"); ok {
				fresh.EnvFile = append(fresh.EnvFile, file)
			}
		}
	}
	p.Process = fresh
}
