// Package report writes docs/performance.md: what the engine does against how it
// was done before, measured in one run, and what the models had predicted. It
// measures nothing itself.
//
//	bench/baselines/NAME.txt -> Figures -+-> table (projections.toml)
//	   (go test -bench)                  +-> models (predictions.go)
//	                                     +-> SVG diagrams
package report
