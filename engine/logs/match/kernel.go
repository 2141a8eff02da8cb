package match

import "unsafe"

// kernel is a set of the innermost loops. All find the same; they differ in
// what they need of the processor.
type kernel struct {
	name  string
	width int // the least number of places that pair and teddy can be called with

	// pair returns the first i of n places where both bytes of a pair stand: at
	// base+i+off1 and base+i+off2.
	pair func(base *byte, n int, p *pair) int

	// teddy returns the first i of n places whose bytes, from base+i on, pass
	// the masks; it reads fingerprint-1 bytes more than n.
	teddy func(base *byte, n int, m *masks) int
}

// generic needs nothing. It reads memory through slices only: the two functions
// make them from the pointers that the others take.
var generic = kernel{name: "generic", width: 1, pair: pairOfPointers, teddy: teddyOfPointers}

func pairOfPointers(base *byte, n int, p *pair) int {
	return pairGeneric(unsafe.Slice(base, n+max(p.off1, p.off2)), n, p)
}

func teddyOfPointers(base *byte, n int, m *masks) int {
	return teddyGeneric(unsafe.Slice(base, n+fingerprint-1), n, m)
}

// kernels are those that can run here, the best first; active is the one in
// use. Only tests change it.
var (
	kernels = append(native(), generic)
	active  = kernels[0]
)
