package analytics

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// Figures worked out by hand for five people; the departments are Ops and one that nobody answered for.
func TestFiguresOfAWaveWorkedOutByHand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		ops := s.department("Ops", 6)
		s.department("Empty", 3)
		w := s.closed(s.publish(allKinds("Pulse", 5, "")), "only",
			// easier, worried (reversed), ready (of 7): 100 100 100; 0 50 -; - - 100; 50 - -; 25 0 33.3
			reply(ops, 0, surveys.Answers{"easier": surveys.Number(5), "worried": surveys.Number(1), "ready": surveys.Number(7),
				"commend": surveys.Number(10), "when": surveys.Picked("w1"), "order": surveys.Picked("mail", "files", "phone")}),
			reply(ops, 0, surveys.Answers{"easier": surveys.Number(1), "worried": surveys.Number(3),
				"commend": surveys.Number(9), "when": surveys.Picked("other"), "need": surveys.Picked("time", "buddy"), "order": surveys.Picked("files", "mail", "phone")}),
			reply(ops, 0, surveys.Answers{"ready": surveys.Number(7), "heard": surveys.Number(2), "commend": surveys.Number(7),
				"when": surveys.Picked("w1"), "order": surveys.Picked("phone", "mail", "files")}),
			reply(ops, 0, surveys.Answers{"easier": surveys.Number(3), "heard": surveys.Number(7), "commend": surveys.Number(6),
				"when": surveys.Picked("w2"), "order": surveys.Picked("mail", "phone", "files")}),
			reply(ops, 0, surveys.Answers{"easier": surveys.Number(2), "worried": surveys.Number(5), "ready": surveys.Number(3),
				"commend": surveys.Number(0), "when": surveys.Picked("w1"), "order": surveys.Picked("mail", "files", "phone")}),
			// Without an answer nobody is counted for a measure; five have one of each that is shown below.
			reply(ops, 0, surveys.Answers{"easier": surveys.Number(4), "worried": surveys.Number(2)}))
		// Openness: 100, (0+50)/2 = 25, one of three items is too few, the same, (25+0+33.3)/3 = 19.44, (75+75)/2 = 75.
		openness := s.results(Breakdown{Wave: w.ID, Construct: surveys.Openness, By: ByDepartment})
		if len(openness.Groups) != 2 || openness.Groups[0].Reason != disclosure.TooFew || openness.Groups[1].Reason != disclosure.TooFew {
			t.Errorf("four people's openness is told: %+v", openness.Groups)
		}
		easier := s.results(Breakdown{Wave: w.ID, Question: "commend", By: ByDepartment})
		g := easier.Groups[1].Group
		if !g.Shown() || g.N != 5 || g.Mean != 64 || g.Favourable != 40 || g.Recommend == nil || g.Recommend.Score != 0 {
			t.Errorf("recommending is %+v %+v, want 5 people, mean 64, 40 %% favourable, score 40 - 40", g, g.Recommend)
		}
		for question, want := range map[string]map[string]int{
			"commend": {"10": 1, "9": 1, "7": 1, "6": 1, "0": 1},
			"when":    {"w1": 3, "w2": 1, "other": 1},
			"order":   {"mail:1": 3, "mail:2": 2, "files:1": 1, "files:2": 2, "files:3": 2, "phone:1": 1, "phone:2": 1, "phone:3": 3},
		} {
			res := s.results(Breakdown{Wave: w.ID, Question: question, By: ByDepartment})
			for _, g := range []Group{res.Total, res.Groups[1].Group} {
				if !maps.Equal(g.Counts, want) || g.Headcount != 6 && g.Headcount != 9 {
					t.Errorf("%s: %+v, want %v", question, g, want)
				}
			}
		}
	})
}

func TestNamedSurveysTellOfEverybodyWhoAnswered(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	departments, bands := s.departments(2), s.bands(2)
	text := strings.Replace(allKinds("Pulse", 5, "anonymity: named\nshow_results: open\n"), "minimum: 5\n", "", 1)
	w := s.open(s.publish(text), "wave")
	w.submit(reply(departments[0], bands[0], surveys.Answers{"easier": surveys.Number(5), "worried": surveys.Number(1), "when": surveys.Picked("w1")}),
		reply(departments[1], bands[0], surveys.Answers{"easier": surveys.Number(5)}),
		reply(departments[1], bands[1], surveys.Answers{"easier": surveys.Number(4)}))
	look := func() {
		t.Helper()
		for _, m := range allMeasures {
			all := w.views(m)
			mustAgree(t, all)
			for _, v := range all {
				want := w.truth(m, v.group)
				if v.told.Shown() != (want.n > 0) {
					t.Fatalf("%v, %s: a group of %d is %v", m, v.where, want.n, v.told.Level)
				}
				if v.told.Shown() {
					mustEqual(t, fmt.Sprint(m, v.where, v.group), v.told, want)
				}
			}
		}
	}
	w.step()
	look()
	w.close()
	look()
}

func TestAWaveThatWaitsForItsClosingTellsNothingBefore(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	departments, bands := s.departments(2), s.bands(1)
	q := s.publish(pulse("Pulse"))
	w := s.open(q, "wave")
	w.submit(each(departments[0], bands[0], "open", spread(40, 1, 2, 3, 4, 5)...)...)
	w.step() // even if a step were taken by mistake
	for _, m := range []measure{{construct: surveys.Openness}, {question: "open"}} {
		for _, v := range w.views(m) {
			if v.told.Level != disclosure.Hidden || v.told.Reason != disclosure.WaveOpen {
				t.Fatalf("%v, %s, %v: %+v", m, v.where, v.group, v.told)
			}
			mustTellNoMore(t, v.told)
		}
	}
	if trend := s.trend(TrendQuery{}); len(trend.Waves) != 0 || trend.Finding().Kind != NoResults {
		t.Errorf("the trend has %d waves", len(trend.Waves))
	}
}

func TestWhatAWaveDoesNotMeasureIsNotFound(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	d := s.department("Finance", 0)
	q := s.publish(pulse("Pulse") + "  - {id: say, kind: text, text: Anything else?}\n")
	w := s.closed(q, "only", each(d, 0, "open", spread(10, 1, 3, 5)...)...)
	for name, test := range map[string]struct {
		ask  Breakdown
		kind surveys.ErrorKind
	}{
		"another construct":           {Breakdown{Wave: w.ID, Construct: surveys.Engagement, By: ByDepartment}, surveys.NotFound},
		"another question":            {Breakdown{Wave: w.ID, Question: "easier", By: ByDepartment}, surveys.NotFound},
		"a text question":             {Breakdown{Wave: w.ID, Question: "say", By: ByDepartment}, surveys.NotFound},
		"another wave":                {Breakdown{Wave: w.ID + 1, Question: "open", By: ByDepartment}, surveys.NotFound},
		"departments of a department": {Breakdown{Wave: w.ID, Question: "open", By: ByDepartment, Department: d}, surveys.Invalid},
		"bands of a band":             {Breakdown{Wave: w.ID, Question: "open", By: ByBand, Band: 1}, surveys.Invalid},
	} {
		if res, err := s.reader.Results(t.Context(), test.ask); surveys.KindOf(err) != test.kind || res != nil {
			t.Errorf("%s: %v, %+v", name, err, res)
		}
	}
	if res, err := s.reader.Results(t.Context(), Breakdown{Wave: w.ID, By: ByDepartment}); err != nil || res.Construct != surveys.Openness {
		t.Errorf("no construct: %v, %+v, want what the wave is about", err, res)
	}
	for _, construct := range []string{surveys.Engagement, ""} {
		trend, err := s.reader.Trend(t.Context(), TrendQuery{Construct: construct})
		if err != nil || len(trend.Waves) != 0 || len(trend.Series) != 0 {
			t.Errorf("the trend of %q, which nothing measures, has %d waves, %v", construct, len(trend.Waves), err)
		}
	}
}

func TestATrendKeepsTheLatestWavesInTheirOrder(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	d := s.department("Finance", 0)
	one, two := s.publish(pulse("One")), s.publish(pulse("Two"))
	for i, q := range []*surveys.Questionnaire{one, two, one, one} {
		s.closed(q, fmt.Sprint("wave ", i), each(d, 0, "open", spread(10+i, 1, 3, 5)...)...)
	}
	for _, test := range []struct {
		ask  TrendQuery
		want []string
	}{
		{TrendQuery{}, []string{"wave 0", "wave 1", "wave 2", "wave 3"}},
		{TrendQuery{Last: 2}, []string{"wave 2", "wave 3"}},
		{TrendQuery{Last: 9}, []string{"wave 0", "wave 1", "wave 2", "wave 3"}},
		{TrendQuery{Survey: one.Survey, Last: 2}, []string{"wave 2", "wave 3"}},
		{TrendQuery{Survey: two.Survey}, []string{"wave 1"}},
	} {
		trend := s.trend(test.ask)
		var got []string
		for i, w := range trend.Waves {
			got = append(got, w.Label)
			if n := 10 + int(w.Label[5]-'0'); trend.Series[0].Points[i].N != n || trend.Total[i].N != n || trend.Taken[i].Group.N != n {
				t.Errorf("%+v: %s has %d people, want %d", test.ask, w.Label, trend.Series[0].Points[i].N, n)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%+v: %v, want %v", test.ask, got, test.want)
		}
	}
}

// The sentence and the trend's totals stand beside the views of every measure: no measure may be told of more people
// than took part, and participation is told like any other figure.
func TestParticipationPassesTheGateToo(t *testing.T) {
	eachRandomWave(t, 25, 5, func(t *testing.T, w *run) {
		trend := w.trend(TrendQuery{Survey: w.Survey})
		g, n := trend.Taken[0].Group, len(w.replies)
		if shown := n >= w.questionnaire.Document.SmallestGroup(); g.Shown() != shown || shown && g.N != n {
			t.Fatalf("%d of %d took part: %+v", g.N, n, g)
		}
		if g.Scored || g.Mean != 0 || g.SD != 0 || g.Counts != nil || g.HasInterval {
			t.Fatalf("participation tells more than a number: %+v", g)
		}
		mustTellNoMore(t, g)
	})
}

func TestADepartmentWithAHeadcountIsListedThoughNobodyAnswered(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance, silent := s.department("Finance", 30), s.department("Silent", 12)
	few := s.department("Two of them", 8)
	q := s.publish(pulse("Pulse"))
	w := s.closed(q, "only", slices.Concat(each(finance, 0, "open", spread(20, 1, 3, 5)...), each(few, 0, "open", 2, 4),
		each(0, 0, "open", spread(10, 1, 3, 5)...))...)
	var groups []Group
	for _, v := range w.views(measure{construct: surveys.Openness}) {
		if v.group == (cells{silent, every}) || v.group == (cells{few, every}) {
			headcount := map[surveys.DepartmentID]int{silent: 12, few: 8}[v.group.department]
			if v.told.Headcount != headcount {
				t.Errorf("%s: the headcount is %d, want %d", v.where, v.told.Headcount, headcount)
			}
			v.told.Headcount = 0
			groups = append(groups, v.told)
		}
	}
	for _, g := range groups {
		if want := (Group{Level: disclosure.Hidden, Reason: disclosure.TooFew}); !reflect.DeepEqual(g, want) {
			t.Errorf("nobody and a few are told apart: %+v, want %+v", g, want)
		}
	}
	if len(groups) != 6 {
		t.Errorf("the two departments are in %d views, want all six that list or filter departments", len(groups))
	}
}

func TestAHeadcountThatIsKnownOnlyInPartIsNotTold(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	counted, silent, uncounted := s.department("Counted", 30), s.department("Silent", 10), s.department("Not counted", 0)
	q := s.publish(pulse("Pulse"))
	for _, test := range []struct {
		label     string
		replies   []surveys.Reply
		headcount int
		want      Turnout
	}{
		{"known", each(counted, 0, "open", spread(20, 1, 3, 5)...), 40, Turnout{20, 40}},
		{"in part", slices.Concat(each(counted, 0, "open", spread(20, 1, 3, 5)...), each(uncounted, 0, "open", spread(10, 1, 3, 5)...)), 0,
			Turnout{30, 0}},
		{"department not said", slices.Concat(each(counted, 0, "open", spread(20, 1, 3, 5)...), each(0, 0, "open", spread(10, 1, 3, 5)...)), 0,
			Turnout{30, 0}},
	} {
		w := s.closed(q, test.label, test.replies...)
		trend := s.trend(TrendQuery{Last: 1})
		res := s.results(Breakdown{Wave: w.ID, Construct: surveys.Openness, By: ByDepartment})
		if res.Total.Headcount != test.headcount || trend.Total[0].Headcount != test.headcount || trend.Taken[0].Headcount != test.headcount {
			t.Errorf("%s: the headcount is %d, want %d", test.label, res.Total.Headcount, test.headcount)
		}
		if got := trend.Finding().Taken; got == nil || *got != test.want {
			t.Errorf("%s: %v, want %v", test.label, got, test.want)
		}
		for _, series := range trend.Series {
			if series.Department.ID == silent && series.Points[0].Headcount != 10 {
				t.Errorf("%s: who did not answer are %d", test.label, series.Points[0].Headcount)
			}
		}
	}
}
