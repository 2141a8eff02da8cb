package rpc

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// A cursor is "epoch:number": what has that number or a lower one lies behind
// the reader. To clients it is opaque.
func formatCursor(epoch string, n uint64) string {
	return epoch + ":" + strconv.FormatUint(n, 10)
}

// parseCursor reads a cursor; ours reports whether it is of this epoch.
func parseCursor(epoch, cursor, path string) (n uint64, ours bool, err error) {
	of, number, ok := strings.Cut(cursor, ":")
	if n, err = strconv.ParseUint(number, 10, 53); !ok || err != nil {
		return 0, false, &wire.Error{
			Code: wire.RequestFailed, Message: fmt.Sprintf("%.60q is not a cursor: use one that a query or a subscription has given", cursor),
			Data: wire.ErrorData{Kind: "logs.badCursor", Path: path},
		}
	}
	return n, of == epoch, nil
}
