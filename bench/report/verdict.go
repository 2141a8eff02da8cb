package report

import "fmt"

// improvement says in words by how much now is better than before. A tenth is
// within the noise of a shared machine.
func (r Row) improvement(before, now float64) string {
	switch gain := r.gain(before, now); {
	case before == now:
		return "the same"
	case now == 0 && !r.More:
		return "none any more"
	case before == 0 && !r.More:
		return "worse: before there was none"
	case gain > 1.1:
		return times(gain) + " better"
	case gain < 1/1.1:
		return times(1/gain) + " worse"
	}
	return "as before"
}

// gain is how many times now is as good as before.
func (r Row) gain(before, now float64) float64 {
	if r.More {
		before, now = now, before
	}
	if before == now {
		return 1 // 0 is as good as 0
	}
	return before / now
}

// verdict says what has become of the seed's projection, "" if there is none: of
// the figure, which is another machine's, and of the ratio to what was before. A
// projection of no change is kept by what is not worse.
func (r Row) verdict(before, now float64) string {
	if r.Projected == nil {
		return ""
	}
	want := r.gain(*r.Seed, *r.Projected)
	ratio := r.gain(before, now) >= want/1.1
	figure := r.gain(*r.Projected, now) >= 1
	switch {
	case figure && ratio:
		return "reached"
	case figure && r.gain(*r.Projected, before) >= 1:
		return "the figure is reached, but before reaches it here, too"
	case figure:
		return fmt.Sprintf("the figure is reached, the ratio (%s) is not", times(want))
	case ratio:
		return fmt.Sprintf("the ratio (%s) is reached, the figure is not", times(want))
	}
	return fmt.Sprintf("missed (%s)", times(want))
}
