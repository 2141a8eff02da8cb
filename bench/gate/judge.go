package gate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Outcome of a gate.
type Outcome int

// Again is no end: the rounds so far do not agree.
const (
	Again Outcome = iota
	Pass
	Fail
)

// Verdict is what is said of a gate.
type Verdict struct {
	Gate    Gate
	Outcome Outcome
	Value   float64 // median of the figure
	Yard    float64 // median of the yardstick's; 1 if it has none
	Ratio   float64 // median of the rounds' figure/yardstick: what is judged
	Rounds  int
	Noisy   bool  // the rounds did not agree, the median decided
	Err     error // why it could not be judged; that is a failure
}

// Judge looks at the rounds so far. A round's figure is divided by the
// yardstick of the same round, so a slow moment of the machine that lasts for a
// round cancels out.
//
// If the rounds agree (each keeps the limit, or each breaks it) that decides.
// If they don't, it is noise or a figure near its limit: measure again, up to
// most rounds, then the median decides. So one slow round never fails a gate,
// and a figure that is really over its limit never passes by one lucky round.
func Judge(g Gate, rounds []Round, most int) Verdict {
	v := Verdict{Gate: g, Rounds: len(rounds)}
	var values, yards, ratios []float64
	broken := 0
	for _, r := range rounds {
		value, yard, err := g.figure(r)
		if err != nil {
			v.Outcome, v.Err = Fail, err
			return v
		}
		values, yards, ratios = append(values, value), append(yards, yard), append(ratios, value/yard)
		if !g.keeps(value / yard) {
			broken++
		}
	}
	v.Value, v.Yard, v.Ratio = Median(values), Median(yards), Median(ratios)
	v.Noisy = broken > 0 && broken < len(rounds)
	switch {
	case v.Noisy && len(rounds) < most:
		v.Outcome = Again
	case g.keeps(v.Ratio):
		v.Outcome = Pass
	default:
		v.Outcome = Fail
	}
	return v
}

func (g Gate) keeps(figure float64) bool {
	if g.Least {
		return figure >= g.Limit
	}
	return figure <= g.Limit
}

// Median of a list; NaN of an empty one.
func Median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	switch n := len(s); {
	case n == 0:
		return math.NaN()
	case n%2 == 0:
		return (s[n/2-1] + s[n/2]) / 2
	default:
		return s[n/2]
	}
}

// String is the verdict on one line: the metric, both figures and the limit.
func (v Verdict) String() string {
	word := map[Outcome]string{Pass: "ok", Fail: "FAIL", Again: "again"}[v.Outcome]
	if v.Gate.Info {
		word = "info"
	}
	if v.Err != nil {
		return fmt.Sprintf("%-5s %s: %v", word, v.Gate.Name, v.Err)
	}
	sign := "<="
	if v.Gate.Least {
		sign = ">="
	}
	s := fmt.Sprintf("%-5s %s: %s %s", word, v.Gate.Name, number(v.Value), v.Gate.Metric)
	if v.Gate.Yardstick != "" {
		s += fmt.Sprintf(", %s %s: %s times", v.Gate.Yardstick, number(v.Yard), number(v.Ratio))
	}
	s += fmt.Sprintf(" (limit %s %s)", sign, number(v.Gate.Limit))
	if v.Noisy {
		s += fmt.Sprintf(", noisy: median of %d rounds", v.Rounds)
	}
	return s
}

// number writes a figure with three digits that count.
func number(f float64) string {
	if math.Abs(f) >= 1000 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'g', 3, 64)
}
