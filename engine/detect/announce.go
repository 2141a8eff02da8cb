package detect

import "bytes"

// announced are the names that a runner of workspaces has told of, with a line of
// its own, before it puts them first. Behind "web dev$ vite" a line that begins with
// "web dev: " is web's; without it, it is a sentence. What pnpm draws on a terminal, a
// frame for each package, is not read: the lines are drawn anew with each new one.
//
//	web dev$ vite          pnpm -r, of a folder at the top: "web dev: text" follows
//	> nx run web:dev       nx, whose lines are "web: text"
//	@acme/api dev: text    bun --filter, which announces nothing: so "web dev: " is a name, too
type announced struct {
	names  []string // as they stand first: "web dev: "
	script string   // " dev: ", which packages with a slash in their names are run with
}

// maxAnnounced bounds the names of one stream.
const maxAnnounced = 64

// peel takes the name off t, or takes in one that t announces. It returns the length
// of what stands before the text, 0 for nothing, and the name.
func (a *announced) peel(t []byte) (n int, tag []byte) {
	for _, name := range a.names {
		if len(t) >= len(name) && string(t[:len(name)]) == name {
			return len(name), t[:nameLen(t)]
		}
	}
	if a.script != "" {
		if n = nameLen(t); n > 0 && bytes.HasPrefix(t[n:], []byte(a.script)) && lowerCase(t[:n]) {
			return n + len(a.script), t[:n]
		}
	}
	at := bytes.IndexByte(t[:min(len(t), 96)], '$')
	if at < 3 || at+2 >= len(t) || t[at+1] != ' ' {
		return 0, nil
	}
	n = nameLen(t)
	if n == 0 || t[n] != ' ' || !isLetter(t[n+1]) || n+1+scriptLen(t[n+1:]) != at || !lowerCase(t[:at]) {
		return 0, nil
	}
	a.add(string(t[:at]) + ": ")
	return len(t), t[:n] // the command is no output
}

// learn takes in what was taken off as "folder/name script: ".
func (a *announced) learn(prefix []byte) {
	if at := bytes.IndexByte(prefix, ' '); at > 0 && bytes.HasSuffix(prefix, []byte(": ")) && string(prefix[at:]) != a.script {
		a.script = string(prefix[at:])
	}
}

// run takes in "> nx run web:dev".
func (a *announced) run(t []byte) {
	rest, ok := bytes.CutPrefix(t, []byte("> nx run "))
	if n := nameLen(rest); ok && n > 0 && rest[n] == ':' && !isLevelWord(rest[:n]) {
		a.add(string(rest[:n]) + ": ")
	}
}

func (a *announced) add(name string) {
	for _, known := range a.names {
		if known == name {
			return
		}
	}
	if len(a.names) < maxAnnounced {
		a.names = append(a.names, name)
	}
}

// scriptLen is the length of the name of a script that b begins with: dev, build:js.
func scriptLen(b []byte) int {
	n := 0
	for n < len(b) && (isWord(b[n]) || b[n] == '-' || b[n] == ':' && n+1 < len(b) && isLetter(b[n+1])) {
		n++
	}
	return n
}
