package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/surveys"
)

// timeline is what stands in a chart over time beside its own figures: what was measured elsewhere before its first wave,
// and what happened meanwhile.
type timeline struct {
	earlier *analytics.Imported // nil: nothing is known of
	marks   analytics.Marks     // those with a place on its axis
}

// timeline reads it for a trend, as somebody may see it. Where a trend does not show its first wave, nothing stands before it.
func (s *Server) timeline(ctx context.Context, ask analytics.TrendQuery, t *analytics.Trend, sees func(surveys.DepartmentID) bool) (line timeline, err error) {
	marks, err := s.Results.Marks(ctx)
	if err != nil {
		return line, err
	}
	line.marks = placed(t, marks.Only(sees))
	if t.Older > 0 {
		return line, nil
	}
	if line.earlier, err = s.Results.Beginning(ctx, ask, t); line.earlier != nil {
		line.earlier = line.earlier.Only(sees)
	}
	return line, err
}

// placed are the marks that lie on the axis of a trend.
func placed(t *analytics.Trend, marks analytics.Marks) analytics.Marks {
	return slices.DeleteFunc(marks, func(m analytics.Mark) bool {
		_, ok := chart.Place(t, m.Date)
		return !ok
	})
}

// draw puts it into a chart, with marks where the questions changed and where it ends what was measured elsewhere.
func (p *phrases) draw(line timeline, t *analytics.Trend, look *chart.Look) {
	look.Marks = chart.Marks(t, line.marks, p.say("trend_break"))
	if line.earlier == nil {
		return
	}
	styles := map[string]chart.Style{}
	for _, l := range line.earlier.Lines {
		if style, ok := look.Styles[l.Department.ID]; ok {
			styles[l.Name] = style
		}
	}
	look.Earlier = p.earlier(line.earlier, styles)
	look.Marks = append([]chart.Mark{{At: -0.5, Kind: chart.Break, Label: p.say("history_until_here")}}, look.Marks...)
}

// marksNote says beneath the title of a chart what its triangles and diamonds are, if it has any: those of visits and kept
// promises to departments that are drawn in colour.
func (p *phrases) marksNote(line timeline, drawn map[surveys.DepartmentID]chart.Style) (note string) {
	for _, kind := range []analytics.MarkKind{analytics.Visited, analytics.Kept} {
		there := slices.ContainsFunc(line.marks.Of(kind), func(m analytics.Mark) bool {
			return m.Everybody || slices.ContainsFunc(m.Departments, func(d surveys.DepartmentID) bool { _, ok := drawn[d]; return ok })
		})
		key := "trend_" + string(kind) + "_marks"
		if len(drawn) > 1 {
			key += "_coloured"
		}
		if there {
			note += p.say(key)
		}
	}
	return note
}

// note says beneath the title of a chart what was measured elsewhere.
func (p *phrases) earlierNote(line timeline) string {
	if line.earlier == nil {
		return ""
	}
	return p.say("history_trend_note_" + string(line.earlier.Scale))
}

// earlierTable is what was measured elsewhere, in a table of its own.
type earlierTable struct {
	*speech
	ID      string // in its page
	Periods []string
	Rows    []pastRow
}

func (p *phrases) earlierTable(line timeline) *earlierTable {
	if line.earlier == nil {
		return nil
	}
	t := &earlierTable{speech: p.speech, ID: "earlier"}
	for _, at := range line.earlier.Periods {
		t.Periods = append(t.Periods, p.period(at))
	}
	for _, l := range inOrder(line.earlier.Lines) {
		t.Rows = append(t.Rows, p.pastRow(l))
	}
	return t
}

// happened is what the marks of a chart stand for, in words.
type happened struct {
	*speech
	Lines    []markLine // of go-lives
	Visits   []markLine
	Count    string     // of visits
	Promises []markLine // that were kept
	Kept     string     // how many those are
}

type markLine struct{ When, Title, Departments, Href string }

func (p *phrases) happened(line timeline, t *analytics.Trend) *happened {
	if len(line.marks) == 0 {
		return nil
	}
	h := &happened{speech: p.speech}
	for _, m := range line.marks {
		one := markLine{When: p.date(m.Date), Title: m.Text, Departments: p.say("trend_everybody"), Href: fmt.Sprintf("/changes/%d", m.Change)}
		switch m.Kind {
		case analytics.Visited:
			one.Href = visitAddress(m.Visit)
		case analytics.Kept:
			one.Href = promiseAddress(m.Promise)
		}
		if !m.Everybody {
			var concerned []string
			for _, s := range t.Series {
				if slices.Contains(m.Departments, s.Department.ID) {
					concerned = append(concerned, s.Department.Name)
				}
			}
			one.Departments = strings.Join(concerned, p.say("list_comma"))
		}
		if m.Kind == analytics.Visited {
			if one.Title == "" {
				one.Title = p.say("visit_title")
			}
			h.Visits = append(h.Visits, one)
			continue
		}
		if m.Kind == analytics.Kept {
			h.Promises = append(h.Promises, one)
			continue
		}
		h.Lines = append(h.Lines, one)
	}
	if len(h.Promises) > 0 {
		h.Kept = p.count("trend_promises", len(h.Promises))
	}
	if len(h.Visits) > 0 {
		h.Count = p.count("trend_visits", len(h.Visits))
	}
	return h
}
