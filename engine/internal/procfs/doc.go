// Package procfs reads what Linux tells of processes in /proc and signals them
// without mistaking one for another. It knows nothing of who started them or
// why. On other systems it is empty.
package procfs
