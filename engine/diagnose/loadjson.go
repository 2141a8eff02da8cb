package diagnose

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// jsonError says where in a file its JSON is broken.
func jsonError(data []byte, err error) string {
	if se, ok := err.(*json.SyntaxError); ok {
		before := data[:min(int(se.Offset), len(data))]
		return fmt.Sprintf("line %d: %v", 1+bytes.Count(before, []byte("\n")), err)
	}
	return err.Error()
}

// plainJSON blanks comments and trailing commas, so that offsets stay.
func plainJSON(data []byte) []byte {
	out := bytes.Clone(data)
	comma := -1
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case c == '"':
			comma = -1
			for i++; i < len(out) && out[i] != '"'; i++ {
				if out[i] == '\\' {
					i++
				}
			}
		case c == '/' && i+1 < len(out) && out[i+1] == '/':
			for ; i < len(out) && out[i] != '\n'; i++ {
				out[i] = ' '
			}
		case c == '/' && i+1 < len(out) && out[i+1] == '*':
			end := bytes.Index(out[i+2:], []byte("*/"))
			if end < 0 {
				return out
			}
			for stop := i + end + 4; i < stop; i++ {
				if out[i] != '\n' {
					out[i] = ' '
				}
			}
			i--
		case c == ',':
			comma = i
		case c == ']' || c == '}':
			if comma >= 0 {
				out[comma] = ' '
			}
			comma = -1
		case c > ' ':
			comma = -1
		}
	}
	return out
}
