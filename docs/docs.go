// Package docs holds what is written about the protocol for programs to give
// away: the document that rpc.discover answers is the one in the repository.
package docs

import _ "embed"

// OpenRPC is the OpenRPC document of the protocol, written by `make generate`.
//
//go:embed openrpc.json
var OpenRPC string
