package diagnose

import (
	"encoding/csv"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// matchTable opens a report as a table of values with commas between them (RFC 4180)
// at the line that names its columns. Its rows are read by those names, whatever tool
// wrote them; a row that has no file, line or message is none.
//
//	File,Line,Column,Type,Message,Source,Severity,Fixable
//	"/p/cart.php",2,42,error,"Opening brace should be on a new line",PSR12.Braces,5,1
func matchTable(r *Reader, l *detect.Line) bool {
	names, ok := tableRow(strings.ToLower(r.text))
	if !ok || slices.ContainsFunc(names, func(name string) bool { return !isColumn(name) }) {
		return false
	}
	b := &tableBlock{}
	for i, name := range names {
		for k, known := range tableColumns {
			if b.at[k] == 0 && strings.Contains(" "+known+" ", " "+name+" ") {
				b.at[k] = i + 1
			}
		}
	}
	if b.at[tableFile] == 0 || b.at[tableLine] == 0 || b.at[tableMessage] == 0 {
		return false
	}
	r.begin(b)
	return true
}

// isColumn reports whether s may be the name of a column: few words.
func isColumn(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isWord(c) && c != ' ' && c != '-' && c != '.' {
			return false
		}
	}
	return len(s) < 40
}

// What a column may be, and its names.
const (
	tableFile = iota
	tableLine
	tableColumn
	tableSeverity
	tableMessage
	tableRule
)

var tableColumns = [...]string{
	tableFile:     "file filename filepath file_path path",
	tableLine:     "line line_number linenumber start_line lineno",
	tableColumn:   "column col col_offset start_column",
	tableSeverity: "type severity level issue_severity kind",
	tableMessage:  "message issue_text description text msg",
	tableRule:     "rule source code test_id check rule_id symbol",
}

// tableBlock is the rows below the names.
type tableBlock struct {
	at [len(tableColumns)]int // of each column, from 1; 0 without
	n  int
}

func (b *tableBlock) level() lines.Level { return lines.Trace }

func (b *tableBlock) next(r *Reader, l *detect.Line) bool {
	b.n++
	row, ok := tableRow(r.text)
	if !ok || b.n > maxTable {
		return false
	}
	value := func(column int) string {
		if at := b.at[column]; at > 0 && at <= len(row) {
			return row[at-1]
		}
		return ""
	}
	line, d := number(value(tableLine))
	if !isPath(value(tableFile)) || d == 0 || value(tableMessage) == "" {
		return false
	}
	p := Problem{Place: Place{File: value(tableFile), Line: line}, Severity: Error, Message: value(tableMessage), Code: value(tableRule)}
	p.Col, _ = number(value(tableColumn))
	if sev, n := severityWord(value(tableSeverity)); n > 0 {
		p.Severity = sev
	}
	r.problem(p)
	return true
}

func (b *tableBlock) close(*Reader) {}

// maxTable is how many rows of a table are read.
const maxTable = 10000

// tableRow splits a line at its commas; ok is false for one with fewer than four
// values.
func tableRow(s string) (values []string, ok bool) {
	if strings.Count(s, ",") < 3 {
		return nil, false
	}
	reader := csv.NewReader(strings.NewReader(s))
	reader.FieldsPerRecord, reader.LazyQuotes = -1, true // phpcs escapes quotes with a backslash
	values, err := reader.Read()
	return values, err == nil && len(values) > 3
}
