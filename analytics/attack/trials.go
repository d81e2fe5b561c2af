package attack

import (
	"context"

	"soundings/analytics"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// trials is the halves of departments that read one text of a pitch and the other.
func trials(ctx context.Context, w Wave) (facts []Fact, err error) {
	list, err := w.Reader.TrialsOf(ctx, w.ID)
	for _, t := range list {
		for variant, half := range map[surveys.Variant]analytics.Group{surveys.VariantA: t.A, surveys.VariantB: t.B} {
			of := one(t.Department.ID, 0)
			of.Variants = []string{variant.String()}
			facts = appendFact(facts, "trials", tally.OfConstruct(surveys.Openness), of, half)
		}
	}
	return facts, err
}
