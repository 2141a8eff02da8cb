package diagnose

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// jsonReport reads a report in JSON and tells whether it was one. Linters nest
// what they say in different ways, but an object that has a message, a line, and
// a severity or a rule is a problem in all of them; its file may be said further
// out. A test is an object with its full name and its status.
func (r *Reader) jsonReport(text []byte) bool {
	var doc any
	if json.Unmarshal(text, &doc) != nil {
		return false
	}
	top, isObject := doc.(object)
	if isObject && !isReport(top) {
		return false
	}
	w := &jsonWalk{r: r}
	w.walk(doc, "", "")
	if w.cases > 0 {
		r.tests.summary(r, w.sum)
	}
	return w.cases+w.problems > 0
}

type object = map[string]any

// isReport: an object is one if its first level says so. A logger's line may
// have a message and a line as well, but no column; buf and others print an object
// for each finding.
func isReport(o object) bool {
	if firstNumber(o, columnKeys...) > 0 && firstText(o, messageKeys...) != "" {
		return true
	}
	for _, key := range []string{"files", "results", "Issues", "diagnostics", "generalDiagnostics", "examples", "testResults", "stats", "runs", "issues", "messages", "comments"} {
		switch o[key].(type) {
		case object, []any:
			return true
		}
	}
	return false
}

// Names that linters give to the parts of a finding.
var (
	messageKeys = []string{"message", "text", "Text", "issue_text", "description"}
	lineKeys    = []string{"line", "row", "Line", "line_number", "start_line", "startLine"}
	columnKeys  = []string{"column", "col", "Column", "character", "start_column", "startColumn"}
	placeKeys   = []string{"location", "locations", "start", "Pos", "position", "caret", "physicalLocation", "region", "labels", "span"}
)

// placeIn returns the object that says where a finding is: the finding itself, or one
// inside it, or the first of a list inside it.
func placeIn(o object) object {
	for range 4 {
		if firstNumber(o, lineKeys...) > 0 {
			return o
		}
		inner := object(nil)
		for _, key := range placeKeys {
			v := o[key]
			if list, ok := v.([]any); ok && len(list) > 0 {
				v = list[0]
			}
			if in, ok := v.(object); ok {
				inner = in
				break
			}
		}
		if inner == nil {
			return o
		}
		o = inner
	}
	return o
}

// jsonWalk is a walk through a report.
type jsonWalk struct {
	r               *Reader
	cases, problems int
	sum             Summary
}

// walk looks at a value below a key, inside what speaks of file.
func (w *jsonWalk) walk(v any, key, file string) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			w.walk(item, key, file)
		}
	case object:
		if f := firstText(v, "filePath", "filename", "file_path", "file", "path", "Filename"); isPath(f) {
			file = f
		} else if f := firstText(v, "source", "name"); isSource(f) {
			file = f
		}
		if w.test(v, key) || w.problem(v, file) {
			return
		}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			inner := file
			if isPath(k) { // PHPStan's files are keys
				inner = k
			}
			w.walk(v[k], k, inner)
		}
	}
}

// problem takes an object that is a finding of a linter.
func (w *jsonWalk) problem(o object, file string) bool {
	p := Problem{Place: Place{File: file}, Severity: Error}
	p.Message = firstText(o, messageKeys...)
	if in, ok := o["message"].(object); ok { // SARIF
		p.Message = firstText(in, "text")
	}
	p.Code = firstText(o, "option", "ruleId", "rule", "code", "symbol", "cop_name", "check_name", "test_id", "FromLinter", "identifier", "type")
	said := jsonSeverity(&p, o)
	where, base := placeIn(o), 0
	if f := firstText(where, "file"); isPath(f) { // gcc
		file, p.File = f, f
	} else if f := sarifFile(o); f != "" {
		file, p.File = f, f
	}
	if in, ok := o["range"].(object); ok { // as in LSP, which counts from 0
		if start, ok := in["start"].(object); ok {
			where, base = start, 1
		}
	}
	p.Line = firstNumber(where, lineKeys...) + base
	p.Col = firstNumber(where, columnKeys...) + base
	if o["message-id"] != nil { // pylint
		p.Col++
	}
	p.EndLine, p.EndCol = firstNumber(o, "endLine"), firstNumber(o, "endColumn")
	if file == "" || p.Line <= 0 || p.Message == "" || !said && p.Code == "" {
		return false
	}
	w.problems++
	w.r.problem(p)
	return true
}

// sarifFile is the file of a SARIF result's first location (2.1.0, 3.27.12).
func sarifFile(o object) string {
	for _, key := range []string{"locations", "physicalLocation", "artifactLocation"} {
		v := o[key]
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[0]
		}
		in, ok := v.(object)
		if !ok {
			return ""
		}
		if o = in; key == "locations" && o["physicalLocation"] == nil {
			return ""
		}
	}
	return firstText(o, "uri")
}

// jsonSeverity: a word, or eslint's 2 for an error and 1 for a warning. A word wins:
// phpcs has a number for how much it matters, too.
func jsonSeverity(p *Problem, o object) (said bool) {
	keys := []string{"severity", "level", "Severity", "issue_severity", "type", "kind"}
	for _, key := range keys {
		word, _ := o[key].(string)
		if sev, n := severityWord(word); n > 0 && n == len(word) {
			if p.Severity = sev; p.Code == word {
				p.Code = ""
			}
			return true
		}
	}
	for _, key := range keys {
		if n, ok := o[key].(float64); ok {
			if p.Severity = Error; n == 1 {
				p.Severity = Warning
			}
			return true
		}
	}
	return false
}

// test takes an object that is a test case: jest's and vitest's, mocha's, RSpec's.
func (w *jsonWalk) test(o object, key string) bool {
	name := strings.TrimSpace(firstText(o, "fullName", "fullTitle", "full_description"))
	status, known := map[string]Status{"passed": Passed, "failed": Failed, "pending": Skipped, "skipped": Skipped, "disabled": Skipped, "todo": Todo}[firstText(o, "status")]
	if !known { // mocha: by the list that it is in; "tests" has all of them once more
		status, known = map[string]Status{"passes": Passed, "failures": Failed, "pending": Skipped}[key]
	}
	if name == "" || !known {
		return name != "" && key == "tests"
	}
	c := Test{Name: name, Status: status, Framework: "report", DurationMs: float64(firstNumber(o, "duration")), At: w.r.at}
	var text string
	switch {
	case o["full_description"] != nil:
		c.Place = Place{File: strings.TrimPrefix(firstText(o, "file_path"), "./"), Line: firstNumber(o, "line_number")}
		c.Framework = "rspec"
		if e, ok := o["exception"].(object); ok {
			c.Message = firstText(e, "message")
		}
	case o["fullTitle"] != nil:
		c.Framework = "mocha"
		if e, ok := o["err"].(object); ok {
			c.Message, text = firstText(e, "message"), firstText(e, "stack")
		}
	default:
		c.Framework = "jest"
		if messages, ok := o["failureMessages"].([]any); ok && len(messages) > 0 {
			text, _ = messages[0].(string)
		}
	}
	w.cases++
	w.sum.count(status)
	w.r.tests.known(w.r, c.Framework)
	w.r.tests.reportedCase(w.r, c, text)
	return true
}

// firstText is the first of an object's keys that holds a text.
func firstText(o object, keys ...string) string {
	for _, key := range keys {
		if s, ok := o[key].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

func firstNumber(o object, keys ...string) int {
	for _, key := range keys {
		if n, ok := o[key].(float64); ok {
			return int(n)
		}
	}
	return 0
}
