//go:build !linux

package main

import "errors"

func run() error { return errors.New("it needs /proc, as Linux has it") }
