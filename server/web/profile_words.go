package web

import (
	"strings"

	"soundings/analytics"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// named cuts a sentence where a name belongs, and colours the name.
func (p *phrases) named(key, name, class string, pairs ...any) []part {
	before, after, _ := strings.Cut(p.say(key, append(pairs, "Department", gap)...), gap)
	parts := []part{{name, class}, {Text: after}}
	if before != "" {
		parts = append([]part{{Text: before}}, parts...)
	}
	return parts
}

// profileHeadline says how a department differs from the others, and how it moved.
func (v *profileView) profileHeadline(about *analytics.Difference) []part {
	name := v.department.Name
	if about == nil {
		return []part{{Text: v.say("profile_plain", "Department", name, "Wave", v.res.Wave.Label)}}
	}
	measure, key := v.measure(v.ask.Construct), "profile_measure_"
	if v.ask.Construct == surveys.Openness {
		key = "profile_openness_"
	}
	var parts []part
	switch about.Between.Verdict {
	case stats.NotComparable:
		if !about.A.Shown() {
			return []part{{Text: v.say("profile_hidden", "Department", name)}}
		}
		parts = v.named("profile_alone", name, "", "Mean", whole(about.A.Mean), "Measure", measure)
	default:
		parts = v.named(key+about.Between.Verdict.String(), name, verdictClass(about.Between.Verdict), "Measure", measure)
	}
	for _, m := range v.trend.SinceFirst() {
		if m.Department.ID != v.department.ID || m.Verdict == stats.NotComparable {
			continue
		}
		since := v.trend.Waves[m.From].Label
		parts = append(parts, part{Text: " " + v.say("profile_since_"+m.Verdict.String(), "Since", since)})
	}
	return parts
}

// profileLead is the figures of the headline, and who answered.
func (v *profileView) profileLead(about *analytics.Difference, unit int) string {
	var sentences []string
	if about != nil && about.A.Shown() && about.B.Shown() {
		sentences = append(sentences, v.say("profile_lead", "Mean", v.pointedAt(about.A.Group), "Others", v.pointedAt(about.B.Group)))
	} else if about != nil && !about.A.Shown() {
		_, reason := v.hiddenCell(about.A.Group)
		sentences = append(sentences, reason)
	}
	return strings.Join(append(sentences, v.warnings(v.res.Taken[unit])...), " ")
}

// facts are the figures that somebody takes along: where the department stands, how it moved, how many
// are favourable, and how many answered.
func (v *profileView) facts(about *analytics.Difference, unit int) (list []profileFact) {
	if about == nil || !about.A.Shown() {
		return nil
	}
	cell := v.versusCell(about.Measure, about.A.Group)
	list = append(list, profileFact{cell.Mean, "", v.measure(v.ask.Construct), cell.Range})
	for _, m := range v.trend.SinceLast() {
		if m.Department.ID == v.department.ID && m.Verdict != stats.NotComparable {
			key := "results_" + m.Verdict.String()
			list = append(list, profileFact{signed(m.Difference), verdictClass(m.Verdict), v.say(key), v.say("profile_since", "Since", v.trend.Waves[m.From].Label)})
		}
	}
	told := about.Measure.Units[unit]
	if sides, ok := told.Sides(); ok {
		fact := profileFact{Figure: v.Percent(sides.Favourable.Percent / 100), Label: v.say("results_favourable")}
		if sides.Favourable.HasInterval {
			fact.Detail = v.say("profile_percent_range", "Low", whole(sides.Favourable.Low), "High", whole(sides.Favourable.High))
		}
		if c := told.Favoured; c.Verdict != stats.NotComparable {
			fact.Detail += " · " + v.say("profile_favoured", "Points", signed(c.Difference), "Since", v.res.Before.Label, "Verdict", v.verdictOf(c).Text)
		}
		list = append(list, fact)
	}
	if about.B.Shown() {
		other := v.versusCell(about.Measure, about.B.Group)
		list = append(list, profileFact{other.Mean, "", v.say("versus_others"), other.Range})
	}
	if taken := v.res.Taken[unit]; taken.Shown() {
		list = append(list, profileFact{v.rate(taken), "", v.say("trend_answered"), v.answered(taken)})
	}
	return list
}
