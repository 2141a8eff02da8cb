package match

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// TestLanes puts a match into all parts of a long text, with what else ends the
// run through lanes: long lines, other bytes, half a match, the end.
func TestLanes(t *testing.T) {
	p := mustCompile(t, `\b[g-z][0-9]{60}\b`, "rc")
	plain := append(randomLines(12*maxLane, "abc "), '\n')
	p.Next(plain, 0) // makes the states
	hit := "x" + strings.Repeat("0123456789", 6)
	for _, other := range []string{"", "über \xff\xfe\xe2\x82\n", strings.Repeat("日本語\xff", 2*maxLane) + "\n", strings.Repeat("long ", maxLane) + "\n", hit[:60] + "\n\n"} {
		for at := 0; at <= len(plain); at += 900 {
			at := lineEnd(plain, at)
			middle := lineEnd(plain, at/2)
			before := slices.Concat(plain[:middle], []byte(other), plain[middle:at])
			want := len(before) + len(hit)
			text := slices.Concat(before, []byte(hit+" here\n"), plain[at:])
			if got := p.Next(text, 0); got != want {
				t.Errorf("%.5q, at %d: %d, want %d", other, at, got, want)
			}
			if got := p.Next(text, want+len(" here\n")); got != -1 {
				t.Errorf("%.5q, behind %d: %d", other, at, got)
			}
			if got := p.Next(append(before, hit...), 0); got != want-1 {
				t.Errorf("%.5q, at the end, %d: %d, want %d", other, at, got, want-1)
			}
		}
	}
}

// TestLaneEnds has the match in the rest of a lane that is longer than another,
// across the place where the shorter one has ended: in a long text, and in a few lines.
func TestLaneEnds(t *testing.T) {
	p := mustCompile(t, `\b[g-z][0-9]{60}\b`, "rc")
	hit := "x" + strings.Repeat("0123456789", 6)
	for _, test := range []struct{ size, lane, rounds int }{{12 * maxLane, maxLane, 2}, {near(0) + lanes*few/2, few / 2, 1}} {
		even := bytes.Repeat([]byte(strings.Repeat("a", 31)+"\n"), test.size/32)
		p.Next(append([]byte("\n000\n--0\n"), even...), 0) // makes the states that a mistake would lead to
		for lane := range test.rounds * lanes {
			for pad := range 32 {
				line := strings.Repeat("-", pad) + hit
				at := near(test.size) + lane*test.lane
				text := slices.Concat(even[:at], []byte(line), even[at+31:])
				if got := p.Next(text, 0); got != at+len(line) {
					t.Errorf("lane %d of %d bytes, %d before: %d, want %d", lane, test.lane, pad, got, at+len(line))
				}
			}
		}
	}
}
