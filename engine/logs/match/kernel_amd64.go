package match

import "golang.org/x/sys/cpu"

func native() []kernel {
	// SSE2 is part of every amd64, but shuffles by a table are not in it.
	sse2 := kernel{name: "SSE2", width: 16, pair: pairSSE2, teddy: teddyOfPointers}
	if !cpu.X86.HasAVX2 {
		return []kernel{sse2}
	}
	avx2 := kernel{name: "AVX2", width: 32, pair: pairAVX2, teddy: teddyAVX2}
	// Of the processors with AVX-512 those without VBMI2, which are before Ice Lake
	// and Zen 4, run slower for a while after a vector of 64 bytes.
	if !cpu.X86.HasAVX512BW || !cpu.X86.HasAVX512VBMI2 {
		return []kernel{avx2, sse2}
	}
	return []kernel{{name: "AVX-512", width: 32, pair: pairAVX512, teddy: teddyAVX2}, avx2, sse2}
}

//go:noescape
func pairAVX512(base *byte, n int, p *pair) int

//go:noescape
func pairAVX2(base *byte, n int, p *pair) int

//go:noescape
func pairSSE2(base *byte, n int, p *pair) int

//go:noescape
func teddyAVX2(base *byte, n int, m *masks) int
