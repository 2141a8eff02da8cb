package wire

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Since is where a subscription begins: a cursor, "now", or {tail: n}.
type Since struct {
	Cursor string // "" for now
	Tail   *int
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (s *Since) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	switch d.PeekKind() {
	case '"':
		if err := json.UnmarshalDecode(d, &s.Cursor); err != nil {
			return err
		}
		if s.Cursor == "now" {
			s.Cursor = ""
		}
		return nil
	case '{':
		var tail struct {
			Tail *int `json:"tail"`
		}
		if err := json.UnmarshalDecode(d, &tail, json.RejectUnknownMembers(true)); err != nil {
			return err
		}
		if tail.Tail == nil || *tail.Tail < 0 {
			return errors.New("want {tail: n} with n >= 0")
		}
		s.Tail = tail.Tail
		return nil
	}
	if err := d.SkipValue(); err != nil {
		return err
	}
	return errors.New(`want a cursor, "now", or {tail: n}`)
}

// MarshalJSONTo implements json.MarshalerTo.
func (s Since) MarshalJSONTo(e *jsontext.Encoder) error {
	if s.Tail != nil {
		return json.MarshalEncode(e, map[string]int{"tail": *s.Tail})
	}
	if s.Cursor == "" {
		return json.MarshalEncode(e, "now")
	}
	return json.MarshalEncode(e, s.Cursor)
}
