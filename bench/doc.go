// Package bench measures the engine: a benchmark of a room stands beside its
// yardsticks, so that one run measures both. It is not part of the product, and
// nothing of the product imports it. README.md says how to read it.
package bench
