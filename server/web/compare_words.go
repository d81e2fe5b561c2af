package web

import (
	"slices"
	"strings"

	"soundings/analytics"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// headComparison says in a sentence how the two differ, or why nothing can be said.
func (v *comparison) headComparison(page *comparisonPage) {
	if v.overlap {
		page.State, page.Headline = "overlap", []part{{Text: v.say("compare_overlap", "A", v.a, "B", v.b)}}
		return
	}
	if !slices.ContainsFunc(v.list, func(d analytics.Difference) bool { return d.A.Shown() && d.B.Shown() }) {
		page.State, page.Headline = "few", []part{{Text: v.say("compare_hidden", "A", v.a, "B", v.b)}}
		return
	}
	about := analytics.About(v.list)
	if about == nil || about.Between.Verdict == stats.NotComparable {
		page.Headline = []part{{Text: v.say("compare_plain", "A", v.a, "B", v.b)}}
		return
	}
	key := "compare_measure_"
	switch openness, waves := about.Measure.Construct == surveys.Openness, strings.HasPrefix(v.with, "wave-"); {
	case openness && waves:
		key = "compare_since_openness_"
	case waves:
		key = "compare_since_measure_"
	case openness:
		key = "compare_openness_"
	}
	verdict := about.Between.Verdict
	page.Headline = v.named(key+verdict.String(), v.a, verdictClass(verdict), "Other", v.b, "Wave", v.res.Wave.Label, "Measure", v.measure(about.Measure.Construct))
	difference, interval, _ := v.between(about.Between)
	page.Lead = v.say("compare_lead", "Mean", v.pointedAt(about.A.Group), "Other", v.pointedAt(about.B.Group), "Difference", difference, "Range", interval)
	if v.frame.User.Limited {
		page.Lead += " " + v.say("limited_view")
	}
}

// offer lists what can be compared. What cannot be taken says why.
func (v *comparison) offer(page *comparisonPage) {
	for _, w := range slices.Backward(v.showing) {
		text := v.say("results_wave_of", "Wave", w.Label, "Survey", v.titled(w.Questionnaire.Document).Text)
		page.Waves = append(page.Waves, option{idText(int64(w.ID)), text, w.ID == v.res.Wave.ID})
	}
	whole := choice{option: option{wholeOrganisation, v.say("compare_everyone"), v.group == wholeOrganisation}}
	page.Groups = append(v.offerGroups(v.group, func(string) string { return "" }), choiceGroup{"", []choice{whole}})

	rest := option{allOthers, v.say("compare_others"), v.with == allOthers}
	page.With = []choiceGroup{{"", []choice{rest.unless(v.group != wholeOrganisation, v.say("compare_within"))}}}
	kind, _, _ := strings.Cut(v.group, "-")
	page.With = append(page.With, v.offerGroups(v.with, func(group string) string {
		switch {
		case group == v.group:
			return v.say("compare_same")
		case !strings.HasPrefix(group, kind+"-"):
			return v.say("compare_within")
		}
		return ""
	})...)
	var waves []choice
	for _, w := range slices.Backward(v.showing) {
		if w.Survey == v.res.Wave.Survey && w.ID != v.res.Wave.ID {
			value := "wave-" + idText(int64(w.ID))
			waves = append(waves, choice{option: option{value, w.Label, value == v.with}})
		}
	}
	if len(waves) > 0 {
		page.With = append(page.With, choiceGroup{v.say("compare_same_group"), waves})
	}
}

// offerGroups lists departments and bands; those of which nothing is shown, and those that something speaks against, cannot
// be taken.
func (v *comparison) offerGroups(chosen string, against func(group string) string) (groups []choiceGroup) {
	for _, list := range []struct {
		label string
		res   *analytics.WaveResults
	}{{v.say("compare_departments"), v.departments}, {v.say("compare_bands"), v.bands}} {
		if list.res == nil || len(list.res.Units) == 0 {
			continue
		}
		g := choiceGroup{Label: list.label}
		for i, u := range list.res.Units {
			group := groupOf(u)
			reason := against(group)
			if reason == "" && !slices.ContainsFunc(list.res.Measures, func(m analytics.Measured) bool { return m.Units[i].Shown() }) {
				reason = v.say("trend_too_few")
			}
			g.Choices = append(g.Choices, option{group, unitName(u), group == chosen}.unless(reason == "", reason))
		}
		groups = append(groups, g)
	}
	return groups
}
