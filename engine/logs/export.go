package logs

import "context"

// Each calls do with every record of f that the store holds when it is called,
// oldest first, and with how much of the way is behind it, from 0 to 1. What is
// overwritten meanwhile is still there for do, so nothing is missing; until Each
// returns it takes memory, at most what the store held. The error is do's or the
// context's.
func (s *Store) Each(ctx context.Context, f Filter, do func(r *Record, way float64) error) error {
	head, before := s.Head(), s.Oldest(f)
	from, done := s.records(ctx, &f, span64{0, head}, false)
	defer done()
	for n := 0; ; n++ {
		if n%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		r, ok, err := from.take()
		if err != nil || !ok {
			return err
		}
		if err := do(&r, float64(r.Seq-min(before, r.Seq))/float64(max(1, head-before))); err != nil {
			return err
		}
	}
}
