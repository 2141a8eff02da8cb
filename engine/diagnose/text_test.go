package diagnose

import (
	"strings"
	"testing"
)

// TestClean: a message is cut between two characters, and what was no text is told.
func TestClean(t *testing.T) {
	long := strings.Repeat("é", maxMessage)
	for in, want := range map[string]string{
		" it is wrong\t":                     "it is wrong",
		"caf\xe9":                            "caf\uFFFD",
		long:                                 long[:maxMessage],
		"x" + long:                           "x" + long[:maxMessage-2],
		strings.Repeat("a", maxMessage+1):    strings.Repeat("a", maxMessage),
		strings.Repeat("\x80", 2*maxMessage): "\uFFFD",
	} {
		if got := clean(in); got != want {
			t.Errorf("%.20q...: %d bytes that end in %q, want %d", in, len(got), got[max(0, len(got)-6):], len(want))
		}
	}
}
