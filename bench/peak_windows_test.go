package bench

import "os"

// peak is not known there.
func peak(*os.ProcessState) int64 { return 0 }
