//go:build race

package logs

// raceEnabled: the race detector lets pools forget at random, so allocations can't be
// counted.
const raceEnabled = true
