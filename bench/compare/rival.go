package compare

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
)

// Rival is a program that runs processes and prints what they print.
type Rival struct {
	Name    string
	version []string // prints its version
	files   map[string]string
	command []string // runs `sh job.sh` in the foreground, in the folder of its files
	engine  []string // prints the pid of what runs the job, if that is another process
	quit    string   // what is typed to end it, if it has a terminal's screen
}

// screen reports whether the rival draws on a terminal's screen what the job prints.
func (r Rival) screen() bool { return r.quit != "" }

// Rivals are brummer-rpc, the binary, and the others, as one runs them in a terminal
// with a file that names the processes.
func Rivals(binary string) []Rival {
	return []Rival{
		{
			Name: "brummer-rpc up", version: []string{binary, "version"},
			files:   map[string]string{"brummer.toml": "[processes.job]\ncommand = 'sh job.sh'\n"},
			command: []string{binary, "up", "--root", "."},
			engine:  []string{binary, "doctor", "--root", ".", "--json"},
		},
		{
			Name: "foreman", version: []string{"foreman", "version"},
			files:   map[string]string{"Procfile": "job: sh job.sh\n"},
			command: []string{"foreman", "start"},
		},
		{
			Name: "concurrently", version: []string{"concurrently", "--version"},
			command: []string{"concurrently", "sh job.sh"},
		},
		{
			Name: "run-p", version: []string{"run-p", "--version"},
			files:   map[string]string{"package.json": `{"scripts":{"job":"sh job.sh"}}`},
			command: []string{"run-p", "job"},
		},
		{
			Name: "mprocs", version: []string{"mprocs", "--version"},
			files:   map[string]string{"mprocs.yaml": "procs: {job: {shell: sh job.sh}}\n"},
			command: []string{"mprocs"},
			quit:    "q",
		},
		{
			Name: "pm2-runtime", version: []string{"pm2", "--version"},
			command: []string{"pm2-runtime", "start", "sh", "--name", "job", "--no-autorestart", "--", "job.sh"},
		},
		{
			Name: "supervisord", version: []string{"supervisord", "--version"},
			files: map[string]string{"supervisord.conf": `[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0
pidfile=supervisord.pid
[program:job]
command=sh job.sh
autorestart=false
startsecs=0
stdout_logfile=/dev/fd/1
stdout_logfile_maxbytes=0
redirect_stderr=true
`},
			command: []string{"supervisord", "-c", "supervisord.conf"},
		},
	}
}

// Missing says why the rival can't take part, "" if it can.
func (r Rival) Missing() string {
	if _, err := exec.LookPath(r.command[0]); err != nil {
		return r.command[0] + " is not installed (.ci/rivals installs it)"
	}
	return ""
}

// Version is what the program says of itself.
func (r Rival) Version() string {
	home, err := os.MkdirTemp("", "compare")
	if err != nil {
		return "?"
	}
	defer os.RemoveAll(home)
	cmd := exec.Command(r.version[0], r.version[1:]...)
	cmd.Env = append(os.Environ(), "HOME="+home, "PM2_HOME="+home)
	out, _ := cmd.Output()
	return versionIn(string(out))
}

// number is how a version looks.
var number = regexp.MustCompile(`^v?[0-9]+(\.[0-9]+)+$`)

// versionIn is the first word that looks like a version, or else the word behind
// the program's name.
func versionIn(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
	for _, word := range words {
		if number.MatchString(word) {
			return word
		}
	}
	if len(words) > 1 {
		return words[1]
	}
	return "?"
}

// prepare writes the rival's files and the job into a new folder.
func (r Rival) prepare(job string) (dir string, err error) {
	dir, err = os.MkdirTemp("", "compare")
	if err != nil {
		return "", err
	}
	files := map[string]string{"job.sh": job}
	for name, text := range r.files {
		files[name] = text
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return "", fmt.Errorf("preparing %s: %w", r.Name, err)
		}
	}
	return dir, nil
}
