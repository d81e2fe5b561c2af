package analytics

import (
	"strings"
	"testing"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// level is a shown group of 40 people with an sd of 10.
func level(mean float64) Group {
	const n, sd = 40, 10
	return Group{Level: disclosure.Shown, N: n, Scored: true, Mean: mean, SD: sd, HasSD: true,
		sums: stats.Sums{N: n, Sum: n * mean, SumSquares: (n-1)*sd*sd + n*mean*mean}}
}

var tooFew = Group{Level: disclosure.Hidden, Reason: disclosure.TooFew}

// line is a department's means by wave; below 0 it is hidden.
type line struct {
	name  string
	means []float64
}

func trendOf(construct string, waves []string, lines ...line) *Trend {
	t := &Trend{Construct: construct}
	for i, label := range waves {
		doc := &surveys.Document{Title: "Pulse", Questions: []surveys.Question{{ID: "q", Kind: surveys.Scale, Points: 5, Construct: construct}}}
		t.Waves = append(t.Waves, Wave{surveys.Wave{ID: surveys.WaveID(i + 1), Survey: 1, Label: label}, &surveys.Questionnaire{Document: doc}})
		t.Total = append(t.Total, level(55))
		everyone := Group{Level: disclosure.Shown, N: 321}
		t.Taken = append(t.Taken, Participation{everyone, 600})
	}
	for i, l := range lines {
		s := Series{Department: surveys.Department{ID: surveys.DepartmentID(i + 1), Name: l.name}}
		for _, mean := range l.means {
			g := tooFew
			if mean >= 0 {
				g = level(mean)
			}
			s.Points = append(s.Points, g)
		}
		t.Series = append(t.Series, s)
	}
	return t
}

func (f Finding) text() string {
	var text strings.Builder
	for _, part := range f.Headline {
		text.WriteString(part.Text)
	}
	return strings.TrimSpace(text.String())
}

func TestFindings(t *testing.T) {
	march, both := []string{"March"}, []string{"March", "June"}
	up, down, flat := []float64{40, 60}, []float64{60, 40}, []float64{50, 51}
	tests := map[string]struct {
		trend            *Trend
		headline, detail string
	}{
		"no waves": {trendOf(surveys.Openness, nil), "There are no results yet.", "They appear here once the first wave is closed."},
		"first wave": {trendOf(surveys.Openness, march, line{"Finance", []float64{50}}),
			"Openness stands at 55 of 100 in March; there is nothing yet to compare it with.",
			"321 of 600 people answered “Pulse” in March (54 %)."},
		"too few": {trendOf(surveys.Openness, both, line{"Finance", []float64{50, -1}}, line{"Legal", []float64{-1, -1}}),
			"Too few people answered June to show any department.", "321 of 600 people answered “Pulse” in June (54 %)."},
		"one mover": {trendOf(surveys.Openness, both, line{"Finance", up}, line{"Legal", flat}),
			"Finance has become clearly more open since March.",
			"The other department shows no clear change. 321 of 600 people answered “Pulse” in June (54 %)."},
		"two movers": {trendOf(surveys.Openness, both, line{"Finance", up}, line{"Legal", []float64{30, 60}}, line{"IT", flat}, line{"HR", flat}),
			"Legal and Finance have become clearly more open since March.",
			"The other 2 departments show no clear change. 321 of 600 people answered “Pulse” in June (54 %)."},
		"three movers": {trendOf(surveys.Openness, both, line{"A", up}, line{"B", up}, line{"C", up}),
			"A, B and C have become clearly more open since March.", "321 of 600 people answered “Pulse” in June (54 %)."},
		"four movers": {trendOf(surveys.Openness, both, line{"A", up}, line{"B", up}, line{"C", up}, line{"D", up}),
			"A, B, C and D have become clearly more open since March.", "321 of 600 people answered “Pulse” in June (54 %)."},
		"six movers": {trendOf(surveys.Openness, both, line{"A", up}, line{"B", up}, line{"C", up}, line{"D", up}, line{"E", up}, line{"F", up}),
			"A, B, C, D and 2 more have become clearly more open since March.", "321 of 600 people answered “Pulse” in June (54 %)."},
		"both ways": {trendOf(surveys.Openness, both, line{"Finance", down}, line{"Legal", up}),
			"Legal has become clearly more open since March. Finance has become clearly less open since March.",
			"321 of 600 people answered “Pulse” in June (54 %)."},
		"none": {trendOf(surveys.Openness, both, line{"Finance", flat}, line{"Legal", flat}),
			"No department shows a clear change since March.", "321 of 600 people answered “Pulse” in June (54 %)."},
		"another construct": {trendOf(surveys.Engagement, both, line{"Finance", up}, line{"Legal", down}),
			"Finance has clearly risen in engagement since March. Legal has clearly fallen in engagement since March.",
			"321 of 600 people answered “Pulse” in June (54 %)."},
		"nothing to compare with": {trendOf(surveys.Openness, both, line{"Finance", []float64{-1, 50}}),
			"Openness stands at 55 of 100 in June; there is nothing yet to compare it with.",
			"321 of 600 people answered “Pulse” in June (54 %)."},
		"names are text": {trendOf(surveys.Openness, both, line{"<b>%d</b>&amp;{a}", up}, line{"IT", flat}),
			"<b>%d</b>&amp;{a} has become clearly more open since March.",
			"The other department shows no clear change. 321 of 600 people answered “Pulse” in June (54 %)."},
		"no departments": {trendOf(surveys.Openness, both),
			"Openness stands at 55 of 100 in June; there is nothing yet to compare it with.",
			"321 of 600 people answered “Pulse” in June (54 %)."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := test.trend.Finding()
			if got := f.text(); got != test.headline {
				t.Errorf("the headline is\n%q, want\n%q", got, test.headline)
			}
			if f.Detail != test.detail {
				t.Errorf("the detail is\n%q, want\n%q", f.Detail, test.detail)
			}
		})
	}
}

func TestOnlyTheNamesOfMoversAreColoured(t *testing.T) {
	f := trendOf(surveys.Openness, []string{"March", "June"}, line{"Finance", []float64{60, 40}}, line{"Legal", []float64{40, 60}}).Finding()
	want := map[string]stats.Verdict{"Finance": stats.ClearlyDown, "Legal": stats.ClearlyUp}
	for _, part := range f.Headline {
		if part.Verdict != want[part.Text] {
			t.Errorf("%q is coloured %v", part.Text, part.Verdict)
		}
		delete(want, part.Text)
	}
	if len(want) > 0 {
		t.Errorf("the headline leaves out %v", want)
	}
}

func TestTheSentenceOnParticipationTellsOnlyWhatMayBeTold(t *testing.T) {
	for name, test := range map[string]struct {
		taken Participation
		want  string
	}{
		"against the headcount": {Participation{Group{Level: disclosure.Shown, N: 12}, 40}, "12 of 40 people answered “Pulse” in March (30 %)."},
		"headcount not known":   {Participation{Group{Level: disclosure.Shown, N: 12}, 0}, "12 people answered “Pulse” in March."},
		"more than there are":   {Participation{Group{Level: disclosure.Shown, N: 12}, 11}, "12 people answered “Pulse” in March."},
		"one, by name":          {Participation{Group{Level: disclosure.Shown, N: 1}, 0}, "1 person answered “Pulse” in March."},
		"hidden":                {Participation{Group{Level: disclosure.Hidden, Reason: disclosure.TooFew}, 40}, ""},
		"still open":            {Participation{Group{Level: disclosure.Hidden, Reason: disclosure.WaveOpen}, 40}, ""},
		"nobody":                {Participation{Group{Level: disclosure.Shown}, 40}, ""},
	} {
		trend := trendOf(surveys.Openness, []string{"March"}, line{"Finance", []float64{50}})
		trend.Taken[0] = test.taken
		if got := trend.Finding().Detail; got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// The whole way from answers to the sentence.
func TestTheFindingOfAnsweredWaves(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance, legal := s.department("Finance", 40), s.department("Legal", 30)
	s.bands(2)
	q := s.publish(pulse("Change pulse"))
	s.closed(q, "March", append(each(finance, 1, "open", spread(30, 1, 2, 3)...), each(legal, 2, "open", spread(20, 2, 3, 4)...)...)...)
	s.closed(q, "June", append(each(finance, 1, "open", spread(30, 3, 4, 5)...), each(legal, 2, "open", spread(20, 2, 3, 4)...)...)...)
	f := s.trend(TrendQuery{}).Finding()
	if got, want := f.text(), "Finance has become clearly more open since March."; got != want {
		t.Errorf("the headline is %q, want %q", got, want)
	}
	if want := "The other department shows no clear change. 50 of 70 people answered “Change pulse” in June (71 %)."; f.Detail != want {
		t.Errorf("the detail is %q, want %q", f.Detail, want)
	}
}
