package web

import (
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/analytics"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/changes"
)

// opennessTable is how open the departments concerned were to a change, wave by wave of one survey about it.
type opennessTable struct {
	ID     string
	Title  string // of the survey
	Lang   string
	Trend  string // address of the same as a trend
	Waves  []string
	Rows   []opennessRow
	Hidden []string // why cells are hidden, each reason once
	opened []time.Time
}

type opennessRow struct {
	Department string
	Cells      []opennessCell
}

// opennessCell is one department in one wave: its mean with interval and number, or why there is none.
type opennessCell struct {
	Cell     int // 0 to 8 on the scale from closed to open
	Mean     string
	Interval string
	Count    string // of answers
	Coarse   string
	Hidden   string // why it is hidden
	Warnings []string
}

// openness reads what the waves about a change have measured: the same figures as on the trend, for the departments
// concerned that this person may see.
func (s *Server) openness(ctx context.Context, p *phrases, u accounts.User, c *changes.Change, about *enquiry) ([]opennessTable, error) {
	if about == nil {
		return nil, nil
	}
	var tables []opennessTable
	for _, survey := range about.Surveys {
		t, err := s.Results.Trend(ctx, analytics.TrendQuery{Construct: surveys.Openness, Survey: survey.ID})
		if err != nil {
			return nil, err
		}
		t = t.Only(func(d surveys.DepartmentID) bool { return u.Sees(d) && c.Concerns(d) })
		table := opennessTable{ID: fmt.Sprintf("openness-%d", survey.ID), Title: survey.Title, Lang: survey.Lang, Trend: fmt.Sprintf("/trend?survey=%d", survey.ID)}
		var waves []int
		for i, w := range t.Waves {
			if w.Questionnaire.Document.Change == c.Name {
				waves, table.Waves, table.opened = append(waves, i), append(table.Waves, w.Label), append(table.opened, w.Opened)
			}
		}
		for _, line := range t.Series {
			table.add(p, &line, waves)
		}
		if len(waves) > 0 && len(table.Rows) > 0 {
			tables = append(tables, table)
		}
	}
	return tables, p.err
}

func (t *opennessTable) add(p *phrases, line *analytics.Series, waves []int) {
	row, points := opennessRow{Department: line.Department.Name}, line.Points
	for _, i := range waves {
		r := p.row(row.Department, points[i], false)
		cell := opennessCell{Cell: r.Cell, Mean: r.Mean, Coarse: r.Coarse, Warnings: p.warningsAt(line, i)}
		switch {
		case r.Shown:
			cell.Interval, cell.Count = p.intervalOf(points[i]), p.count("change_answers", points[i].N)
		default:
			cell.Hidden = r.Reason
			if !slices.Contains(t.Hidden, r.Reason) {
				t.Hidden = append(t.Hidden, r.Reason)
			}
		}
		row.Cells = append(row.Cells, cell)
	}
	t.Rows = append(t.Rows, row)
}

// intervalOf is the interval of a mean, or that there is none because everybody answered.
func (p *phrases) intervalOf(g analytics.Group) string {
	switch {
	case g.HasInterval:
		return p.say("change_interval", "Low", whole(g.Low), "High", whole(g.High))
	case g.N == g.Headcount:
		return p.say("trend_everyone")
	}
	return ""
}
