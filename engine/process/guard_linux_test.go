package process

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// testGuard makes this test binary a guard; see TestMain.
var testGuard = &guard.Command{Path: "/proc/self/exe", Args: []string{os.Args[0], guard.Verb}}

func serveGuard() {
	if err := guard.Serve(context.Background(), 200*time.Millisecond, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "guard:", err)
		os.Exit(1)
	}
}
