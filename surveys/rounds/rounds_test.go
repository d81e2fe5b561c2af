package rounds

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestPausesGrowWhileRoundsFailAndAreNoneWhileThereIsMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		bad := errors.New("away")
		outcomes := []struct {
			busy bool
			err  error
		}{{false, bad}, {false, bad}, {false, bad}, {false, bad}, {true, nil}, {false, nil}, {false, bad}}
		var at, told []time.Duration
		start := time.Now()
		round := func(context.Context) (bool, error) {
			at = append(at, time.Since(start))
			if len(at) > len(outcomes) {
				cancel()
				return false, nil
			}
			return outcomes[len(at)-1].busy, outcomes[len(at)-1].err
		}
		Pace{Look: 10 * time.Second, Longest: 3 * time.Second}.Run(ctx, round, func(err error, wait time.Duration) {
			if !errors.Is(err, bad) {
				t.Errorf("told of %v", err)
			}
			told = append(told, wait)
		})
		// Fail: 1 s, 2 s, 3 s (not 4), 3 s; more: none; nothing: 10 s; and a failure after that begins from what was waited.
		if want := []time.Duration{0, 1, 3, 6, 9, 9, 19, 22}; !slices.EqualFunc(at, want, func(a, b time.Duration) bool { return a == b*time.Second }) {
			t.Errorf("rounds at %v, want seconds %v", at, want)
		}
		if len(told) != 5 {
			t.Errorf("told of %d failures, want 5", len(told))
		}
	})
}
