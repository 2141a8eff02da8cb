package process

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/near"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// Spec says what to run. It is kept, so that a restart runs the same.
type Spec struct {
	Name   string   // the id to have; "" derives one from the command
	Shell  string   // a command line for the shell, or
	Args   []string // a program and its arguments
	Dir    string   // absolute working folder
	Env    []string // the whole environment, KEY=value; the last value of a key counts
	Source string   // where the command came from: a file of the workspace, or "call"

	TTY        bool // its streams are a terminal, not pipes
	Cols, Rows int  // of the terminal at first; 0 means the default

	// Vars is the part of Env that may be shown: what env files, a definition and
	// the call have set, but not the environment of a client.
	Vars []string

	DependsOn map[string]Condition // by id, or name of a set: what must have happened first
	Ready     *Ready               // how to tell that it is ready; nil: it is once it runs
	Live      *Live                // how to tell that it still works; nil: as long as it runs
	Restart   Policy               // whether it is started again when it ends
	Watch     *Watch               // which changes of files restart it; nil for none
	Replicas  int                  // how many of it; 0 and 1 are one without a number
	Umask     *int                 // of the files it makes, 0 to 0o777; nil: the engine's; not on Windows
	Stop      StopOptions          // how it is asked to end by who does not say; zero values mean the table's
	Nice      int                  // -20 to 19, added to the engine's own niceness; not on Windows
}

// Command is the command as one line, for people.
func (s *Spec) Command() string {
	if s.Shell != "" {
		return s.Shell
	}
	words := make([]string, len(s.Args))
	for i, a := range s.Args {
		words[i] = a
		if a == "" || strings.ContainsAny(a, " \t\n\"'\\$`|&;<>()*?[]#~") {
			words[i] = strconv.Quote(a)
		}
	}
	return strings.Join(words, " ")
}

func (s *Spec) sameCommand(o *Spec) bool {
	return s.Shell == o.Shell && strings.Join(s.Args, "\x00") == strings.Join(o.Args, "\x00") && s.Dir == o.Dir
}

// baseName derives an id from the first word of the command that is not an
// assignment: `PORT=1 ./bin/web -v` is web. "" if there is none.
func (s *Spec) baseName() string {
	words := s.Args
	if s.Shell != "" {
		words = strings.Fields(s.Shell)
	}
	for _, w := range words {
		if s.Shell != "" && isAssignment(w) {
			continue
		}
		base := filepath.Base(strings.Trim(w, `"'`))
		if CheckName(base) != nil || base == "." || base == string(filepath.Separator) {
			return ""
		}
		return base
	}
	return ""
}

func isAssignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	return ok && name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// maxName bounds a name in bytes: it is shown in lists and panels.
const maxName = 128

// CheckName says why name can't be the id of a process, nil if it can.
func CheckName(name string) error {
	switch {
	case name == "":
		return &NameError{name, "is empty"}
	case len(name) > maxName:
		return &NameError{name, fmt.Sprintf("has %d bytes, over the limit of %d", len(name), maxName)}
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return &NameError{name, "has characters that can't be shown"}
	case strings.TrimSpace(name) != name:
		return &NameError{name, "begins or ends with white space"}
	case strings.Contains(name, "#"):
		return &NameError{name, "has a #, which numbers replicas"}
	}
	return nil
}

// launch makes what the system is asked to start, but for the files.
func (s *Spec) launch(marker string) (*guard.Launch, error) {
	if err := checkDir(s.Dir); err != nil {
		return nil, err
	}
	argv, err := s.argv()
	if err != nil {
		return nil, err
	}
	return &guard.Launch{Path: argv[0], Args: argv, Env: s.environ(marker), Dir: s.Dir, TTY: s.TTY}, nil
}

// argv resolves the program to an absolute path.
func (s *Spec) argv() ([]string, error) {
	args := s.Args
	if s.Shell != "" {
		args = shellArgs(s.Shell)
	}
	if len(args) == 0 || args[0] == "" {
		return nil, fmt.Errorf("the command is empty")
	}
	for _, a := range args {
		if strings.ContainsRune(a, 0) {
			return nil, fmt.Errorf("the command has a NUL character")
		}
	}
	path, err := lookPath(args[0], s.Dir, envValue(s.Env, "PATH"))
	if err != nil {
		return nil, err
	}
	return s.wrap(append([]string{path}, args[1:]...)), nil
}

// lookPath finds a program as the child's own shell would: in the child's PATH
// and from the child's folder, not from the engine's.
func lookPath(file, dir, path string) (string, error) {
	if strings.ContainsRune(file, filepath.Separator) || strings.Contains(file, "/") {
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		return findExecutable(file)
	}
	for _, d := range filepath.SplitList(path) {
		if !filepath.IsAbs(d) {
			d = filepath.Join(dir, d)
		}
		if found, err := findExecutable(filepath.Join(d, file)); err == nil {
			return found, nil
		}
	}
	return "", missing{file, nearPrograms(file, filepath.SplitList(path)...)}
}

// absent: there is nothing at a program's path.
type absent struct{ path string }

// Error looks for what may have been meant, which takes a look at a whole folder: one of
// PATH that does not have a program is passed by without.
func (a absent) Error() string {
	dir, name := filepath.Split(a.path)
	return fmt.Sprintf("the program %s does not exist%s", a.path, didYouMean(nearPrograms(name, dir)))
}

// missing: no program has this name.
type missing struct {
	name string
	near []string // that somebody may have meant
}

func (m missing) Error() string {
	return fmt.Sprintf("there is no program %q in PATH%s", m.name, didYouMean(m.near))
}

func didYouMean(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// nearPrograms are up to three programs in these folders with nearly this name.
func nearPrograms(name string, dirs ...string) []string {
	folder := map[string]string{} // of each name, the first that has it
	var names []string
	for _, d := range dirs {
		entries, _ := os.ReadDir(d)
		for _, e := range entries {
			if folder[e.Name()] == "" {
				folder[e.Name()] = d
				names = append(names, e.Name())
			}
		}
	}
	var out []string
	for _, n := range near.Names(name, slices.Values(names)) {
		if _, err := findExecutable(filepath.Join(folder[n], n)); err == nil && len(out) < 3 {
			out = append(out, n)
		}
	}
	return out
}

func checkDir(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case os.IsNotExist(err):
		return fmt.Errorf("the working folder %s does not exist", dir)
	case err != nil:
		return fmt.Errorf("the working folder can't be used: %w", err)
	case !info.IsDir():
		return fmt.Errorf("the working folder %s is not a folder", dir)
	}
	return nil
}

// envValue returns the last value of key, as exec does.
func envValue(env []string, key string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if k, v, ok := strings.Cut(env[i], "="); ok && sameEnvKey(k, key) {
			return v
		}
	}
	return ""
}

// Defaults that PROTOCOL names.
const (
	// DefaultGrace is how long a process may take to end after it was asked to.
	DefaultGrace = 5 * time.Second
	// DefaultMaxLine is how much of a line is kept in one record, in bytes.
	DefaultMaxLine = 64 << 10
)
