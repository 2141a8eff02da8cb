package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/brummer-rpc/brummer-rpc/bench/compare"
	"github.com/brummer-rpc/brummer-rpc/bench/machine"
)

func run() error {
	binary := flag.String("binary", "bin/brummer-rpc", "brummer-rpc")
	runs := flag.Int("runs", 10, "how often to run what is counted")
	lines := flag.Int("lines", 1_000_000, "of the flood")
	out := flag.String("out", "", "the page to write; default: standard output")
	flag.Parse()
	path, err := filepath.Abs(*binary)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	err = compare.Write(&page, compare.Options{
		Binary: path, Runs: *runs, Lines: *lines, Machine: machine.Name(),
		Progress: func(line string) { fmt.Fprintln(os.Stderr, line) },
	})
	if err != nil {
		return err
	}
	if *out == "" {
		_, err = os.Stdout.Write(page.Bytes())
		return err
	}
	return os.WriteFile(*out, page.Bytes(), 0o666)
}
