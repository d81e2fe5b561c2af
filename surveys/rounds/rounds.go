// Package rounds runs work of the background in rounds: at once while there is more, with a pause to look for new work,
// and with growing pauses while it fails.
package rounds

import (
	"context"
	"time"
)

// firstBackoff is the pause after the first failure; each further one doubles it.
const firstBackoff = time.Second

// Pace is how long the pauses are.
type Pace struct {
	Look    time.Duration // until new work is looked for
	Longest time.Duration // bounds the pause while rounds fail
}

// Run calls round until ctx ends. busy tells that there may be more to do; failed hears of an error and of the pause that
// follows.
func (p Pace) Run(ctx context.Context, round func(context.Context) (busy bool, err error), failed func(err error, wait time.Duration)) {
	for wait := time.Duration(0); Rest(ctx, wait); {
		busy, err := round(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			wait = min(max(2*wait, firstBackoff), p.Longest)
			failed(err, wait)
		case busy:
			wait = 0
		default:
			wait = p.Look
		}
	}
}

// Rest waits, and is false once ctx has ended.
func Rest(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
