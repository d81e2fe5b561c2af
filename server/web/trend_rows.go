package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"soundings/analytics"
	"soundings/analytics/chart"
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

func trendRows(view *trendView) []trendRow {
	t := view.trend
	if len(t.Waves) == 0 {
		return nil
	}
	newest := len(t.Waves) - 1
	last, first := t.SinceLast(), view.moves
	rows := make([]trendRow, len(t.Series))
	for i, line := range t.Series {
		rows[i] = rowOf(line.Department.Name, line.Points[newest])
		rows[i].Style = slices.Index(view.chosen, line.Department.ID) + 1
		if rows[i].Shown {
			rows[i].addMoves(t, last[i], first[i])
		}
	}
	// By level, highest first; those that cannot be shown last.
	slices.SortStableFunc(rows, func(a, b trendRow) int { return cmp.Compare(b.level, a.level) })
	return rows
}

func rowOf(name string, g analytics.Group) trendRow {
	row := trendRow{Department: name, Shown: g.Shown(), level: -1}
	switch {
	case g.Level == disclosure.Hidden:
		row.Reason = sentence(g.Reason)
		return row
	case g.Coarse != nil:
		row.Coarse = fmt.Sprintf("between %.0f and %.0f", g.Coarse.MeanLow, g.Coarse.MeanHigh)
		row.Reason = "Everyone here answered alike, so an exact figure would tell what each of them said."
	default:
		row.level, row.Mean = g.Mean, fmt.Sprintf("%.0f", g.Mean)
		row.Cell = max(0, min(8, int(math.Floor((g.Mean-14)/8)))) // the middle step, 46 to 54, is neutral
		if g.HasInterval {
			row.Interval = &interval{
				Low: fmt.Sprintf("%.1f", g.Low), High: fmt.Sprintf("%.1f", g.High), Width: fmt.Sprintf("%.1f", g.High-g.Low),
				At: fmt.Sprintf("%.1f", max(0, min(98.6, g.Mean-.7))), Text: fmt.Sprintf("%.0f to %.0f", g.Low, g.High),
			}
		}
		row.Everyone = g.N == g.Headcount
	}
	row.Answered = strconv.Itoa(g.N)
	row.Fault = g.MoreThanHeadcount()
	if g.Headcount > 0 && !row.Fault {
		row.Answered += " of " + strconv.Itoa(g.Headcount)
	}
	return row
}

func (r *trendRow) addMoves(t *analytics.Trend, last, first analytics.Move) {
	if last.Verdict != stats.NotComparable {
		r.SinceLast = signed(last.Difference)
	}
	if first.Verdict != stats.NotComparable {
		r.Verdicts = append(r.Verdicts, verdictOf(first, t.Waves[first.From].Label))
	}
	if last.From != first.From && (last.Verdict == stats.ClearlyUp || last.Verdict == stats.ClearlyDown) {
		r.Verdicts = append(r.Verdicts, verdictOf(last, t.Waves[last.From].Label))
	}
	if last.Smallest > 0 {
		r.Smallest = fmt.Sprintf("%.0f points", last.Smallest)
	}
}

func verdictOf(m analytics.Move, since string) verdict {
	switch m.Verdict {
	case stats.ClearlyUp:
		return verdict{"up", fmt.Sprintf("clearly up since %s (%s)", since, signed(m.Difference))}
	case stats.ClearlyDown:
		return verdict{"down", fmt.Sprintf("clearly down since %s (%s)", since, signed(m.Difference))}
	}
	return verdict{"", "no clear change since " + since}
}

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

func pointText(g analytics.Group) string {
	switch {
	case g.Level == disclosure.Hidden:
		return "hidden"
	case g.Coarse != nil:
		return fmt.Sprintf("%.0f–%.0f", g.Coarse.MeanLow, g.Coarse.MeanHigh)
	}
	return fmt.Sprintf("%s, %d", chart.Mean(g), g.N)
}

func sentence(r disclosure.Reason) string {
	switch r {
	case disclosure.Protects:
		return "Hidden too, so that the figures of a smaller department cannot be worked out by subtracting."
	case disclosure.MovedTooLittle:
		return "Too few answers changed since this was last shown; showing it would tell theirs."
	case disclosure.WaveOpen:
		return "Results are shown when the survey closes."
	}
	return "Too few people answered, so their figures would not be anonymous."
}
