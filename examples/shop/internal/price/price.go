// Package price says what things cost. It is all the business logic that this
// shop has, and does not print anything.
package price

import "fmt"

// Cents is an amount of money.
type Cents int64

// String gives the amount as people write it: "12.50".
func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// catalogue is what is for sale.
var catalogue = map[string]Cents{"tea": 450, "coffee": 799, "cup": 1250}

// Of gives the price of n pieces of item; from the tenth on they are a tenth
// cheaper.
func Of(item string, n int) (Cents, error) {
	each, ok := catalogue[item]
	switch {
	case !ok:
		return 0, fmt.Errorf("price: no item %q", item)
	case n < 1:
		return 0, fmt.Errorf("price: %d pieces of %s", n, item)
	}
	total := each * Cents(n)
	if n >= 10 {
		total -= total / 10
	}
	return total, nil
}
