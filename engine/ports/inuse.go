package ports

import (
	"bytes"
	"regexp"
	"strconv"
)

// InUse reads a line of output, without escapes, in which a program says that it
// could not listen because the port is taken. port is 0 if the line says so
// without naming one. It is meant for the last lines of what has failed, not for
// every line: a line that passes the first look costs some microseconds.
func InUse(line []byte) (port int, ok bool) {
	// Cheap, since nearly no line passes: every wording has one of these.
	if !containsFold(line, "use") && !containsFold(line, "allocated") && !containsFold(line, "usage") {
		return 0, false
	}
	if !inUse.Match(line) {
		return 0, false
	}
	for _, re := range portIn {
		if m := re.FindSubmatch(line); m != nil {
			if n, err := strconv.Atoi(string(m[1])); err == nil && 0 < n && n < 1<<16 {
				return n, true
			}
		}
	}
	return 0, true
}

// inUse are the wordings of the C library (and so of Go, Python, Ruby, nginx),
// node, Rust, the JVM's servers, Windows, and of tools that ask before they bind.
var inUse = regexp.MustCompile(`(?i)EADDRINUSE|AddrInUse|addr(?:ess)? (?:is )?already in use|address in use|` +
	`port:? (?:"?\d+"? )?(?:is|was) (?:already )?(?:in use|being used|allocated)|port (?:\d+ )?already in use|` +
	`only one usage of each socket address`)

// portIn finds the port in such a line; the first that matches counts.
var portIn = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\bport["']?\s*[:=]?\s*["']?(\d{1,5})\b`),
	regexp.MustCompile(`\b(?:\d{1,3}(?:\.\d{1,3}){3}|localhost|\*)['"]?(?::|, |\) port )(\d{1,5})\b`),
	regexp.MustCompile(`(?:\]|::|\*|\s|/):(\d{1,5})\b`), // [::]:80, :::80, *:80, tcp :80
	regexp.MustCompile(`[\w.-]+:(\d{2,5})\b`),           // db.local:5432
}

// containsFold looks for an ASCII word of lower case or digits in any case.
func containsFold(b []byte, word string) bool {
	for {
		i := bytes.IndexAny(b, word[:1]+string(upper(word[0])))
		if i < 0 || len(b)-i < len(word) {
			return false
		}
		if bytes.EqualFold(b[i:i+len(word)], []byte(word)) {
			return true
		}
		b = b[i+1:]
	}
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}
