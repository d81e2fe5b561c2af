package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
)

// trendRow is one department in the table beneath the chart; it says the same as the chart's newest point.
type trendRow struct {
	Department string
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

	level float64 // what the rows are sorted by; -1 if not shown exactly
}

type interval struct{ Low, High, Width, At, Text string }

type verdict struct {
	Class string
	Text  string
}

type historyRow struct {
	Department string
	Points     []string
}

// hiddenRows are departments that are hidden for the same reason.
type hiddenRows struct {
	Reason string
	Names  string
}

// hiddenMost is how many hidden departments get a row of their own.
const hiddenMost = 4

// gather takes the hidden departments out of the rows when they are many, and lists them by reason.
func gather(rows []trendRow) (shown []trendRow, hidden []hiddenRows) {
	names := map[string][]string{}
	var reasons []string
	for _, r := range rows {
		if r.Shown || r.Coarse != "" {
			shown = append(shown, r)
			continue
		}
		if names[r.Reason] == nil {
			reasons = append(reasons, r.Reason)
		}
		names[r.Reason] = append(names[r.Reason], r.Department)
	}
	if len(rows)-len(shown) <= hiddenMost {
		return rows, nil
	}
	for _, reason := range reasons {
		hidden = append(hidden, hiddenRows{reason, strings.Join(names[reason], ", ")})
	}
	return shown, hidden
}

func (p *phrases) trendRows(view *trendView) []trendRow {
	t := view.trend
	if len(t.Waves) == 0 {
		return nil
	}
	newest := len(t.Waves) - 1
	last, first := t.SinceLast(), view.moves
	rows := make([]trendRow, len(t.Series))
	for i, line := range t.Series {
		rows[i] = p.row(line.Department.Name, line.Points[newest])
		rows[i].Style = slices.Index(view.chosen, line.Department.ID) + 1
		if rows[i].Shown {
			p.addMoves(&rows[i], t, last[i], first[i])
		}
	}
	// By level, highest first; those that cannot be shown last.
	slices.SortStableFunc(rows, func(a, b trendRow) int { return cmp.Compare(b.level, a.level) })
	return rows
}

func (p *phrases) row(name string, g analytics.Group) trendRow {
	row := trendRow{Department: name, Shown: g.Shown(), level: -1}
	switch {
	case g.Level == disclosure.Hidden:
		row.Reason = p.hidden(g.Reason)
		return row
	case g.Coarse != nil:
		row.Coarse = p.say("trend_between", "Low", whole(g.Coarse.MeanLow), "High", whole(g.Coarse.MeanHigh))
		row.Reason = p.say("hidden_alike")
	default:
		row.level, row.Mean = g.Mean, whole(g.Mean)
		row.Cell = max(0, min(8, int(math.Floor((g.Mean-14)/8)))) // the middle step, 46 to 54, is neutral
		if g.HasInterval {
			row.Interval = &interval{
				Low: fmt.Sprintf("%.1f", g.Low), High: fmt.Sprintf("%.1f", g.High), Width: fmt.Sprintf("%.1f", g.High-g.Low),
				At: fmt.Sprintf("%.1f", max(0, min(98.6, g.Mean-.7))), Text: p.say("trend_range", "Low", whole(g.Low), "High", whole(g.High)),
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
		r.Smallest = p.count("trend_points", int(math.RoundToEven(last.Smallest)))
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
func whole(x float64) string { return fmt.Sprintf("%.0f", x) }

// signed writes a difference with a real minus sign.
func signed(x float64) string {
	text := fmt.Sprintf("%+.0f", x)
	switch {
	case text == "+0" || text == "-0":
		return "±0"
	case text[0] == '-':
		return "−" + text[1:]
	}
	return text
}
