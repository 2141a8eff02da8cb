// Package compare runs the program and others that do the same job side by side,
// and tells what each of them leaves behind, loses and costs. It is no test: it
// judges nothing, and CI does not run it. It needs Linux, for /proc.
package compare
