//go:build !linux

package process

import "github.com/brummer-rpc/brummer-rpc/engine/process/guard"

// testGuard is none: only Linux has guards.
var testGuard *guard.Command

func serveGuard() {}
