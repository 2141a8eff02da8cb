//go:build !amd64 && !arm64

package match

func native() []kernel { return nil }
