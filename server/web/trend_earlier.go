package web

import (
	"context"
	"slices"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/surveys"
)

// begin puts before a trend what was measured elsewhere, where the view shows its first wave: for departments that are
// known, and the organisation unless its line is not wanted.
func (s *Server) begin(ctx context.Context, v *trendView, sees func(surveys.DepartmentID) bool) error {
	if v.small || v.ask.Last > 0 && len(v.trend.Waves) >= v.ask.Last {
		return nil
	}
	im, err := s.Results.Beginning(ctx, v.ask, v.trend)
	if err != nil || im == nil {
		return err
	}
	im = im.Only(sees)
	im.Lines = slices.DeleteFunc(im.Lines, func(l analytics.PastLine) bool {
		return l.Everybody && v.organisation == notAtAll || !l.Everybody && (l.Department.ID == 0 || !v.found(l.Department))
	})
	if len(im.Lines) > 0 {
		v.earlier = im
	}
	return nil
}

// drawEarlier puts it into the chart, with a mark where it ends.
func (p *phrases) drawEarlier(v *trendView, look *chart.Look) {
	if v.earlier == nil {
		return
	}
	styles := map[string]chart.Style{}
	for _, l := range v.earlier.Lines {
		if style, ok := look.Styles[l.Department.ID]; ok {
			styles[l.Name] = style
		}
	}
	look.Earlier = p.earlier(v.earlier, styles)
	look.Marks = append([]chart.Mark{{At: -0.5, Kind: chart.Break, Label: p.say("history_until_here")}}, look.Marks...)
}

// earlierTable is what was imported, beneath the table of waves.
type earlierTable struct {
	Periods []string
	Rows    []pastRow
}

func (p *phrases) earlierTable(v *trendView) *earlierTable {
	if v.earlier == nil {
		return nil
	}
	t := &earlierTable{}
	for _, at := range v.earlier.Periods {
		t.Periods = append(t.Periods, p.period(at))
	}
	for _, l := range inOrder(v.earlier.Lines) {
		t.Rows = append(t.Rows, p.pastRow(l))
	}
	return t
}
