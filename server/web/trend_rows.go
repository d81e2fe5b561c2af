package web

import (
	"fmt"
	"slices"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// trendRow is one department in the table beneath the chart; it says the same as the chart's newest point.
type trendRow struct {
	*speech
	Department string
	Href       string // of the department's own page
	Toggle     string // address of the view with the department in colour, or no longer
	Shown      bool
	Coarse     string
	Reason     string
	Mean       string
	Cell       int // 0 to 8 on the scale from closed to open
	Style      int // 1 to 8 for chosen departments, 0 for others
	Interval   *interval
	Everyone   bool // all of them answered, so there is no interval
	SinceLast  string
	Verdicts   []verdict
	Answered   string
	Fault      bool // more answers than people
	Smallest   string
	Warnings   []string // about who answered
}

// trendTable is where each department stands in the newest wave.
type trendTable struct {
	Organisation *trendRow // nil where it is not drawn
	Rows         []trendRow
	Found        string      // how many are found, if something is looked for
	Clear        string      // address of the view without looking for anything
	Scale        bool        // cells are coloured from closed to open
	Warned       []alikeRows // what the rows' warnings say, for those who cannot point at them
}

type interval struct{ Low, High, Width, At, Text string }

type verdict struct {
	Class string
	Text  string
}

type historyRow struct {
	Department string
	Points     []historyPoint
}

type historyPoint struct {
	Text     string
	Warnings []string
}

// neutral is the middle of the colours from closed to open, for means of 46 to 54.
const neutral = 4

// hiddenMost is how many hidden departments get a row of their own.
const hiddenMost = 4

// gather takes the hidden departments out of the rows when they are many, and lists them by reason.
func gather(rows []trendRow) (shown []trendRow, hidden []alikeRows) {
	var all alikes
	for _, r := range rows {
		if r.Shown || r.Coarse != "" {
			shown = append(shown, r)
			continue
		}
		all.say(r.Department, r.Reason)
	}
	if len(rows)-len(shown) <= hiddenMost {
		return rows, nil
	}
	return shown, all.rows()
}

func (p *phrases) trendTable(view *trendView) (table trendTable) {
	t := view.sorted()
	table.Scale = !t.Recommends()
	if view.find != "" {
		all := *view
		all.find = ""
		table.Found = p.count("trend_found", len(t.Series), "Find", view.find, "All", p.Number(len(view.trend.Series)))
		table.Clear = "/trend?" + all.query().Encode()
	}
	if len(t.Waves) == 0 {
		return table
	}
	newest := len(t.Waves) - 1
	if everyone := view.everyone(); everyone != nil {
		row := p.row(p.say("trend_organisation"), everyone[newest], t.Recommends())
		table.Organisation = &row
	}
	// Moves are judged among all departments, whichever are looked for.
	last, first := map[surveys.DepartmentID]analytics.Move{}, map[surveys.DepartmentID]analytics.Move{}
	for i, m := range view.trend.SinceLast() {
		last[m.Department.ID], first[m.Department.ID] = m, view.moves[i]
	}
	var warned alikes
	for _, line := range t.Series {
		id := line.Department.ID
		row := p.row(line.Department.Name, line.Points[newest], t.Recommends())
		row.Href = view.profile(id)
		row.Style, row.Toggle = slices.Index(view.chosen, id)+1, view.toggled(id)
		if row.Shown {
			p.addMoves(&row, t, last[id], first[id])
		}
		row.Warnings = p.warningsAt(&line, newest)
		warned.say(row.Department, row.Warnings...)
		table.Rows = append(table.Rows, row)
	}
	table.Warned = warned.rows()
	return table
}

// row tells a group. A recommend score lies on a scale of its own, from -100 to 100.
func (p *phrases) row(name string, g analytics.Group, recommends bool) trendRow {
	row := trendRow{speech: p.speech, Department: name, Shown: g.Shown()}
	switch {
	case g.Level == disclosure.Hidden:
		row.Reason = p.hidden(g.Reason)
		return row
	case !g.Shown():
		row.Coarse, row.Reason = p.say("trend_alike"), p.say("hidden_alike")
		if g.Coarse != nil {
			row.Coarse = p.say("trend_between", "Low", whole(g.Coarse.MeanLow), "High", whole(g.Coarse.MeanHigh))
		}
	default:
		row.Mean = whole(g.Mean)
		place := func(x float64) float64 { return x }
		if recommends {
			row.Mean = signed(g.Mean)
			place = func(x float64) float64 { return (x + 100) / 2 }
		}
		if row.Cell = neutral; !recommends { // the colours of the cells are those from closed to open
			row.Cell = chart.Class(g.Mean)
		}
		if g.HasInterval {
			low, high := place(g.Low), place(g.High)
			row.Interval = &interval{
				Low: fmt.Sprintf("%.1f", low), High: fmt.Sprintf("%.1f", high), Width: fmt.Sprintf("%.1f", high-low),
				At: fmt.Sprintf("%.1f", max(0, min(98.6, place(g.Mean)-.7))), Text: p.say("trend_range", "Low", whole(g.Low), "High", whole(g.High)),
			}
		}
		row.Everyone = g.N == g.Headcount
	}
	row.Answered = p.Number(g.N)
	row.Fault = g.MoreThanHeadcount()
	if g.Headcount > 0 && !row.Fault {
		row.Answered = p.say("trend_answered_of", "Answered", row.Answered, "People", p.Number(g.Headcount))
	}
	return row
}

func (p *phrases) addMoves(r *trendRow, t *analytics.Trend, last, first analytics.Move) {
	if last.Verdict != stats.NotComparable {
		r.SinceLast = signed(last.Difference)
	}
	if first.Verdict != stats.NotComparable {
		r.Verdicts = append(r.Verdicts, p.verdict(first, t.Waves[first.From].Label))
	}
	if last.From != first.From && (last.Verdict == stats.ClearlyUp || last.Verdict == stats.ClearlyDown) {
		r.Verdicts = append(r.Verdicts, p.verdict(last, t.Waves[last.From].Label))
	}
	if last.Smallest > 0 {
		r.Smallest = p.count("trend_points", int(stats.Whole(last.Smallest)))
	}
}

func (p *phrases) verdict(m analytics.Move, since string) verdict {
	switch m.Verdict {
	case stats.ClearlyUp:
		return verdict{"up", p.say("trend_clearly_up", "Since", since, "Difference", signed(m.Difference))}
	case stats.ClearlyDown:
		return verdict{"down", p.say("trend_clearly_down", "Since", since, "Difference", signed(m.Difference))}
	}
	return verdict{"", p.say("trend_no_clear_change", "Since", since)}
}

// whole writes a figure of the scale, which has no decimals in any language.
func whole(x float64) string { return fmt.Sprintf("%.0f", stats.Whole(x)) }

// signed writes a difference with a real minus sign.
func signed(x float64) string {
	text := fmt.Sprintf("%+.0f", stats.Whole(x))
	switch {
	case text == "+0" || text == "-0":
		return "±0"
	case text[0] == '-':
		return "−" + text[1:]
	}
	return text
}
