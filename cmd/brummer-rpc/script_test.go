package main

import (
	"os"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the program as well, so that the tests run
// what users run, with the race detector in it: brummer-rpc as it is, and alone,
// which is brummer-rpc with an engine of its own that ends with it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"brummer-rpc": main,
		"alone": func() {
			args := append([]string{"--socket=off"}, os.Args[1:]...)
			os.Exit(run(args, os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// TestScript runs testdata/script: each file shows one thing that the program
// can do. `go test ./cmd/brummer-rpc -run TestScript/call_params` runs one, and
// -v shows all that it does. To add one, copy one: what a script can do is in
// the documentation of testscript, and in [scriptCommands].
//
// Scripts may run at the same time as others, so they use alone.
func TestScript(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the scripts run sh, cat and sleep")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		Setup:               scriptSetup,
		Cmds:                scriptCommands,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
