//go:build unix

package project

import (
	"os"
	"syscall"
)

// openNoLink opens what is no symbolic link.
func openNoLink(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW, 0)
}
