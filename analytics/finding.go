package analytics

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"soundings/analytics/stats"
	"soundings/surveys"
)

// Part is a piece of a sentence; Verdict colours it.
type Part struct {
	Text    string
	Verdict stats.Verdict
}

// Finding is what a trend says, in a sentence for the top of the page and one for beneath it.
type Finding struct {
	Headline []Part
	Detail   string
}

// Finding says which departments moved clearly over the period, or that none did, and how many answered. It is built
// from the same moves that the table shows.
func (t *Trend) Finding() Finding {
	if len(t.Waves) == 0 {
		return Finding{Headline: plain("There are no results yet."), Detail: "They appear here once the first wave is closed."}
	}
	moves := t.SinceFirst()
	up, down := clear(moves, stats.ClearlyUp), clear(moves, stats.ClearlyDown)
	f := Finding{Detail: t.detail(moves, len(up)+len(down))}
	newest := len(t.Waves) - 1
	switch {
	case len(t.Series) > 0 && !slices.ContainsFunc(t.Series, func(s Series) bool { return s.Points[newest].Shown() }):
		f.Headline = plain(fmt.Sprintf("Too few people answered %s to show any department.", t.Waves[newest].Label))
	case !slices.ContainsFunc(moves, func(m Move) bool { return m.Verdict != stats.NotComparable }):
		f.Headline = t.level(newest)
	case len(up)+len(down) == 0:
		f.Headline = plain(fmt.Sprintf("No department shows a clear change since %s.", t.Waves[moves[0].From].Label))
	default:
		since := " since " + t.Waves[moves[0].From].Label + "."
		f.Headline = append(t.movers(up, stats.ClearlyUp, since), t.movers(down, stats.ClearlyDown, since)...)
	}
	return f
}

func plain(s string) []Part { return []Part{{Text: s}} }

func clear(moves []Move, v stats.Verdict) []Move {
	var list []Move
	for _, m := range moves {
		if m.Verdict == v {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b Move) int { return cmp.Compare(abs(b.Difference), abs(a.Difference)) })
	return list
}

func abs(x float64) float64 { return max(x, -x) }

// named bounds how many departments the headline spells out.
const named = 4

func (t *Trend) movers(moves []Move, v stats.Verdict, since string) []Part {
	if len(moves) == 0 {
		return nil
	}
	var parts []Part
	for i, m := range moves[:min(len(moves), named)] {
		switch {
		case i > 0 && i == len(moves)-1:
			parts = append(parts, Part{Text: " and "})
		case i > 0:
			parts = append(parts, Part{Text: ", "})
		}
		parts = append(parts, Part{m.Department.Name, v})
	}
	if more := len(moves) - named; more > 0 {
		parts = append(parts, Part{Text: fmt.Sprintf(" and %d more", more)})
	}
	has := " have "
	if len(moves) == 1 {
		has = " has "
	}
	return append(parts, Part{Text: has + verb(t.Construct, v) + since + " "})
}

func verb(construct string, v stats.Verdict) string {
	up := v == stats.ClearlyUp
	switch {
	case construct == surveys.Openness && up:
		return "become clearly more open"
	case construct == surveys.Openness:
		return "become clearly less open"
	case up:
		return "clearly risen in " + construct
	}
	return "clearly fallen in " + construct
}

// level is the headline while there is nothing to compare with.
func (t *Trend) level(wave int) []Part {
	total := t.Total[wave]
	if !total.Shown() {
		return plain("Where each department stands: " + t.Waves[wave].Label + ".")
	}
	return plain(fmt.Sprintf("%s stands at %.0f of 100 in %s; there is nothing yet to compare it with.",
		capital(t.Construct), total.Mean, t.Waves[wave].Label))
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (t *Trend) detail(moves []Move, moved int) string {
	var sentences []string
	still := 0
	for _, m := range moves {
		if m.Verdict == stats.NoClearChange {
			still++
		}
	}
	switch {
	case moved > 0 && still == 1:
		sentences = append(sentences, "The other department shows no clear change.")
	case moved > 0 && still > 1:
		sentences = append(sentences, fmt.Sprintf("The other %d departments show no clear change.", still))
	}
	newest := len(t.Waves) - 1
	taken := t.Taken[newest]
	if taken.Group.Shown() && taken.Group.N > 0 {
		sentences = append(sentences, answered(taken, t.Waves[newest]))
	}
	return strings.Join(sentences, " ")
}

func answered(p Participation, w Wave) string {
	title := w.Questionnaire.Document.Title
	switch {
	case p.Headcount < p.Group.N && p.Group.N == 1:
		return fmt.Sprintf("1 person answered “%s” in %s.", title, w.Label)
	case p.Headcount < p.Group.N:
		return fmt.Sprintf("%d people answered “%s” in %s.", p.Group.N, title, w.Label)
	}
	return fmt.Sprintf("%d of %d people answered “%s” in %s (%.0f %%).", p.Group.N, p.Headcount, title, w.Label,
		100*float64(p.Group.N)/float64(p.Headcount))
}
