// Command demo has a conversation with brummer-rpc, as an editor has it, on the
// example workspace, and prints it. It also checks what it is told: it ends with
// exit code 1 if anything is missing, doubled, out of order or left behind.
//
// It is a client to learn from, not a library: client.go is all that is needed
// to talk to the program from a language without an LSP client of its own.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
