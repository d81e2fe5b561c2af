package conversation

import (
	"context"
	"time"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/champions"
	"soundings/surveys/changes"
	"soundings/surveys/decisions"
	"soundings/surveys/ideas"
	"soundings/surveys/milestones"
	"soundings/surveys/pitches"
	"soundings/surveys/promises"
	"soundings/surveys/store"
	"soundings/surveys/visits"
)

// TakeIn stores what is not here yet, all or nothing, as carry.Run does. The secret is needed for champions only.
func (f *File) TakeIn(ctx context.Context, s *store.Store, terms carry.Terms, secret surveys.Secret, now time.Time) (*carry.Outcome, error) {
	return carry.Run(ctx, s, terms, secret, now, f.rooms()...)
}

// rooms take in their entries in this order: each may name what comes before it.
func (f *File) rooms() []func(*carry.Into) (carry.Report, error) {
	return []func(*carry.Into) (carry.Report, error){
		func(in *carry.Into) (carry.Report, error) { return changes.TakeIn(in, f.Changes) },
		func(in *carry.Into) (carry.Report, error) { return pitches.TakeIn(in, f.Pitches) },
		func(in *carry.Into) (carry.Report, error) { return decisions.TakeIn(in, f.Decisions) },
		func(in *carry.Into) (carry.Report, error) { return visits.TakeIn(in, f.Visits) },
		func(in *carry.Into) (carry.Report, error) { return ideas.TakeIn(in, f.Ideas) },
		func(in *carry.Into) (carry.Report, error) { return promises.TakeIn(in, f.Promises) },
		func(in *carry.Into) (carry.Report, error) { return milestones.TakeIn(in, f.Milestones) },
		func(in *carry.Into) (carry.Report, error) { return champions.TakeIn(in, f.Champions) },
	}
}
