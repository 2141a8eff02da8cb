package baseline

import (
	"bytes"
	"io"
)

// Inject is the way of the proxy that the seed knew: the whole page is read, a
// lower-case copy of it searched for the end of the head, and a new page made
// around the tag.
func Inject(page io.Reader, tag string) ([]byte, error) {
	body, err := io.ReadAll(page)
	if err != nil {
		return nil, err
	}
	for _, mark := range []string{"</head>", "<body", "</html>"} {
		if at := bytes.Index(bytes.ToLower(body), []byte(mark)); at >= 0 {
			return bytes.Join([][]byte{body[:at], []byte(tag), body[at:]}, nil), nil
		}
	}
	return append(body, tag...), nil
}
