package detect

import (
	"encoding/json"
	"testing"
)

func TestFields(t *testing.T) {
	for _, tt := range []struct {
		in, message, fields string
		ok                  bool
	}{
		{`{"level":30,"time":1795424734863,"pid":42,"err":{"a":[1]},"msg":"up"}`, "up", `{"pid":42,"err":{"a":[1]}}`, true},
		{`{"event": "json e", "level": "error", "timestamp": "2026"}`, "json e", `{}`, true},
		{`{"msg":"a","message":"b","level":"info"}`, "a", `{"message":"b"}`, true},
		{`time=2026-11-23T09:05:35Z level=INFO msg="it is \"up\"" port=80 name=`, `it is "up"`, `{"port":"80","name":""}`, true},
		{`level=warn msg=slow path=/a?b=c`, "slow", `{"path":"/a?b=c"}`, true},
		{`{"level":30}`, "", `{}`, true},
		{`{"a":1}`, "", `{"a":1}`, false},
		{`{"msg":"a"`, "a", `{}`, false},
		{`{"msg":"a"} and more`, "a", `{}`, false},
		{`a=1 b=2`, "", `{"a":"1","b":"2"}`, false},
		{`GET /?level=info msg=x 200`, "", `{}`, false},
		{`level=info msg="open`, "", `{}`, false},
		{``, "", ``, false},
	} {
		message, fields, ok := Fields([]byte(tt.in))
		if ok != tt.ok || ok && (message != tt.message || string(fields) != tt.fields) {
			t.Errorf("%s\n%q %s %v, want %q %s %v", tt.in, message, fields, ok, tt.message, tt.fields, tt.ok)
		}
	}
}

// FuzzFields: what is given as a line's fields is a JSON object.
func FuzzFields(f *testing.F) {
	f.Add([]byte(`{"level":30,"msg":"up","a":[1,{"b":null}]}`))
	f.Add([]byte(`level=info msg="it is \"up\"" port=80`))
	f.Fuzz(func(t *testing.T, in []byte) {
		if _, fields, ok := Fields(in); ok {
			var object map[string]any
			if err := json.Unmarshal(fields, &object); err != nil {
				t.Errorf("%q: %s: %v", in, fields, err)
			}
		}
	})
}
