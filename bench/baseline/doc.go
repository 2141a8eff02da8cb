// Package baseline holds small, faithful implementations of how the thing was
// done before: what the seed of this project calls its current state. They are
// yardsticks for the benchmarks, written from its description; nothing of the
// product uses them.
package baseline
