// Command workload plays a developer's busy session to the real program and says
// what came of it; exit code 1 if something was lost, left over or over budget.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/workload"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "child" {
		os.Exit(workload.Child(os.Args[2:]))
	}
	if err := play(); err != nil {
		fmt.Fprintln(os.Stderr, "workload:", err)
		os.Exit(1)
	}
}

func play() error {
	binary := flag.String("binary", "", "brummer-rpc; default: it is built")
	duration := flag.Duration("duration", 5*time.Minute, "of the load")
	factor := flag.Int("factor", 1, "times the seed's rates")
	out := flag.String("out", "", "a folder for the report and the plot")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if *binary == "" {
		dir, err := os.MkdirTemp("", "workload")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		*binary = filepath.Join(dir, "brummer-rpc")
		if text, err := exec.CommandContext(ctx, "go", "build", "-o", *binary, "./cmd/brummer-rpc").CombinedOutput(); err != nil {
			return fmt.Errorf("building brummer-rpc: %w\n%s", err, text)
		}
	}
	path, err := filepath.Abs(*binary)
	if err != nil {
		return err
	}
	res, err := workload.Run(ctx, workload.Options{
		Binary: path, Child: []string{self, "child"}, Duration: *duration, Factor: *factor,
		Progress: func(line string) { fmt.Fprintln(os.Stderr, line) },
	})
	if err != nil {
		return err
	}
	res.Write(os.Stdout)
	if *out != "" {
		if err := res.Save(*out); err != nil {
			return err
		}
	}
	if !res.OK() {
		return fmt.Errorf("something is WRONG above")
	}
	return nil
}
