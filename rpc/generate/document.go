package generate

import (
	"path/filepath"
	"reflect"
	"slices"
	"strconv"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/brummer-rpc/brummer-rpc/rpc"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// Document is an OpenRPC 1.3.2 document. What the server sends unasked is no
// method in OpenRPC's sense and stands beside them, like the types of events.
// See https://spec.open-rpc.org.
type Document struct {
	Generated     string         `json:"x-generated"`
	OpenRPC       string         `json:"openrpc"`
	Info          info           `json:"info"`
	Methods       []methodObject `json:"methods"`
	Notifications []notification `json:"x-notifications"`
	Events        []event        `json:"x-events"`
	Kinds         []kind         `json:"x-kinds"`
	Components    components     `json:"components"`
}

type info struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Version     string `json:"version"` // of the protocol, not of the program
}

type methodObject struct {
	Name           string       `json:"name"`
	Summary        string       `json:"summary"`
	ParamStructure string       `json:"paramStructure"`
	Params         []descriptor `json:"params"`
	Result         *descriptor  `json:"result,omitempty"` // nil: the client notifies
	Errors         []failure    `json:"errors,omitempty"`
	Progress       bool         `json:"x-progress,omitempty"`
}

// descriptor is OpenRPC's Content Descriptor, or a reference to one.
type descriptor struct {
	Ref         string             `json:"$ref,omitempty"`
	Name        string             `json:"name,omitempty"`
	Description string             `json:"description,omitempty"`
	Required    bool               `json:"required,omitempty"`
	Schema      *jsonschema.Schema `json:"schema,omitempty"`
}

// failure is OpenRPC's Error, or a reference to one. The codes of a method's
// failures must differ: what is special to a method is one failure with a list
// of the kinds that data.kind can be.
type failure struct {
	Ref     string         `json:"$ref,omitempty"`
	Code    wire.Code      `json:"code,omitempty"`
	Message string         `json:"message,omitempty"`
	Data    map[string]any `json:"data,omitempty"`
}

// kinds are the values that data.kind can have.
func (f failure) kinds() []string {
	kinds, _ := f.Data["kind"].([]string)
	return kinds
}

type notification struct {
	Name    string             `json:"name"`
	Summary string             `json:"summary"`
	Params  *jsonschema.Schema `json:"params"`
}

type event struct {
	Name    string             `json:"name"`
	Summary string             `json:"summary"`
	Data    *jsonschema.Schema `json:"data,omitempty"` // absent: no version publishes it yet
}

// kind is a value of error.data.kind.
type kind struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
}

type components struct {
	Schemas            map[string]*jsonschema.Schema `json:"schemas"`
	ContentDescriptors map[string]descriptor         `json:"contentDescriptors"` // of params that any request may have
	Errors             map[string]failure            `json:"errors"`
}

// failures are the errors that any call may be answered with.
var failures = map[string]failure{
	"ParseError":       {Code: wire.ParseError, Message: "That is no JSON."},
	"InvalidRequest":   {Code: wire.InvalidRequest, Message: "That is no request, or none for this moment: an id in flight, a session that was shut down, a message over 16 MiB."},
	"MethodNotFound":   {Code: wire.MethodNotFound, Message: "There is no such method."},
	"InvalidParams":    {Code: wire.InvalidParams, Message: "A parameter is missing, wrong, or unknown; data.path is a JSON pointer to it.", Data: map[string]any{"path": "/id"}},
	"InternalError":    {Code: wire.InternalError, Message: "A defect of brummer-rpc; data.incident is what to look for in its log.", Data: map[string]any{"incident": "4242-1"}},
	"NotInitialized":   {Code: wire.NotInitialized, Message: "A client with Content-Length headers must send initialize first."},
	"RequestCancelled": {Code: wire.RequestCancelled, Message: "The client has cancelled the call."},
	"ServerCancelled":  {Code: wire.ServerCancelled, Message: "The session has ended before the call."},
	"RequestFailed":    {Code: wire.RequestFailed, Message: "What was asked can't be done; data.kind says why.", Data: map[string]any{"kind": kindNames()}},
}

func kindNames() (names []string) {
	for _, k := range rpc.Kinds() {
		names = append(names, k.Name)
	}
	return names
}

// NewDocument makes the document from the method table and from the comments of
// the repository at root.
func NewDocument(root string) (*Document, error) {
	c, err := readComments(filepath.Join(root, "rpc", "wire"))
	if err != nil {
		return nil, err
	}
	b := &builder{schemas: newSchemas(c)}
	b.d = Document{
		Generated: mark,
		OpenRPC:   "1.3.2",
		Info: info{
			Title:       "brummer-rpc",
			Description: "Runs, follows and searches the processes of a workspace. Any request may have the parameters in components.contentDescriptors. x-notifications is what the server sends unasked, x-events what an Event's type can be, x-kinds what data.kind of an error can be.",
			Version:     strconv.Itoa(wire.Protocol),
		},
		Components: components{Schemas: b.schemas.named, Errors: failures},
	}
	b.tokens()
	for _, m := range rpc.Methods() {
		b.method(m)
	}
	for _, n := range rpc.Notifications() {
		b.notification(n)
	}
	for _, e := range wire.Events {
		b.d.Events = append(b.d.Events, event{e.Name, e.Doc, b.shape(e.Data)})
	}
	for _, k := range rpc.Kinds() {
		b.d.Kinds = append(b.d.Kinds, kind{k.Name, k.Doc})
	}
	if b.err == nil {
		b.err = b.schemas.used()
	}
	return &b.d, b.err
}

// builder makes a document; err is the first thing that went wrong.
type builder struct {
	d       Document
	schemas *schemas
	err     error
}

func (b *builder) method(m rpc.Method) {
	o := methodObject{Name: m.Name, Summary: m.Doc, ParamStructure: "by-name", Params: b.params(m.Params), Progress: m.Progress}
	if !m.Notification {
		o.Result = &descriptor{Name: "result", Schema: b.ref(m.Result)}
		o.Errors = []failure{{Ref: "#/components/errors/InvalidParams"}}
	}
	if len(m.Kinds) > 0 {
		f := failures["RequestFailed"]
		f.Data = map[string]any{"kind": m.Kinds}
		o.Errors = append(o.Errors, f)
	}
	b.d.Methods = append(b.d.Methods, o)
}

// tokens makes the parameters that any request may have.
func (b *builder) tokens() {
	b.d.Components.ContentDescriptors = map[string]descriptor{}
	for _, p := range b.members(reflect.TypeFor[wire.Tokens]()) {
		b.d.Components.ContentDescriptors[p.Name] = p
	}
}

// params are the members of t, those that must be given first.
func (b *builder) params(t reflect.Type) []descriptor {
	list := b.members(t)
	for i, p := range list {
		if _, common := b.d.Components.ContentDescriptors[p.Name]; common {
			list[i] = descriptor{Ref: "#/components/contentDescriptors/" + p.Name}
		}
	}
	slices.SortStableFunc(list, func(a, b descriptor) int { return order(b) - order(a) })
	return list
}

// order is higher for what comes first.
func order(d descriptor) int {
	switch {
	case d.Required:
		return 2
	case d.Ref == "":
		return 1
	}
	return 0
}

func (b *builder) members(t reflect.Type) []descriptor {
	schema, err := b.schemas.of(t)
	if err != nil {
		b.fail(err)
		return nil
	}
	list := make([]descriptor, len(schema.PropertyOrder))
	for i, name := range schema.PropertyOrder {
		member := schema.Properties[name]
		list[i] = descriptor{Name: name, Description: member.Description, Required: slices.Contains(schema.Required, name), Schema: member}
		member.Description = ""
	}
	return list
}

// notification lists what the server sends; one with several shapes is any of them.
func (b *builder) notification(n rpc.Notification) {
	var shapes []*jsonschema.Schema
	for _, p := range n.Params {
		shapes = append(shapes, b.shape(p))
	}
	params := shapes[0]
	if len(shapes) > 1 {
		params = &jsonschema.Schema{OneOf: shapes}
	}
	b.d.Notifications = append(b.d.Notifications, notification{n.Name, n.Doc, params})
}

// shape refers to the type of a zero value, nil if there is none.
func (b *builder) shape(zero any) *jsonschema.Schema {
	if zero == nil {
		return nil
	}
	return b.ref(reflect.TypeOf(zero))
}

func (b *builder) ref(t reflect.Type) *jsonschema.Schema {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s, err := b.schemas.ref(t)
	b.fail(err)
	return s
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}
