// Package machine names the machine that figures were measured on. A figure
// without it means nothing.
package machine

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Name is the processor as far as the system tells, the cores that Go uses, the
// system and Go's version.
func Name() string {
	return fmt.Sprintf("%s, %d cores, %s/%s, %s", processor(), runtime.GOMAXPROCS(0), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "a processor of unknown name"
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "a processor of unknown name"
}
