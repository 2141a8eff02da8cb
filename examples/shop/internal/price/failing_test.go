//go:build failing

package price

import "testing"

// TestVAT fails on purpose: `go test -tags failing ./...` gives a list of tests
// something to mark red, with a file and a line to go to.
func TestVAT(t *testing.T) {
	got, err := Of("tea", 2)
	if err != nil {
		t.Fatal(err)
	}
	if want := Cents(1071); got != want {
		t.Errorf("two teas with VAT = %v, want %v", got, want)
	}
}
