package lines

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// newlines writes a Cut behind each newline of n bytes, a multiple of 32, and returns
// how many there are; at is where base is in the buffer that the cuts are of. To call
// bytes.IndexByte for each line takes three times as long. It is nil if the processor
// can't do it.
var newlines = native()

func native() func(dst *Cut, base *byte, n, at int) int {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasBMI1 {
		return nil
	}
	return newlinesAVX2
}

//go:noescape
func newlinesAVX2(dst *Cut, base *byte, n, at int) int

// It writes a Cut as a word: its end, and zeros for the rest.
var _ [8]struct{} = [unsafe.Sizeof(Cut{})]struct{}{}
