package match

import "math"

// rank says how common each byte is in the output of developers' tools: a byte
// of rank r makes about 2^((r-255)/16) of it, so 16 ranks are a factor of two.
// Counted over 9 MB, each kind with the same weight: npm's debug logs, the
// builds of ten Pythons (configure, make, gcc), apt's and dpkg's logs, go test
// -v and -json, go build -x, and examples/shop. Bytes over 0x7f hardly occur
// there; theirs are set by hand so that of other scripts' letters the second
// byte, which tells more than the first, is taken for the rarer one.
var rank = [256]uint8{
	0, 0, 0, 0, 0, 0, 0, 0, 0, 52, 154, 0, 0, 106, 0, 0, // 0x00
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 59, 0, 0, 0, 0, // 0x10
	186, 0, 176, 116, 98, 89, 53, 110, 125, 124, 93, 99, 144, 170, 177, 183, // 0x20
	170, 168, 170, 152, 152, 144, 157, 146, 139, 140, 165, 43, 84, 129, 88, 54, // 0x30
	92, 124, 102, 109, 99, 123, 95, 106, 90, 104, 75, 102, 95, 84, 111, 124, // 0x40
	117, 56, 123, 123, 140, 106, 70, 109, 45, 39, 105, 94, 81, 88, 57, 144, // 0x50
	0, 177, 156, 170, 165, 187, 146, 162, 151, 178, 114, 143, 176, 167, 178, 180, // 0x60
	171, 91, 173, 182, 185, 164, 136, 120, 132, 147, 92, 111, 38, 111, 84, 0, // 0x70
	70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, // 0x80
	70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, // 0x90
	70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, // 0xa0
	70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, // 0xb0
	90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, // 0xc0
	90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, // 0xd0
	90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, // 0xe0
	90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, // 0xf0
}

// shares are the parts of all bytes that each byte makes.
var shares = func() (out [256]float64) {
	for c, r := range rank {
		out[c] = math.Exp2((float64(r) - 255) / 16)
	}
	return out
}()

// shareFolded is the part of all bytes that are c but for the bit in which the cases
// of a letter differ.
func shareFolded(c byte) float64 { return shares[c|0x20] + shares[c&^0x20] }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
