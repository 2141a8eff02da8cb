package proxy

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/go-sourcemap/sourcemap"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy/inject"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy/telemetry"
)

// sources finds where the code that a browser runs was written. It asks the
// target itself, and only for addresses of its own origin: a page can't make it
// fetch anything else.
type sources struct {
	client *http.Client
	target *url.URL

	mu    sync.Mutex
	known map[string]*mapping // by the script's path and query
}

// mapping is what a script's source map says; consumer is nil if there is none.
type mapping struct {
	consumer *sourcemap.Consumer
	at       time.Time
}

// Bounds of what is fetched and kept.
const (
	maxSource   = 8 << 20 // bytes of a script, and of a map
	maxMappings = 16
	mappingLife = 5 * time.Second // a script changes with the next edit
)

func newSources(p *Proxy) *sources {
	return &sources{
		client: &http.Client{
			Transport:     p.transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		target: p.target, known: map[string]*mapping{},
	}
}

// locate finds out where a frame was written: the path of a file as the map or
// the address has it, not yet one of this machine, and the place in it.
func (s *sources) locate(ctx context.Context, f *telemetry.Frame, own string) (file string, line, column int) {
	if !hasOrigin(f.URL, own) {
		return "", 0, 0
	}
	script, err := url.Parse(f.URL[len(own):])
	if err != nil || !strings.HasPrefix(script.Path, "/") {
		return "", 0, 0
	}
	if c := s.mapping(ctx, script); c != nil {
		if source, _, line, column, ok := c.Source(f.Line, f.Column-1); ok {
			return sourcePath(source), line, column + 1
		}
	}
	return script.Path, f.Line, f.Column
}

// sourcePath makes a path of a source's name in a map: that may be a URL, as
// webpack's webpack://name/./src/x.ts.
func sourcePath(source string) string {
	if u, err := url.Parse(source); err == nil && u.Scheme != "" && u.Opaque == "" {
		return path.Clean("/" + u.Path)
	}
	return path.Clean("/" + source)
}

// mapping returns what the map of a script says, nil if it has none that can be
// used.
func (s *sources) mapping(ctx context.Context, script *url.URL) *sourcemap.Consumer {
	key := script.RequestURI()
	s.mu.Lock()
	m := s.known[key]
	s.mu.Unlock()
	if m != nil && time.Since(m.at) < mappingLife {
		return m.consumer
	}
	consumer, err := s.fetchMapping(ctx, script)
	if err != nil {
		consumer = nil // a script without a map is the rule, not a fault
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= maxMappings {
		clear(s.known)
	}
	s.known[key] = &mapping{consumer, time.Now()}
	return consumer
}

func (s *sources) fetchMapping(ctx context.Context, script *url.URL) (*sourcemap.Consumer, error) {
	body, header, err := s.fetch(ctx, script)
	if err != nil {
		return nil, err
	}
	reference := header.Get("SourceMap")
	if reference == "" {
		reference = lastReference(body)
	}
	if reference == "" {
		return nil, errors.New("the script names no map")
	}
	content, at, err := s.content(ctx, script, reference)
	if err != nil {
		return nil, err
	}
	return sourcemap.Parse(origin(s.target)+at, content)
}

// lastReference is the URL in the last "//# sourceMappingURL=" of a script
// (ECMA-426, section 11.1), "" without one.
func lastReference(script []byte) string {
	const mark = "//# sourceMappingURL="
	i := strings.LastIndex(string(script), mark)
	if i < 0 {
		return ""
	}
	line, _, _ := strings.Cut(string(script[i+len(mark):]), "\n")
	return strings.TrimSpace(line)
}

// content returns a map, and the path that its sources are relative to.
func (s *sources) content(ctx context.Context, script *url.URL, reference string) ([]byte, string, error) {
	if data, ok := strings.CutPrefix(reference, "data:"); ok {
		_, encoded, _ := strings.Cut(data, ";base64,")
		content, err := base64.StdEncoding.DecodeString(encoded)
		return content, script.Path, err
	}
	u, err := script.Parse(reference)
	if err != nil {
		return nil, "", err
	}
	if u.Host != "" && !strings.EqualFold(u.Host, s.target.Host) {
		return nil, "", errors.New("the map is of another origin")
	}
	content, _, err := s.fetch(ctx, u)
	return content, u.Path, err
}

// fetch gets a path and query of the target.
func (s *sources) fetch(ctx context.Context, u *url.URL) ([]byte, http.Header, error) {
	at := *s.target
	at.Path, at.RawPath, at.RawQuery = u.Path, u.RawPath, u.RawQuery
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	// A development server gives the script itself only to who seems to run it.
	r.Header.Set("Sec-Fetch-Dest", "script")
	r.Header.Set("Accept", "*/*")
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	coding := inject.Coding(answer.Header)
	if answer.StatusCode != http.StatusOK || !inject.Decodable(coding) {
		return nil, nil, errors.New(answer.Status)
	}
	body := inject.Decode(answer.Body, coding)
	content, err := io.ReadAll(io.LimitReader(body, maxSource+1))
	if err == nil && len(content) > maxSource {
		err = errors.New("it is too large")
	}
	return content, answer.Header, err
}

// locateTimeout bounds how long the places of one report are looked for.
const locateTimeout = 3 * time.Second

// locate fills in the frames of what went wrong in a page. Only files of the
// workspace count; see Options.File.
func (p *Proxy) locate(events []telemetry.Event, own string) {
	if p.owner.o.File == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), locateTimeout)
	defer cancel()
	for i := range events {
		e := &events[i]
		if e.Kind != "error" && e.Kind != "rejection" {
			continue
		}
		if e.Frames = telemetry.ParseStack(e.Stack); len(e.Frames) == 0 && e.Source != "" {
			e.Frames = []telemetry.Frame{{URL: e.Source, Line: e.Line, Column: e.Column}}
		}
		for j := range e.Frames {
			f := &e.Frames[j]
			path, line, column := p.sources.locate(ctx, f, own)
			if file, ok := p.owner.o.File(p.options.Process, path); ok && path != "" {
				f.File, f.Line, f.Column = file, line, column
			}
		}
	}
}
