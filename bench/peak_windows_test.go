package bench

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// peak is not known there.
func peak(*os.ProcessState) int64 { return 0 }

// spent is the processor time that this process has used, others' on a busy machine
// not counted.
func spent(b *testing.B) time.Duration {
	process, err := syscall.GetCurrentProcess()
	var created, exited, kernel, user syscall.Filetime
	if err == nil {
		err = syscall.GetProcessTimes(process, &created, &exited, &kernel, &user)
	}
	if err != nil {
		b.Fatal(err)
	}
	ticks := func(t syscall.Filetime) int64 { return int64(t.HighDateTime)<<32 | int64(t.LowDateTime) } // of 100 ns
	return time.Duration(100 * (ticks(kernel) + ticks(user)))
}
