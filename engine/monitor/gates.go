package monitor

import "fmt"

// Gate is a budget that the running engine is to keep.
type Gate struct {
	Name   string
	Metric string
	Limit  func(Values) float64 // at the most; it may depend on other metrics
	Why    string               // what it means if it is broken
}

// Fixed is a limit that depends on nothing.
func Fixed(limit float64) func(Values) float64 { return func(Values) float64 { return limit } }

// Verdict is a gate and how it stands.
type Verdict struct {
	Gate
	Value, Limit float64
	Pass         bool
	Reason       string // of a failure
}

// Judge holds the metrics of this moment to the gates. A metric that is missing
// breaks its gate: a budget that nobody measures is kept by nobody.
func (m *Monitor) Judge(gates []Gate) []Verdict {
	m.Touch()
	values := m.Read()
	out := make([]Verdict, len(gates))
	for i, g := range gates {
		out[i] = judge(g, values)
	}
	return out
}

func judge(g Gate, values Values) Verdict {
	v := Verdict{Gate: g, Limit: g.Limit(values)}
	value, ok := values[g.Metric]
	v.Value = value
	switch {
	case !ok:
		v.Reason = fmt.Sprintf("there is no metric %s", g.Metric)
	case value > v.Limit:
		v.Reason = fmt.Sprintf("%s is %.6g, over %.6g: %s", g.Metric, value, v.Limit, g.Why)
	default:
		v.Pass = true
	}
	return v
}
