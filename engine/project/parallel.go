package project

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// few is how many things are done one after the other: to start goroutines for
// less costs more than it gains.
const few = 16

// each calls do for 0 to n-1, several at a time, and returns when all calls
// have. It looks at ctx before each of them: on a network file system one can
// take seconds.
//
// The workers are as many as there are processors, and at least four: on a local
// disk the work is system calls, which do not wait, and on a slow one it is
// waiting.
func each(ctx context.Context, n int, do func(i int)) error {
	if n < few {
		for i := range n {
			if err := ctx.Err(); err != nil {
				return err
			}
			do(i)
		}
		return ctx.Err()
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range max(4, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	workers.Wait()
	return ctx.Err()
}
