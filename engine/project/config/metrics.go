package config

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// Metrics is about the engine's metrics of itself.
type Metrics struct {
	Interval time.Duration `toml:"interval" doc:"Between two samples of the metrics, by which metrics/trend tells trends; default 1s." example:"'5s'" min:"100ms" max:"1h"`
	Always   bool          `toml:"always" doc:"Take samples from the engine's start on, so that there are some at the first question; default false: from the first question on." example:"true"`
}

// Gate is a budget that metrics/gates judges on the running engine.
type Gate struct {
	Metric string `toml:"metric" doc:"The metric that is judged, as metrics/get calls it. A gate of brummer-rpc's own has one." example:"'brummer_proxy_failures_total'"`
	Max    *Limit `toml:"max" doc:"What it may be at the most: a number, a size, or a time, which is in seconds then." example:"'256MiB'"`
	Why    string `toml:"why" doc:"What it means when it is broken." example:"'a server answers with half a page'"`
}

// NamedGate is a gate with its name.
type NamedGate struct {
	Name string
	Gate
}

// Gates are in the order of the files.
type Gates []*NamedGate

// Find gives the gate of a name, or nil.
func (g Gates) Find(name string) *NamedGate {
	for _, n := range g {
		if n.Name == name {
			return n
		}
	}
	return nil
}

func (g *Gates) decode(d *decoder, n *document.Node, path string) {
	if n.Kind != document.Object {
		d.wrong(n, path, "tables like [gates.NAME]", "")
		return
	}
	for _, f := range n.Fields() {
		if f.Kind != document.Object {
			d.wrong(f, path+"."+f.Key, "a table", "write [gates."+f.Key+"]")
			continue
		}
		g.add(d, f, f.Key)
	}
}

// add adds the gate of a table. Gates' names have dots, which TOML takes for
// tables in tables: [gates.logs.memory] means the gate logs.memory all the same.
func (g *Gates) add(d *decoder, n *document.Node, name string) {
	own := *n
	own.Items = nil
	for _, f := range n.Fields() {
		if f.Kind == document.Object {
			g.add(d, f, name+"."+f.Key)
			continue
		}
		own.Items = append(own.Items, f)
	}
	if len(own.Items) == 0 && len(n.Items) > 0 {
		return
	}
	named := g.Find(name)
	if named == nil {
		named = &NamedGate{Name: name}
		*g = append(*g, named)
	}
	d.merged.Origins["gates."+name] = Origin{d.layer.File, n.Name(), nil}
	d.table(&own, reflect.ValueOf(&named.Gate).Elem(), "gates."+name)
}

// Limit is how much of something there may be, in its metric's unit: bytes,
// seconds, things.
type Limit float64

func (l *Limit) decode(d *decoder, n *document.Node, path string) {
	if n.Kind != document.Number && n.Kind != document.Text {
		d.wrong(n, path, "a number, a size or a time", "")
		return
	}
	if v, err := strconv.ParseFloat(n.Text, 64); err == nil && n.Kind == document.Number {
		*l = Limit(v)
		return
	}
	if size, err := ParseSize(n.Text); err == nil {
		*l = Limit(size)
		return
	}
	t, err := time.ParseDuration(n.Text)
	if err != nil {
		d.issue(n.Span(), fmt.Sprintf("%s can't be %q: write a number, a size like '64MiB' or a time like '50ms'", path, n.Text))
		return
	}
	*l = Limit(t.Seconds())
}
