//go:build !amd64

package lines

// newlines finds the ends of many lines at once, where a processor can.
var newlines func(dst *Cut, base *byte, n, at int) int
