package process

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/joho/godotenv"
)

// maxEnvFile bounds an env file, in bytes.
const maxEnvFile = 1 << 20

// EnvFileError: an env file can't be used. Line is 0 where it is about no line.
type EnvFileError struct {
	File   string // as it was named
	Line   int
	Reason string
}

func (e *EnvFileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("env file %s: %s", e.File, e.Reason)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

// modes are the names that frameworks give to their modes by themselves.
var modes = []string{"development", "dev", "production", "prod", "staging", "test"}

// EnvFilesOf lists the env files of a folder that exist, the weakest first:
//
//	.env, .env.local, .env.MODE, .env.MODE.local
//
// Without a mode, a folder that has files for modes is left alone: its framework
// chooses the mode and reads them itself, and what is in the environment before
// would win over all of them.
func EnvFilesOf(dir, mode string) []string {
	names := []string{".env", ".env.local"}
	if mode != "" {
		names = append(names, ".env."+mode, ".env."+mode+".local")
	} else if slices.ContainsFunc(modes, func(m string) bool { return isFile(filepath.Join(dir, ".env."+m)) }) {
		return nil
	}
	return slices.DeleteFunc(names, func(name string) bool { return !isFile(filepath.Join(dir, name)) })
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// CheckMode says why mode can't be part of a file's name, nil if it can.
func CheckMode(mode string) error {
	if strings.ContainsAny(mode, "/\\\x00") {
		return &SpecError{"mode", fmt.Sprintf("can't be %q: it is part of a file's name", mode)}
	}
	return nil
}

// ReadEnvFiles reads env files in the syntax of godotenv, relative to dir; later
// ones win. A $NAME stands for what a file has set before, or else for what env
// has. The result is KEY=value, sorted. The error is an [*EnvFileError].
func ReadEnvFiles(dir string, names, env []string) ([]string, error) {
	all := map[string]string{}
	for _, name := range names {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		text, err := readSmall(path)
		if err != nil {
			return nil, &EnvFileError{name, 0, err.Error()}
		}
		known := func(key string) string {
			if v, ok := all[key]; ok {
				return v
			}
			return envValue(env, key)
		}
		vars, line, err := parseEnv(text, known)
		if err != nil {
			return nil, &EnvFileError{name, line, err.Error()}
		}
		maps.Copy(all, vars)
	}
	var out []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		out = append(out, key+"="+all[key])
	}
	return out, nil
}

func readSmall(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", errors.New("there is no such file")
	case err != nil:
		return "", errors.Unwrap(err)
	case !info.Mode().IsRegular():
		return "", errors.New("it is no file")
	case info.Size() > maxEnvFile:
		return "", fmt.Errorf("it has %d bytes; the limit is %d", info.Size(), maxEnvFile)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", errors.Unwrap(err)
	}
	return string(text), nil
}

// reference is a $NAME or ${NAME}.
var reference = regexp.MustCompile(`\$\{?([A-Za-z_][A-Za-z0-9_]*)`)

// noKey is a statement that begins with its =.
var noKey = regexp.MustCompile(`(?m)^[ \t]*(export[ \t]*)?=`)

func namelessLine(text string) int {
	if at := noKey.FindStringIndex(text); at != nil {
		return 1 + strings.Count(text[:at[0]], "\n")
	}
	return 0
}

// parseEnv parses the text of an env file. godotenv knows only what stands in the
// text itself, so what it refers to and others have set is put before it.
func parseEnv(text string, known func(string) string) (vars map[string]string, line int, err error) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff")
	if strings.ContainsRune(text, 0) {
		return nil, 0, errors.New("it has NUL characters")
	}
	before := map[string]string{}
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		if v := known(m[1]); v != "" {
			before[m[1]] = v
		}
	}
	head, err := godotenv.Marshal(before)
	if err == nil {
		vars, err = godotenv.Unmarshal(head + "\n" + text)
	}
	if err != nil {
		return nil, wrongLine(text), errors.New("want KEY=value, with quotes that are closed")
	}
	if _, nameless := vars[""]; nameless {
		return nil, namelessLine(text), errors.New("there is no name before the =")
	}
	for key, v := range before {
		if vars[key] == v {
			delete(vars, key) // not of this file, or the same
		}
	}
	return vars, 0, nil
}

// wrongLine finds the line, from 1, of the first statement that can't be parsed:
// it is behind the longest part of the text, in lines, that can.
func wrongLine(text string) int {
	lines := strings.SplitAfter(text, "\n")
	for n := len(lines) - 1; n > 0; n-- {
		if _, err := godotenv.Unmarshal(strings.Join(lines[:n], "")); err == nil {
			for n < len(lines) && blank(lines[n]) {
				n++
			}
			return n + 1
		}
	}
	return 1
}

func blank(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#'
}
