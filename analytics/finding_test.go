package analytics

import (
	"reflect"
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

func TestFindings(t *testing.T) {
	march, both := []string{"March"}, []string{"March", "June"}
	up, down, flat := []float64{40, 60}, []float64{60, 40}, []float64{50, 51}
	told := &Turnout{321, 600}
	tests := map[string]struct {
		trend *Trend
		want  Finding
	}{
		"no waves": {trendOf(surveys.Openness, nil), Finding{Kind: NoResults}},
		"first wave": {trendOf(surveys.Openness, march, line{"Finance", []float64{50}}),
			Finding{Kind: FirstLevel, Wave: "March", Mean: 55, HasMean: true, Taken: told}},
		"too few": {trendOf(surveys.Openness, both, line{"Finance", []float64{50, -1}}, line{"Legal", []float64{-1, -1}}),
			Finding{Kind: NoneShown, Wave: "June", Taken: told}},
		"one mover": {trendOf(surveys.Openness, both, line{"Finance", up}, line{"Legal", flat}),
			Finding{Kind: Moved, Wave: "June", Since: "March", Up: []string{"Finance"}, Unmoved: 1, Taken: told}},
		"the furthest first": {trendOf(surveys.Openness, both, line{"Finance", up}, line{"Legal", []float64{30, 60}}, line{"IT", flat}, line{"HR", flat}),
			Finding{Kind: Moved, Wave: "June", Since: "March", Up: []string{"Legal", "Finance"}, Unmoved: 2, Taken: told}},
		"both ways": {trendOf(surveys.Openness, both, line{"Finance", down}, line{"Legal", up}),
			Finding{Kind: Moved, Wave: "June", Since: "March", Up: []string{"Legal"}, Down: []string{"Finance"}, Taken: told}},
		"none": {trendOf(surveys.Openness, both, line{"Finance", flat}, line{"Legal", flat}),
			Finding{Kind: Still, Wave: "June", Since: "March", Unmoved: 2, Taken: told}},
		"another construct": {trendOf(surveys.Engagement, both, line{"Finance", up}, line{"Legal", down}),
			Finding{Kind: Moved, Wave: "June", Since: "March", Up: []string{"Finance"}, Down: []string{"Legal"}, Taken: told}},
		"nothing to compare with": {trendOf(surveys.Openness, both, line{"Finance", []float64{-1, 50}}),
			Finding{Kind: FirstLevel, Wave: "June", Mean: 55, HasMean: true, Taken: told}},
		"no departments": {trendOf(surveys.Openness, both),
			Finding{Kind: FirstLevel, Wave: "June", Mean: 55, HasMean: true, Taken: told}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.want.Construct = test.trend.Construct
			if got := test.trend.Finding(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("the finding is\n%+v, want\n%+v", got, test.want)
			}
		})
	}
}

func TestAFindingTellsOnlyWhatMayBeTold(t *testing.T) {
	for name, test := range map[string]struct {
		taken Participation
		want  *Turnout
	}{
		"against the headcount": {Participation{Group{Level: disclosure.Shown, N: 12}, 40}, &Turnout{12, 40}},
		"headcount not known":   {Participation{Group{Level: disclosure.Shown, N: 12}, 0}, &Turnout{12, 0}},
		"more than there are":   {Participation{Group{Level: disclosure.Shown, N: 12}, 11}, &Turnout{12, 0}},
		"one, by name":          {Participation{Group{Level: disclosure.Shown, N: 1}, 0}, &Turnout{1, 0}},
		"hidden":                {Participation{tooFew, 40}, nil},
		"still open":            {Participation{Group{Level: disclosure.Hidden, Reason: disclosure.WaveOpen}, 40}, nil},
		"nobody":                {Participation{Group{Level: disclosure.Shown}, 40}, nil},
	} {
		trend := trendOf(surveys.Openness, []string{"March"}, line{"Finance", []float64{50}})
		trend.Taken[0] = test.taken
		if got := trend.Finding().Taken; !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	trend := trendOf(surveys.Openness, []string{"March"}, line{"Finance", []float64{50}})
	trend.Total[0] = tooFew
	if f := trend.Finding(); f.HasMean || f.Mean != 0 {
		t.Errorf("a hidden mean is told: %+v", f)
	}
}

// The whole way from answers to the finding.
func TestTheFindingOfAnsweredWaves(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance, legal := s.department("Finance", 40), s.department("Legal", 30)
	s.bands(2)
	q := s.publish(pulse("Change pulse"))
	s.closed(q, "March", append(each(finance, 1, "open", spread(30, 1, 2, 3)...), each(legal, 2, "open", spread(20, 2, 3, 4)...)...)...)
	s.closed(q, "June", append(each(finance, 1, "open", spread(30, 3, 4, 5)...), each(legal, 2, "open", spread(20, 2, 3, 4)...)...)...)
	want := Finding{Kind: Moved, Construct: surveys.Openness, Wave: "June", Since: "March", Up: []string{"Finance"}, Unmoved: 1,
		Taken: &Turnout{50, 70}}
	if got := s.trend(TrendQuery{}).Finding(); !reflect.DeepEqual(got, want) {
		t.Errorf("the finding is\n%+v, want\n%+v", got, want)
	}
}
