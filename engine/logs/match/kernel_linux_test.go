package match

import (
	"syscall"
	"testing"
)

// TestEndOfMemory: no kernel reads behind the text. Here what comes behind it
// can't be read.
func TestEndOfMemory(t *testing.T) {
	page := syscall.Getpagesize()
	memory, err := syscall.Mmap(-1, 0, 2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(memory); err != nil {
			t.Error(err)
		}
	})
	if err := syscall.Mprotect(memory[page:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	best := active
	defer func() { active = best }()
	for _, active = range kernels {
		for _, p := range []*Pattern{mustCompile(t, "q--z", "c"), mustCompile(t, "kiosk", ""), mustCompile(t, "xy|kk|zzz", "r")} {
			for n := range 200 {
				if at := p.Next(memory[page-n:page:page], 0); at != -1 {
					t.Fatalf("%s by %s: %d in zeros", p, active.name, at)
				}
			}
		}
	}
}
