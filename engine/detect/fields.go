package detect

import (
	"bytes"
	"encoding/json"
	"slices"
)

// maxStructured bounds the lines that are read for their fields: a logger's line
// is shorter.
const maxStructured = 64 << 10

// Keys that structured loggers use for the message, and for when it came, which is
// known without them; see [isLevelKey], too.
var (
	messageKeys = []string{"msg", "message", "event", "@m", "@mt", "short_message", "log.message"}
	timeKeys    = []string{"time", "ts", "timestamp", "@timestamp", "@t"}
)

// Fields reads a line of structured logging, JSON or logfmt: its message, and its
// other members as a JSON object in the order of the line, without those for
// level and time. ok is false for a line that is none: it has neither a message
// nor a level, or words that belong to no key.
//
//	{"level":30,"time":17957,"pid":7,"msg":"up"}   ->  up, {"pid":7}
//	level=info msg="it is up" port=80              ->  it is up, {"port":"80"}
func Fields(text []byte) (message string, fields []byte, ok bool) {
	text = trimSpace(text)
	if len(text) == 0 || len(text) > maxStructured {
		return "", nil, false
	}
	f := fieldWriter{out: []byte{'{'}}
	if text[0] == '{' {
		ok = f.readJSON(text)
	} else {
		ok = f.readLogfmt(text)
	}
	return f.message, append(f.out, '}'), ok && f.logger
}

// fieldWriter sorts the members of a line.
type fieldWriter struct {
	out     []byte // the object so far, without its end
	message string
	spoke   bool // message is set
	logger  bool // a message or a level has come: a logger's line
}

// member takes one; value is JSON.
func (f *fieldWriter) member(key string, value []byte) {
	if slices.Contains(messageKeys, key) && !f.spoke && json.Unmarshal(value, &f.message) == nil {
		f.spoke, f.logger = true, true
		return
	}
	if isLevelKey(key) {
		f.logger = true
		return
	}
	if slices.Contains(timeKeys, key) {
		return
	}
	if len(f.out) > 1 {
		f.out = append(f.out, ',')
	}
	name, err := json.Marshal(key)
	if err != nil {
		panic("BUG: a text can't be written as JSON: " + err.Error())
	}
	f.out = append(append(append(f.out, name...), ':'), value...)
}

func (f *fieldWriter) readJSON(text []byte) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return false
		}
		f.member(key.(string), value)
	}
	_, err := d.Token()
	return err == nil && !d.More()
}

func (f *fieldWriter) readLogfmt(text []byte) bool {
	pairs := 0
	for len(text) > 0 {
		eq := bytes.IndexByte(text, '=')
		if eq <= 0 || bytes.ContainsAny(text[:eq], " \t\"{}[]()<>") {
			return false
		}
		key := string(text[:eq])
		value, n := logfmtValue(text[eq+1:])
		if n < 0 {
			return false
		}
		quoted, err := json.Marshal(value)
		if err != nil {
			return false
		}
		f.member(key, quoted)
		pairs++
		text = trimSpace(text[eq+1+n:])
	}
	return pairs > 1
}

// logfmtValue reads a value, bare or quoted as Go quotes, and says how long it is;
// -1 if its quotes are open.
func logfmtValue(b []byte) (value string, n int) {
	if len(b) == 0 || b[0] != '"' {
		if n = bytes.IndexByte(b, ' '); n < 0 {
			n = len(b)
		}
		return string(b[:n]), n
	}
	for n = 1; n < len(b) && b[n] != '"'; n++ {
		if b[n] == '\\' {
			n++
		}
	}
	if n >= len(b) {
		return "", -1
	}
	n++
	if json.Unmarshal(b[:n], &value) != nil {
		value = string(b[1 : n-1])
	}
	return value, n
}
