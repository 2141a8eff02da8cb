package generate

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"
)

// TranscriptsDir is where the transcripts are, below the root of the repository.
const TranscriptsDir = "rpc/testdata/transcripts"

// Transcript is a conversation with a server, as a txtar file. Its lines are
//
//	--> MESSAGE   the client sends this
//	<-- MESSAGE   the answer to a call
//	<~~ MESSAGE   a notification of the server
//	...           notifications that come behind this are not told
//	# REMARK      for people, like empty lines
//
// and its files, if it has any, are those of the workspace.
type Transcript struct {
	Lines []Line
	Files []txtar.File
}

// Line is a line of a transcript.
type Line struct {
	Arrow string // one of the constants, or "" for a remark
	Text  string // the message or the remark
}

// The arrows of a transcript.
const (
	Sends    = "-->"
	Answers  = "<--"
	Notifies = "<~~"
	Untold   = "..."
)

// Message is what of a JSON-RPC message tells what it is.
type Message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code int             `json:"code"`
		Data json.RawMessage `json:"data"`
	} `json:"error"`
}

// Message parses the line's message; a remark, and a message that is still to be
// written, is empty.
func (l Line) Message() (Message, error) {
	if l.Arrow == "" || l.Text == "" {
		return Message{}, nil
	}
	return ParseMessage(l.Text)
}

// ParseMessage parses a message.
func ParseMessage(text string) (m Message, err error) {
	err = json.Unmarshal([]byte(text), &m)
	return m, err
}

// ParseTranscript reads a transcript.
func ParseTranscript(data []byte) (*Transcript, error) {
	ar := txtar.Parse(data)
	t := &Transcript{Files: ar.Files}
	for text := range strings.Lines(string(ar.Comment)) {
		text = strings.TrimSpace(text)
		arrow, rest, _ := strings.Cut(text, " ")
		l := Line{arrow, strings.TrimSpace(rest)}
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
			l = Line{"", text}
		case arrow != Sends && arrow != Answers && arrow != Notifies && arrow != Untold:
			return nil, fmt.Errorf("%.60q begins with none of --> <-- <~~ ... #", text)
		}
		if _, err := l.Message(); err != nil {
			return nil, fmt.Errorf("%.60q: %w", text, err)
		}
		t.Lines = append(t.Lines, l)
	}
	return t, nil
}

// Format writes a transcript.
func (t *Transcript) Format() []byte {
	var b strings.Builder
	for _, l := range t.Lines {
		b.WriteString(strings.TrimSpace(l.Arrow+" "+l.Text) + "\n")
	}
	return txtar.Format(&txtar.Archive{Comment: []byte(b.String()), Files: t.Files})
}

// ReadTranscripts reads all transcripts of a folder, by their names without
// the extension.
func ReadTranscripts(dir string) (map[string]*Transcript, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	out := map[string]*Transcript{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		t, err := ParseTranscript(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[strings.TrimSuffix(filepath.Base(name), ".txtar")] = t
	}
	return out, nil
}

// TranscriptName is how the transcript of a method is called: process-start for
// process/start, cancelRequest for $/cancelRequest.
func TranscriptName(method string) string {
	return strings.NewReplacer("$/", "", "/", "-", ".", "-").Replace(method)
}

// Example returns the first message of a method and, if it is a call, the
// answer to it; nothing if the client never sends it.
func (t *Transcript) Example(method string) []Line {
	id := ""
	var out []Line
	for _, l := range t.Lines {
		m, err := l.Message()
		switch {
		case err != nil:
		case l.Arrow == Sends && m.Method == method && out == nil:
			id = string(m.ID)
			out = append(out, l)
		case l.Arrow == Answers && id != "" && string(m.ID) == id:
			return append(out, l)
		}
	}
	return out
}
