package process

import (
	"os/exec"
	"strings"
)

func shellArgs(command string) []string { return []string{"cmd.exe", "/C", command} }

func sameEnvKey(a, b string) bool { return strings.EqualFold(a, b) }

func findExecutable(path string) (string, error) {
	found, err := exec.LookPath(path)
	if err != nil {
		return "", absent{path}
	}
	return found, nil
}
