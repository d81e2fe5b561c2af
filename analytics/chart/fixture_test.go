package chart

import (
	"fmt"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/surveys"
)

// shown is a group of whom figures may be told.
func shown(mean, low, high float64, n int) analytics.Group {
	return analytics.Group{Level: disclosure.Shown, N: n, Headcount: 2 * n, Scored: true, Mean: mean, SD: 20, HasSD: true,
		Low: low, High: high, HasInterval: true, Favourable: 50}
}

// fact is a group of whom everyone answered: there is no interval.
func fact(mean float64) analytics.Group {
	return analytics.Group{Level: disclosure.Shown, N: 9, Headcount: 9, Scored: true, Mean: mean, SD: 20, HasSD: true, Favourable: 50}
}

func hidden(r disclosure.Reason) analytics.Group { return analytics.Group{Reason: r, Headcount: 7} }

func coarse() analytics.Group {
	return analytics.Group{Level: disclosure.Coarse, N: 7, Headcount: 8, Scored: true, Coarse: &analytics.Coarse{MeanLow: 50, MeanHigh: 100}}
}

// wave is one of a survey; waves of the same version asked the same questions.
func wave(id int, survey surveys.SurveyID, version int) analytics.Wave {
	doc := &surveys.Document{Title: "Pulse", Questions: []surveys.Question{{ID: "q", Kind: surveys.Scale, Points: 5, Construct: surveys.Openness}}}
	return analytics.Wave{
		Wave:          surveys.Wave{ID: surveys.WaveID(id), Survey: survey, Label: fmt.Sprintf("2026 Q%d", id), State: surveys.Closed},
		Questionnaire: &surveys.Questionnaire{Survey: survey, Version: version, Document: doc, Versions: map[string]int{"q": version}},
	}
}

func trendOf(waves []analytics.Wave, series ...analytics.Series) *analytics.Trend {
	return &analytics.Trend{Construct: surveys.Openness, Waves: waves, Series: series}
}

func lineOf(id int, name string, points ...analytics.Group) analytics.Series {
	return analytics.Series{Department: surveys.Department{ID: surveys.DepartmentID(id), Name: name}, Points: points}
}

// quarters are three waves of one survey.
func quarters() []analytics.Wave {
	return []analytics.Wave{wave(1, 1, 1), wave(2, 1, 1), wave(3, 1, 1)}
}

// choose gives the styles to departments in their order.
func choose(ids ...surveys.DepartmentID) map[surveys.DepartmentID]Style {
	styles := map[surveys.DepartmentID]Style{}
	for i, id := range ids {
		styles[id] = Styles()[i]
	}
	return styles
}

// small is a trend with everything in it: chosen and other departments, a wave without an interval, hidden and coarse
// groups, a department that is never shown, and markup for a name.
func small() (*analytics.Trend, map[surveys.DepartmentID]Style) {
	return trendOf(quarters(),
		lineOf(1, "Finance", shown(41.236, 35.111, 47.361, 30), shown(52.5, 44, 61, 24), shown(63.333333, 57.1, 69.566666, 33)),
		lineOf(2, `</script><script>alert("1")</script>`, shown(50, 40, 60, 12), hidden(disclosure.TooFew), shown(48, 38.004, 57.996, 13)),
		lineOf(3, "Works", fact(72), coarse(), fact(70)),
		lineOf(4, "Legal", hidden(disclosure.TooFew), hidden(disclosure.Protects), coarse()),
	), choose(1, 2)
}

// describe stands for the page's words.
func describe(g analytics.Group) string {
	if g.Headcount > 0 {
		return fmt.Sprintf("%s, %d of %d answered", Mean(g), g.N, g.Headcount)
	}
	return fmt.Sprintf("%s, %d answered", Mean(g), g.N)
}
