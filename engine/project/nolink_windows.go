package project

import (
	"errors"
	"os"
)

// openNoLink opens nothing: Windows has no way to leave links out, so that all is
// opened by the os.Root.
func openNoLink(string) (*os.File, error) { return nil, errors.ErrUnsupported }
