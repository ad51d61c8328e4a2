package index

import (
	"testing"

	"posthorn/ui/action"
)

// TestTheListMovesByPartsOfThePage: however the cursor goes, what follows it is in sight, and the list seldom moves.
func TestTheListMovesByPartsOfThePage(t *testing.T) {
	for _, h := range []int{4, 6, 9, 14, 20, 36} {
		for _, roomy := range []bool{false, true} {
			x := newHeaded(t, h)
			x.Roomy(roomy)
			var hours []int
			for i := range 200 {
				hours = append(hours, i*2)
			}
			x.arrive(hours...)
			x.draw()
			for _, way := range []action.Action{action.Down, action.Up} {
				moved, last := 0, x.top
				for range 150 {
					x.Do(way)
					x.draw()
					if x.top != last {
						moved, last = moved+1, x.top
					}
					beside := min(3, (x.height/(x.tall+boolInt(x.headed))-1)/2)
					if below := x.drawn() - 1 - x.at; below < min(beside, len(x.rows)-1-x.at) || x.at-x.top < min(beside, x.at) {
						t.Fatalf("%d lines, %s: rows %d to %d around row %d", h, way, x.top, x.drawn()-1, x.at)
					}
				}
				if quarter := max(1, min(h/x.tall/4, h/x.tall-2*3-1)); moved > 150/quarter {
					t.Errorf("%d lines of %d, %s: the list moved %d times", h, x.tall, way, moved)
				}
			}
		}
	}
}
