// Command brummer-rpc runs, follows and searches the processes of a workspace
// for programs that speak JSON-RPC: editors, over stdio, and shell scripts.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
