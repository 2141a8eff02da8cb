// Command compare runs brummer-rpc beside other programs and writes what came of
// it; see package compare. It needs Linux.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}
