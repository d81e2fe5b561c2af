package analytics

import (
	"context"
	"reflect"

	"soundings/analytics/tally"
	"soundings/surveys"
)

// state is how the waves of a reading stand: everything that counting moves shows in it.
type state struct {
	axis    []Wave
	counted map[surveys.WaveID]tally.Mark
}

func (m *state) ids() []surveys.WaveID {
	ids := make([]surveys.WaveID, len(m.axis))
	for i, w := range m.axis {
		ids[i] = w.ID
	}
	return ids
}

// tries bounds how often a reading is begun again. Each time a step or a closing has to come within its few milliseconds.
const tries = 10

// steady reads, and reads again if anything was counted meanwhile. A reading takes several queries; were closed figures
// judged by the rules of an open wave, or one measure told as of before a step and another as of after it, the
// difference could be that of too few people. read may say that it needs no second look, as nothing that was counted had
// to be read for this state.
func (r *Reader) steady(ctx context.Context, axis func() ([]Wave, error), read func(at *state) (sure bool, err error)) error {
	before, err := r.state(ctx, axis)
	if err != nil {
		return err
	}
	for range tries {
		if sure, err := read(before); sure || err != nil {
			return err
		}
		after, err := r.state(ctx, axis)
		if err != nil {
			return err
		}
		if reflect.DeepEqual(before, after) {
			return nil
		}
		before = after
	}
	return &surveys.Error{Kind: surveys.Unavailable, Code: "counting", Op: "analytics", Message: "The answers are being counted; try again in a moment."}
}

func (r *Reader) state(ctx context.Context, axis func() ([]Wave, error)) (*state, error) {
	waves, err := axis()
	if err != nil {
		return nil, err
	}
	m := &state{axis: waves}
	m.counted, err = tally.Marks(ctx, r.store, m.ids())
	return m, err
}
