package price

import "testing"

func TestOf(t *testing.T) {
	for _, tc := range []struct {
		name, item string
		n          int
		want       string
	}{
		{"one", "tea", 1, "4.50"},
		{"several", "coffee", 3, "23.97"},
		{"discount", "cup", 10, "112.50"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Of(tc.item, tc.n)
			if err != nil || got.String() != tc.want {
				t.Errorf("Of(%s, %d) = %v, %v; want %s", tc.item, tc.n, got, err, tc.want)
			}
		})
	}
}

func TestOfUnknown(t *testing.T) {
	if _, err := Of("gold", 1); err == nil {
		t.Error("gold has a price")
	}
}
