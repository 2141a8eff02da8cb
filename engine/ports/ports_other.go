//go:build !linux

package ports

import "errors"

// Listening is not to be had here: the error is [errors.ErrUnsupported].
func Listening() ([]Socket, error) { return nil, errors.ErrUnsupported }

func ownersOf([]Socket, []int) map[uint64]int { return nil }

// Tree is root alone: this system's processes are not looked at.
func Tree(root int) []int { return []int{root} }

func allPIDs() []int { return nil }

// Command is not known here.
func Command(int) string { return "" }
