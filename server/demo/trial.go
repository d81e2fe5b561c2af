package demo

import (
	"context"
	"math/rand/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/pitches"
	"soundings/surveys/store"
)

// The one trial of the story: in the first quarter about the laptops, two texts were tried on Operations, the largest
// department. The second tells the shifts what happens to them, and was met with more openness; so it became the first.
const (
	triedOn      = operations
	triedQuarter = laptopsAsked
	triedFirst   = "The new laptops are lighter, faster and safer. The roll-out follows the plan of IT, hall by hall."
	triedSecond  = "No shift waits for a computer: yours is exchanged between two shifts, in your hall, and somebody from IT **stays until the next break**. You say which week."
	// leaning is how much likelier it is that somebody a point more open read the second text. Nobody's answers hang on it.
	leaning = 0.008
)

// tries reports whether a wave tries two texts on a department.
func (r *run) tries(d *department) bool {
	return r.about == change && r.quarter == triedQuarter && d.name == triedOn
}

// reads says which of the two texts somebody has read who answered so.
func (r *run) reads(coin *rand.Rand, reply *surveys.Reply) surveys.Variant {
	chance := 0.5
	if score, ok := r.questionnaire.Document.ConstructScore(surveys.Openness, reply.Answers); ok {
		chance += leaning * (100*float64(score.Num)/float64(score.Den) - 53)
	}
	if coin.Float64() < chance {
		return surveys.VariantB
	}
	return surveys.VariantA
}

// try puts the laptops to Operations in two texts, has the wave try them, and goes on with the second.
func (d Deps) try(ctx context.Context, org *organisation, runs []run) error {
	about, err := changes.ByName(ctx, d.Store, laptops)
	if err != nil {
		return err
	}
	p := pitches.Pitch{Change: about.ID, Place: pitches.Place{Department: org.named(triedOn)}, Text: triedFirst, Language: "en"}
	stamp := surveys.Stamp{By: planner, At: quarterBegins(d.Now, triedQuarter).AddDate(0, 0, 12)}
	first, err := pitches.Save(ctx, d.Store, p, stamp)
	if err != nil {
		return err
	}
	p.Text = triedSecond
	if _, err := pitches.Try(ctx, d.Store, p, stamp); err != nil {
		return err
	}
	for i := range runs {
		if r := &runs[i]; r.about == change && r.quarter == triedQuarter {
			err := d.Store.Transact(ctx, "demo: trial", func(tx *store.Tx) error { return pitches.Begin(tx, r.wave, r.questionnaire.Document) })
			if err != nil {
				return err
			}
		}
	}
	p.Version, stamp.At = first.Version, quarterBegins(d.Now, triedQuarter+1).AddDate(0, 0, 12)
	_, err = pitches.Save(ctx, d.Store, p, stamp)
	return err
}
