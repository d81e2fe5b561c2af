package main

import (
	"context"
	"fmt"
	"io"

	"soundings/analytics"
	"soundings/analytics/report"
	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/surveys"
)

type exportVisits struct {
	Survey    surveys.SurveyID `required:"" placeholder:"ID" help:"The survey."`
	Construct string           `default:"openness" help:"What it measures."`
	Before    surveys.WaveID   `placeholder:"ID" help:"The first wave; without it and --after the latest neighbours with visits between them."`
	After     surveys.WaveID   `placeholder:"ID" help:"The second wave."`
	Out       string           `type:"path" default:"." placeholder:"DIR" help:"Folder for the file."`
}

// Run writes visits-survey-ID-waves-A-B.csv: how departments moved that were visited between two waves, and the others.
func (e exportVisits) Run(ctx context.Context, env environment, c *config.Config) error {
	return withRecorded(ctx, c, "results.export", func(t *tools, entry *accounts.Event) error {
		x, err := newExporter(ctx, env, t, e.Out, "en")
		if err != nil {
			return err
		}
		ask := analytics.EffectQuery{Survey: e.Survey, Construct: e.Construct, Before: e.Before, After: e.After, Zone: x.words.Zone}
		effect, err := x.results.VisitEffect(ctx, ask)
		if err != nil {
			return err
		}
		if effect.State != analytics.Comparing {
			return &surveys.Error{Kind: surveys.NotFound, Op: "export visits", Message: fmt.Sprintf("survey %d has no two such waves that measured %q with the same questions", e.Survey, e.Construct)}
		}
		name := fmt.Sprintf("visits-survey-%d-waves-%d-%d", e.Survey, effect.Before.ID, effect.After.ID)
		entry.Subject = name[len("visits-"):]
		return x.file(name+".csv", "departments visited and not visited", func(w io.Writer) (string, error) {
			summary, err := report.VisitEffect(effect, w)
			return summary.String(), err
		})
	})
}
