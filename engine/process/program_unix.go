//go:build unix

package process

import (
	"fmt"
	"os"
)

func shellArgs(command string) []string { return []string{"/bin/sh", "-c", command} }

func sameEnvKey(a, b string) bool { return a == b }

// findExecutable checks one path for being a program.
func findExecutable(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case os.IsNotExist(err):
		return "", absent{path}
	case err != nil:
		return "", err
	case info.IsDir():
		return "", fmt.Errorf("%s is a folder, not a program", path)
	case info.Mode()&0o111 == 0:
		return "", fmt.Errorf("%s is not executable (chmod +x)", path)
	}
	return path, nil
}
