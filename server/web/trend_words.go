package web

import (
	"strings"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// part is a piece of a headline; Class colours it.
type part struct{ Text, Class string }

// headline says what a trend shows. Only the names of departments that moved are coloured.
func (p *phrases) headline(f analytics.Finding) []part {
	plain := func(key string, pairs ...any) []part { return []part{{Text: p.say(key, pairs...)}} }
	switch f.Kind {
	case analytics.NoneShown:
		return plain("trend_none_shown", "Wave", f.Wave)
	case analytics.FirstLevel:
		if !f.HasMean {
			return plain("trend_level_hidden", "Wave", f.Wave)
		}
		return plain("trend_level", "Measure", p.measure(f.Construct), "Mean", whole(f.Mean), "Wave", f.Wave)
	case analytics.Still:
		return plain("trend_still", "Since", f.Since)
	case analytics.Moved:
		parts := p.movers(f, f.Up, stats.ClearlyUp)
		if len(parts) > 0 && len(f.Down) > 0 {
			parts = append(parts, part{Text: " "})
		}
		return append(parts, p.movers(f, f.Down, stats.ClearlyDown)...)
	}
	return plain("trend_no_results")
}

// spelledOut bounds how many departments the headline names.
const spelledOut = 4

// gap stands in a sentence where the names belong; no text of ours or of a document's holds it.
const gap = "\x00"

// movers is the sentence on the departments that moved in one direction.
func (p *phrases) movers(f analytics.Finding, departments []string, v stats.Verdict) []part {
	if len(departments) == 0 {
		return nil
	}
	key, open, class := "trend_up", "trend_up_openness", "up"
	if v == stats.ClearlyDown {
		key, open, class = "trend_down", "trend_down_openness", "down"
	}
	if f.Construct == surveys.Openness {
		key = open
	}
	sentence := p.count(key, len(departments), "Names", gap, "Since", f.Since, "Measure", p.measure(f.Construct))
	before, after, _ := strings.Cut(sentence, gap)
	parts := append([]part{{Text: before}}, p.names(departments, class)...)
	return append(parts, part{Text: after})
}

// names lists departments in a sentence, in a colour; those beyond the first few are counted.
func (p *phrases) names(departments []string, class string) []part {
	shown := departments[:min(len(departments), spelledOut)]
	slots := make([]string, len(shown), len(shown)+1)
	for i := range slots {
		slots[i] = gap
	}
	if more := len(departments) - len(shown); more > 0 {
		slots = append(slots, p.count("trend_more_departments", more))
	}
	var parts []part
	for i, text := range strings.Split(p.allOf(slots), gap) {
		if i > 0 {
			parts = append(parts, part{shown[i-1], class})
		}
		if text != "" {
			parts = append(parts, part{Text: text})
		}
	}
	return parts
}

// detail is the line beneath the headline: what the others did, and how many took part.
func (p *phrases) detail(f analytics.Finding, survey string) string {
	if f.Kind == analytics.NoResults {
		return p.say("trend_no_results_detail")
	}
	var sentences []string
	if f.Kind == analytics.Moved && f.Unmoved > 0 {
		sentences = append(sentences, p.count("trend_unmoved", f.Unmoved))
	}
	if t := f.Taken; t != nil && t.Headcount == 0 {
		sentences = append(sentences, p.count("trend_taken", t.Answered, "Survey", survey, "Wave", f.Wave))
	} else if t != nil {
		sentences = append(sentences, p.count("trend_taken_of", t.Headcount, "Answered", p.Number(t.Answered), "Survey", survey,
			"Wave", f.Wave, "Percent", p.Percent(float64(t.Answered)/float64(t.Headcount))))
	}
	return strings.Join(sentences, " ")
}

// measure names a construct; one that a survey defines is called what the survey calls it.
func (p *phrases) measure(construct string) string {
	switch construct {
	case surveys.Openness:
		return p.say("measure_openness")
	case surveys.Engagement:
		return p.say("measure_engagement")
	}
	return construct
}

// hidden says why figures are not shown.
func (p *phrases) hidden(r disclosure.Reason) string {
	switch r {
	case disclosure.NobodyAnswered:
		return p.say("hidden_nobody")
	case disclosure.Protects:
		return p.say("hidden_protects")
	case disclosure.MovedTooLittle:
		return p.say("hidden_moved_too_little")
	case disclosure.WaveOpen:
		return p.say("hidden_wave_open")
	}
	return p.say("hidden_too_few")
}

// point is a group in the table of waves: mean, interval and number of answers.
func (p *phrases) point(g analytics.Group) string {
	switch {
	case g.Level == disclosure.Hidden:
		return p.say("trend_hidden")
	case g.Coarse != nil:
		return whole(g.Coarse.MeanLow) + "–" + whole(g.Coarse.MeanHigh)
	}
	return chart.Mean(g) + ", " + p.Number(g.N)
}

// pointedAt is a shown group beside the chart: "66 (61–71), 58 of 74 answered".
func (p *phrases) pointedAt(g analytics.Group) string {
	if g.Headcount >= g.N && g.Headcount > 0 {
		return p.say("trend_point_of", "Mean", chart.Mean(g), "Answered", p.Number(g.N), "People", p.Number(g.Headcount))
	}
	return p.count("trend_point", g.N, "Mean", chart.Mean(g))
}

// shortList names the first two of many.
func (p *phrases) shortList(names []string) string {
	const few = 2
	if len(names) == 0 {
		return p.say("trend_show_none")
	}
	if more := len(names) - few; more > 0 {
		return p.allOf(append(append([]string{}, names[:few]...), p.count("trend_more_departments", more)))
	}
	return strings.Join(names, p.say("list_comma"))
}
