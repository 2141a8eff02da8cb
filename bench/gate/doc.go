// Package gate holds measured figures to declared limits. It runs benchmarks,
// reads what they print and judges; it measures nothing itself and knows no
// room of the engine.
//
//	gates.toml -> Load -> Runner.Run: a round measures subject and yardstick
//	   ^                     |         one after the other, several rounds
//	   |                     v
//	  limit  ------------> Judge: pass, fail, or measure again
package gate
