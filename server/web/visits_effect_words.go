package web

import (
	"strings"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// effectTableID is of the table on its page.
const effectTableID = "moves"

// effectTable is the departments of both sides, and what the comparison comes to.
type effectTable struct {
	*speech
	ID, Title     string
	Before, After string // what the waves are called
	Sides         []effectSide
	Warned        []alikeRows // about who answered
	Difference    string
	Range         string // its interval
	Verdict       verdict
	Basis         string // what the interval rests on, p, and what could have been shown
}

// effectSide is the departments that were visited, or the others.
type effectSide struct {
	Name          string
	Told          bool // whether the means beside its name are filled in
	Before, After effectCell
	Change        string
	Rows          []effectRow
}

// effectCell is a mean of a side, in the colour of its place.
type effectCell struct {
	Cell int
	Mean string
}

type effectRow struct {
	Name, Href    string
	Visits        string
	Before, After versusCell
	Change        string
}

// headline says how the two sides moved.
func (v *effectView) headline() []part {
	e := v.effect
	plain := func(key string, pairs ...any) []part { return []part{{Text: v.say(key, pairs...)}} }
	switch {
	case v.alone():
		return plain("effect_alone")
	case e.State == analytics.NoPair:
		return plain("effect_none")
	case e.State == analytics.Apart:
		return plain("effect_apart")
	}
	waves := []any{"Before", e.Before.Label, "After", e.After.Label, "Measure", v.measure(e.Ask.Construct)}
	switch {
	case e.From > e.Until:
		return plain("effect_no_days", waves...)
	case e.Verdict == stats.NotComparable && e.Visited == 0:
		return plain("effect_nobody", waves...)
	case e.Verdict == stats.NotComparable:
		return plain("effect_few", waves...)
	}
	key := "effect_measure_"
	if e.Ask.Construct == surveys.Openness {
		key = "effect_openness_"
	}
	sentence := v.say(key+e.Verdict.String(), append(waves, "Visited", gap)...)
	before, after, _ := strings.Cut(sentence, gap)
	return []part{{Text: before}, {v.say("effect_visited_ones"), verdictClass(e.Verdict)}, {Text: after}}
}

// lead gives the figures of the headline, or says what is missing for any.
func (v *effectView) lead() string {
	e := v.effect
	if e.Verdict == stats.NotComparable {
		return v.say("effect_few_lead", "Visited", v.count("effect_visited_n", e.Visited), "Others", v.count("effect_others_n", e.Others), "Fewest", v.Number(stats.FewestMoved))
	}
	c := e.Contrast
	difference, interval := signed(c.Difference), v.say("trend_range", "Low", signed(c.Low), "High", signed(c.High))
	if e.Sides == nil {
		return v.say("effect_lead_limited", "Visited", v.count("effect_visited_n", e.Visited), "Others", v.count("effect_others_n", e.Others), "Difference", difference, "Range", interval)
	}
	return v.say("effect_lead", "Visited", v.count("effect_visited_n", e.Visited), "Others", v.count("effect_others_n", e.Others),
		"Own", signed(c.Own), "Theirs", signed(c.Others), "Difference", difference, "Range", interval)
}

// days says which visits count.
func (v *effectView) days() string {
	e := v.effect
	if e.From > e.Until {
		return v.say("effect_days_none", "Before", e.Before.Label, "After", e.After.Label)
	}
	return v.say("effect_days", "From", v.date(e.From.Time()), "Until", v.date(e.Until.Time()), "Before", e.Before.Label, "After", e.After.Label)
}

// leftOut says of each department that is on neither side why.
func (v *effectView) leftOut() (lines []string) {
	for _, l := range v.effect.LeftOut {
		why := ""
		switch l.Why {
		case analytics.HiddenThere:
			why = v.say("effect_left_hidden", "Wave", l.Wave.Label, "Reason", v.hidden(l.Reason))
		case analytics.AlikeThere:
			why = v.say("effect_left_hidden", "Wave", l.Wave.Label, "Reason", v.say("hidden_alike"))
		case analytics.VisitedDuring:
			why = v.say("effect_left_during")
		case analytics.OnePerson:
			why = v.say("effect_left_one")
		}
		lines = append(lines, v.say("effect_left", "Department", l.Department.Name, "Why", why))
	}
	return lines
}

// side is what one side is called, and its means; nil where they may not be told.
func (v *effectView) side(visited bool) (name string, of *analytics.EffectSide) {
	e := v.effect
	name = v.count("effect_side_others", e.Others)
	if visited {
		name = v.count("effect_side_visited", e.Visited)
	}
	switch {
	case e.Sides == nil:
		return name, nil
	case visited:
		return name, &e.Sides.Visited
	}
	return name, &e.Sides.Others
}

func (v *effectView) table() *effectTable {
	e := v.effect
	t := &effectTable{speech: v.speech, ID: effectTableID, Before: e.Before.Label, After: e.After.Label, Title: v.say("effect_table", "Measure", v.measure(e.Ask.Construct))}
	var warned alikes
	for _, visited := range []bool{true, false} {
		name, of := v.side(visited)
		side := effectSide{Name: name}
		if of != nil {
			side.Told, side.Change = true, signed(of.After-of.Before)
			side.Before, side.After = effectCell{chart.Class(of.Before), whole(of.Before)}, effectCell{chart.Class(of.After), whole(of.After)}
		}
		for _, r := range e.Rows {
			if r.Visited() == visited {
				before, after := v.meanCell(r.Before), v.meanCell(r.After)
				before.Warnings, after.Warnings = v.warnings(r.Took[0]), v.warnings(r.Took[1])
				warned.say(v.say("effect_in_wave", "Department", r.Department.Name, "Wave", e.Before.Label), before.Warnings...)
				warned.say(v.say("effect_in_wave", "Department", r.Department.Name, "Wave", e.After.Label), after.Warnings...)
				side.Rows = append(side.Rows, effectRow{Name: r.Department.Name, Href: "/departments/" + idText(int64(r.Department.ID)), Visits: v.Number(r.Visits),
					Before: before, After: after, Change: signed(r.Change)})
			}
		}
		t.Sides = append(t.Sides, side)
	}
	t.Warned = warned.rows()
	if e.Verdict == stats.NotComparable {
		return t
	}
	c := e.Contrast
	t.Difference, t.Range = signed(c.Difference), v.say("trend_range", "Low", signed(c.Low), "High", signed(c.High))
	t.Verdict = verdict{verdictClass(e.Verdict), v.say("effect_verdict_" + e.Verdict.String())}
	t.Basis = v.say("effect_basis_"+string(c.Basis), "P", v.pValue(c.P), "Smallest", v.count("trend_points", int(stats.Whole(c.Smallest))))
	return t
}

// meanCell is a mean with its interval and number.
func (v *effectView) meanCell(g analytics.Group) versusCell {
	cell := versusCell{Shown: true, Cell: chart.Class(g.Mean), Mean: whole(g.Mean), Count: v.Number(g.N)}
	switch {
	case g.HasInterval:
		cell.Range = range95(g.Low, g.High)
	case g.N == g.Headcount:
		cell.Range = v.say("trend_everyone")
	}
	return cell
}

// pValue writes a p with the sign that stands before it.
func (p *phrases) pValue(x float64) string {
	if x < 0.001 {
		return "p < " + p.Decimal(0.001, 3)
	}
	return "p = " + p.Decimal(x, 3)
}
