package web

import (
	"strings"

	"soundings/analytics"
)

// trendMeasure names what a trend is of: a construct, or a question as it was asked last.
func (p *phrases) trendMeasure(view *trendView) string {
	if q := view.trend.Question; q != nil {
		return p.say("trend_question", "Text", q.Text)
	}
	return p.measure(view.ask.Construct)
}

// trendColumn is the measure where there is no room for a question.
func (p *phrases) trendColumn(view *trendView) string {
	switch q := view.trend.Question; {
	case view.trend.Recommends():
		return p.say("trend_score")
	case q != nil:
		return p.say("trend_mean")
	}
	return p.measure(view.ask.Construct)
}

func (p *phrases) trendHeadline(view *trendView, measure string) []part {
	f := view.trend.Finding()
	if q := view.trend.Question; q != nil {
		f.Construct = q.Text
	}
	if view.trend.Recommends() && f.Kind == analytics.FirstLevel && f.HasMean {
		return []part{{Text: p.say("trend_level_score", "Measure", measure, "Mean", signed(f.Mean), "Wave", f.Wave)}}
	}
	return p.headline(f)
}

// trendDetail is the line beneath the headline: whom the view is about, and what it leaves out.
func (p *phrases) trendDetail(view *trendView, filters trendFilters, limited bool) string {
	var sentences []string
	survey := ""
	if n := len(view.trend.Waves); n > 0 {
		survey = p.titled(view.trend.Waves[n-1].Questionnaire.Document).Text
	}
	for _, b := range filters.Bands {
		if b.Selected {
			sentences = append(sentences, p.say("trend_one_band", "Band", b.Text))
		}
	}
	sentences = append(sentences, p.detail(view.trend.Finding(), survey))
	if left := view.trend.Left; left > 0 {
		sentences = append(sentences, p.count("trend_left_"+string(view.ask.Per), left))
	}
	if limited {
		sentences = append(sentences, p.say("limited_view"))
	}
	return strings.TrimSpace(strings.Join(sentences, " "))
}
