package engine

import (
	"context"
	"time"
)

// How often the clock is looked at, and by how much it may be wrong before that counts as a jump.
const (
	clockLook  = 15 * time.Second
	clockSlack = 10 * time.Second
)

// clockwatch compares the time of day with a clock that nobody can set. That one stands still while the machine
// sleeps, so both a clock that was set and a machine that woke up show as a jump of the time of day.
type clockwatch struct{ wall, steady time.Time }

// jumped is by how much the time of day has jumped since the last look, forward or back; 0: it has not.
func (c *clockwatch) jumped(wall, steady time.Time) time.Duration {
	wall = wall.Round(0) // without the steady clock's reading, which Sub would go by
	last := *c
	*c = clockwatch{wall, steady}
	if jump := wall.Sub(last.wall) - steady.Sub(last.steady); jump.Abs() > clockSlack {
		return jump
	}
	return 0
}

// watchClock looks at the clock until ctx ends.
func (e *Engine) watchClock(ctx context.Context) {
	c := clockwatch{e.opt.Now().Round(0), time.Now()}
	for nap(ctx, clockLook); ctx.Err() == nil; nap(ctx, clockLook) {
		e.clockJumped(ctx, c.jumped(e.opt.Now(), time.Now()))
	}
}

// clockJumped does what a jump asks for: connections that did not outlive a sleep are made anew, and what a clock
// that was set back would keep waiting for years is due.
func (e *Engine) clockJumped(ctx context.Context, jump time.Duration) {
	switch {
	case jump > 0:
		e.say("", "The machine slept, or its clock was set forward: the servers are asked for news.")
		if jump > asleep {
			for _, w := range e.workers {
				w.lines.drop()
			}
		}
	case jump < 0:
		e.say("", "The clock was set back.")
		if err := e.store.SetBack(ctx, -jump); err != nil {
			e.trouble("", "%v.", err)
		}
	default:
		return
	}
	e.Wake()
}
