//go:build broken

package price

// withVAT does not compile, on purpose: `go build -tags broken ./...` gives a
// list of problems three real errors, each with a line and a column.
func withVAT(c Cents) Cents {
	var rate string = 19
	return c + c*percent/100
}
