package match

// native needs no detection: NEON is part of every arm64 that Go runs on.
func native() []kernel {
	return []kernel{{name: "NEON", width: 32, pair: pairNEON, teddy: teddyNEON}}
}

//go:noescape
func pairNEON(base *byte, n int, p *pair) int

//go:noescape
func teddyNEON(base *byte, n int, m *masks) int
