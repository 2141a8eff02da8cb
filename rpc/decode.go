package rpc

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// decode reads params. Absent, null and [] are empty params; strict refuses
// members that P does not have, as a script has nobody else to tell it of a
// typing error. The error is a [*wire.Error] with the path of the member.
func decode(raw []byte, params any, strict bool) error {
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	if raw[0] == '[' {
		if len(bytes.TrimSpace(raw[1:len(raw)-1])) > 0 {
			return invalidParams("", "params go by name: they must be an object")
		}
		return nil
	}
	err := json.Unmarshal(raw, params, json.RejectUnknownMembers(strict))
	if err == nil {
		return nil
	}
	var semantic *json.SemanticError
	for errors.As(err, &semantic) {
		mended, ok := emptyObject(raw, semantic)
		if !ok {
			break
		}
		if raw, err = mended, json.Unmarshal(mended, params, json.RejectUnknownMembers(strict)); err == nil {
			return nil
		}
	}
	if !errors.As(err, &semantic) {
		return invalidParams("", strings.TrimPrefix(err.Error(), "jsontext: "))
	}
	path := string(semantic.JSONPointer)
	if errors.Is(err, json.ErrUnknownName) {
		return invalidParams(path, fmt.Sprintf("there is no parameter %q", strings.TrimPrefix(path, "/")))
	}
	return invalidParams(path, wrongType(semantic))
}

// emptyObject makes {} of a [] where an object belongs: Lua has one table for
// both, and Neovim writes an empty one as a list, wherever it stands.
func emptyObject(raw []byte, e *json.SemanticError) (mended []byte, ok bool) {
	if e.JSONKind != '[' || e.GoType == nil || e.GoType.Kind() != reflect.Struct && e.GoType.Kind() != reflect.Map {
		return nil, false
	}
	open := int(e.ByteOffset) + bytes.IndexByte(raw[e.ByteOffset:], '[')
	inside := raw[open+1:]
	shut := bytes.IndexByte(inside, ']')
	if shut < 0 || len(bytes.TrimSpace(inside[:shut])) > 0 {
		return nil, false
	}
	return slices.Concat(raw[:open], []byte("{}"), inside[shut+1:]), true
}

func wrongType(e *json.SemanticError) string {
	member := strings.TrimPrefix(string(e.JSONPointer), "/")
	switch {
	case e.GoType == nil && e.Err != nil, e.Err != nil && e.JSONKind == 0:
		return fmt.Sprintf("%s: %v", member, e.Err)
	case e.GoType == nil:
		return member + " can't be used"
	}
	return fmt.Sprintf("%s must be %s, not %s", member, jsonType(e.GoType.Kind().String()), kindName(byte(e.JSONKind)))
}

// jsonType names a Go kind as a user of JSON would.
func jsonType(kind string) string {
	switch {
	case kind == "string":
		return "a string"
	case kind == "bool":
		return "true or false"
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "a whole number"
	case kind == "slice":
		return "an array"
	}
	return "an object"
}

func kindName(k byte) string {
	switch k {
	case '"':
		return "a string"
	case '0':
		return "this number"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	case '[':
		return "an array"
	}
	return "an object"
}

func invalidParams(path, message string) *wire.Error {
	return &wire.Error{Code: wire.InvalidParams, Message: message, Data: wire.ErrorData{Path: path}}
}

// missing is the error for a parameter that must be given.
func missing(name string) *wire.Error {
	return invalidParams("/"+name, name+" is missing")
}
