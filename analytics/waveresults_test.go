package analytics

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"gorm.io/gorm"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func (s *site) waveResults(ask WaveQuery) *WaveResults {
	s.Helper()
	if ask.By == "" {
		ask.By = ByDepartment
	}
	res, err := s.reader.WaveResults(s.Context(), ask)
	if err != nil {
		s.Fatal(err)
	}
	return res
}

func (res *WaveResults) of(t testing.TB, m measure) *Measured {
	t.Helper()
	found, ok := res.Measure(m.construct, m.question)
	if !ok {
		t.Fatalf("nothing is told of %v", m)
	}
	return found
}

// pages is what readers are told of all measures of a wave at once, by department and by band, under every filter.
func (r *run) pages() map[measure][]view {
	r.Helper()
	departments, bands := r.lists()
	all := map[measure][]view{}
	take := func(ask WaveQuery) {
		ask.Wave = r.ID
		res := r.waveResults(ask)
		for _, m := range res.Measures {
			id, where := measure{construct: m.Construct}, fmt.Sprintf("all results, %+v", ask)
			if m.Question != nil {
				id.question = m.Question.ID
			}
			all[id] = append(all[id], view{where, cells{orEvery(ask.Department), orEvery(ask.Band)}, m.Total.Group})
			for i, of := range res.Units {
				group := cells{orEvery(ask.Department + of.Department.ID), orEvery(ask.Band + of.Band.ID)}
				all[id] = append(all[id], view{where, group, m.Units[i].Group})
			}
		}
	}
	for _, band := range append([]surveys.BandID{0}, bands...) {
		take(WaveQuery{By: ByDepartment, Band: band})
	}
	for _, department := range append([]surveys.DepartmentID{0}, departments...) {
		take(WaveQuery{By: ByBand, Department: department})
	}
	return all
}

func near(t testing.TB, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// MEASURES: Welch of A 60 70 80 90 and B 50 55 60 65 70 gives p .1001 and -4.22 to 34.22.
func TestTheMoveOfAWaveIsThatOfTheTrend(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		finance := s.department("Finance", 0)
		q := s.publish(fiveItems("Pulse"))
		s.closed(q, "before", scoringAll(finance, 50, 55, 60, 65, 70)...)
		w := s.closed(q, "after", scoringAll(finance, 60, 70, 80, 90)...)
		res := s.waveResults(WaveQuery{Wave: w.ID})
		m := res.of(t, measure{construct: surveys.Openness})
		if m.Comparison != Compared || res.Before == nil || res.Before.Label != "before" {
			t.Fatalf("compared with %+v: %v", res.Before, m.Comparison)
		}
		for _, told := range []Told{m.Units[0], m.Total} {
			near(t, "the move", told.Change.Difference, 15, 1e-9)
			near(t, "p", told.Change.P, .1001, .00005)
			near(t, "low", told.Change.Low, -4.22, .005)
			near(t, "high", told.Change.High, 34.22, .005)
			if told.Change.Verdict != stats.NoClearChange {
				t.Errorf("the verdict is %v", told.Change.Verdict)
			}
		}
		trend := s.trend(TrendQuery{})
		if move := trend.SinceLast()[0]; move.P != m.Units[0].Change.P || move.Smallest != m.Units[0].Change.Smallest {
			t.Errorf("the trend says %+v, the wave %+v", move, m.Units[0].Change)
		}
	})
}

// MEASURES: Wilson of 7/10 is 39.7 to 89.2, of 14/20 is 48.1 to 85.5.
func TestSharesStandWithWilsonsInterval(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	small, large := s.department("Small", 0), s.department("Large", 0)
	w := s.closed(s.publish(pulse("Pulse")), "only", slices.Concat(
		each(small, 0, "open", 4, 4, 4, 5, 5, 5, 5, 3, 2, 1), each(large, 0, "open", slices.Concat(spread(14, 4, 5), spread(6, 1, 3))...))...)
	m := s.waveResults(WaveQuery{Wave: w.ID}).of(t, measure{question: "open"})
	for i, want := range []struct{ low, high, unfavourable float64 }{{48.1, 85.5, 15}, {39.7, 89.2, 20}} { // by name: Large, Small
		sides, ok := m.Units[i].Sides()
		if !ok || sides.Favourable.Percent != 70 || sides.Unfavourable.Percent != want.unfavourable || math.Abs(sides.Neutral.Percent-(30-want.unfavourable)) > 1e-9 {
			t.Fatalf("%d: %+v", i, sides)
		}
		near(t, "low", sides.Favourable.Low, want.low, .05)
		near(t, "high", sides.Favourable.High, want.high, .05)
	}
}

// newcombe's p is the score test with the pooled share, straight from the formula.
func pooled(x1, n1, x2, n2 float64) float64 {
	p := (x1 + x2) / (n1 + n2)
	z := (x1/n1 - x2/n2) / math.Sqrt(p*(1-p)*(1/n1+1/n2))
	return 2 * distuv.UnitNormal.Survival(math.Abs(z))
}

func TestEachOptionIsJudgedBesideTheDepartmentsShownWithIt(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	a, b := s.department("A", 0), s.department("B", 0)
	q := s.publish(allKinds("Pulse", 5, ""))
	pick := func(d surveys.DepartmentID, first, second, third int) (list []surveys.Reply) {
		for option, n := range map[string]int{"w1": first, "w2": second, "w3": third} {
			for range n {
				list = append(list, reply(d, 0, surveys.Answers{"when": surveys.Picked(option)}))
			}
		}
		return list
	}
	s.closed(q, "before", slices.Concat(pick(a, 10, 20, 10), pick(b, 20, 15, 5))...)
	w := s.closed(q, "after", slices.Concat(pick(a, 25, 10, 5), pick(b, 24, 11, 5))...)
	m := s.waveResults(WaveQuery{Wave: w.ID}).of(t, measure{question: "when"})
	want := holm([]float64{pooled(25, 40, 10, 40), pooled(24, 40, 20, 40)})
	for i, verdict := range []stats.Verdict{stats.ClearlyUp, stats.NoClearChange} {
		option := m.Units[i].Options[0]
		if option.ID != "w1" || option.Share.Count != []int{25, 24}[i] || option.Change.Verdict != verdict {
			t.Errorf("%d: %+v, want %v", i, option, verdict)
		}
		near(t, "p", option.Change.P, want[i], 1e-9)
		near(t, "the move", option.Change.Difference, []float64{37.5, 10}[i], 1e-9)
	}
	if other := m.Units[0].Options[3]; other.ID != surveys.OtherOption || other.Share.Count != 0 || other.Share.Percent != 0 {
		t.Errorf("nobody wrote an answer of their own, told is %+v", other)
	}
}

// Mail is first for three and second for two: 1.4 on average; files 1, 2, 2, 3, 3; phone 1, 2, 3, 3, 3.
func TestARankingIsTheMeanOfThePlaces(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	ops := s.department("Ops", 0)
	var replies []surveys.Reply
	for _, order := range []string{"mail files phone", "files mail phone", "phone mail files", "mail phone files", "mail files phone"} {
		replies = append(replies, reply(ops, 0, surveys.Answers{"order": surveys.Picked(strings.Fields(order)...)}))
	}
	w := s.closed(s.publish(allKinds("Pulse", 5, "")), "only", replies...)
	told := s.waveResults(WaveQuery{Wave: w.ID}).of(t, measure{question: "order"}).Units[0]
	for i, want := range []struct {
		id      string
		mean    float64
		percent float64
	}{{"mail", 1.4, 60}, {"files", 2.2, 20}, {"phone", 2.4, 20}} {
		o := told.Options[i]
		if o.ID != want.id || o.Share.Percent != want.percent || o.Rank == nil || o.Rank.N != 5 || math.Abs(o.Rank.Mean-want.mean) > 1e-9 {
			t.Errorf("%+v %+v, want %+v", o, o.Rank, want)
		}
	}
	// t(4) = 2.7764 times sd .5477 / sqrt 5 = .6801
	near(t, "low", told.Options[0].Rank.Low, 1, 1e-9) // .72 would be before the first place
	near(t, "high", told.Options[0].Rank.High, 2.0801, .0001)
}

// MEASURES: the rows [4 5 4][2 3 2][5 5 4][3 3 3][1 2 2] have an alpha of .9628; six times over, of the same but for n-1,
// which cancels out.
func TestReliabilityOfAConstructIsThatOfMeasures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		finance := s.department("Finance", 0)
		q := s.publish(`title: Pulse
purpose: change
language: en
minimum: 5
questions:
  - {id: a, kind: scale, points: 5, text: A, construct: openness}
  - {id: b, kind: scale, points: 5, text: B, construct: openness, reversed: true}
  - {id: c, kind: scale, points: 5, text: C, construct: openness}
  - {id: d, kind: scale, points: 5, text: D, construct: engagement}
`)
		rows := [][3]int{{4, 5, 4}, {2, 3, 2}, {5, 5, 4}, {3, 3, 3}, {1, 2, 2}}
		wave := func(complete, partial int) *WaveResults {
			var replies []surveys.Reply
			for i := range complete + partial {
				row := rows[i%len(rows)]
				answers := surveys.Answers{"a": surveys.Number(row[0]), "b": surveys.Number(6 - row[1]), "c": surveys.Number(row[2]), "d": surveys.Number(row[0])}
				if i >= complete {
					delete(answers, "c")
				}
				replies = append(replies, reply(finance, 0, answers))
			}
			w := s.closed(q, fmt.Sprint(complete, partial), replies...)
			return s.waveResults(WaveQuery{Wave: w.ID})
		}
		for _, test := range []struct {
			complete, partial int
			told              bool
		}{{30, 0, true}, {30, 5, true}, {30, 4, false}, {29, 0, false}} {
			got := wave(test.complete, test.partial).of(t, measure{construct: surveys.Openness}).Reliability
			if (got != nil) != test.told {
				t.Fatalf("%+v: %+v", test, got)
			}
			if got == nil {
				continue
			}
			near(t, "alpha", got.Value, .9628, .00005)
			if got.Persons != 30 || got.Items != 3 || !got.Few {
				t.Errorf("%+v: %+v", test, got)
			}
		}
		if got := wave(30, 0).of(t, measure{construct: surveys.Engagement}).Reliability; got != nil {
			t.Errorf("one item has a reliability of %+v", got)
		}
	})
}

func TestWhatWasAskedDifferentlyIsNotCompared(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance := s.department("Finance", 0)
	text := fmt.Sprintf(twoItems, "Pulse", 5)
	one := s.publish(text)
	answers := func() (list []surveys.Reply) {
		for i := range 20 {
			list = append(list, pair(finance, 0, 1+i%5, 1+(i+1)%5))
		}
		return list
	}
	first := s.closed(one, "first", answers()...)
	expect := func(w *run, want map[measure]Comparison) {
		t.Helper()
		res := s.waveResults(WaveQuery{Wave: w.ID})
		for m, comparison := range want {
			told := res.of(t, m)
			if told.Comparison != comparison || (told.Total.Change.Verdict == stats.NotComparable) != (comparison != Compared) {
				t.Errorf("%v: %v, %+v, want %v", m, told.Comparison, told.Total.Change, comparison)
			}
		}
	}
	expect(first, map[measure]Comparison{family[0]: FirstTime, family[1]: FirstTime})
	s.closed(s.publish(strings.Replace(text, "Pulse", "Another survey", 1)), "another", answers()...)
	two := s.publishVersion(one.Survey, strings.Replace(text, "I am for it.", "I am against it.", 1))
	expect(s.closed(two, "second", answers()...), map[measure]Comparison{family[0]: Changed, family[1]: Compared, family[2]: Changed})
	expect(s.closed(two, "third", answers()...), map[measure]Comparison{family[0]: Compared, family[1]: Compared, family[2]: Compared})
}

func TestWhoTookPartCarriesItsWarnings(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	most, half, wrong := s.department("A most", 20), s.department("B half", 20), s.department("C wrong", 8)
	s.department("D nobody", 40)
	w := s.closed(s.publish(pulse("Pulse")), "only", slices.Concat(each(most, 0, "open", spread(12, 1, 3, 5)...),
		each(half, 0, "open", spread(11, 1, 3, 5)...), each(wrong, 0, "open", spread(9, 1, 3, 5)...))...)
	res := s.waveResults(WaveQuery{Wave: w.ID})
	for i, want := range []Presence{{Rate: .6, HasRate: true}, {Rate: .55, HasRate: true, Few: true}, {}, {}} {
		got := res.Taken[i]
		if got.HasRate != want.HasRate || got.Rate != want.Rate || got.Few != want.Few || got.Skew != nil {
			t.Errorf("%s: %+v, want %+v", res.Units[i].Department.Name, got, want)
		}
	}
	if !res.Taken[2].MoreThanHeadcount() || res.Taken[3].Level != disclosure.Hidden || res.TakenAll.N != 32 || res.TakenAll.Asked != 88 {
		t.Errorf("%+v", res.Taken)
	}
}

func TestTheFindingNamesWhatStandsHighestAndLowest(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	a, b := s.department("A", 0), s.department("B", 0)
	q := s.publish(fmt.Sprintf(twoItems, "Pulse", 5))
	answers := func(d surveys.DepartmentID, first, second []int) (list []surveys.Reply) {
		for i := range first {
			list = append(list, pair(d, 0, first[i], second[i]))
		}
		return list
	}
	low, high := spread(30, 1, 2, 3), spread(30, 3, 4, 5)
	s.closed(q, "before", slices.Concat(answers(a, high, low), answers(b, low, low))...)
	w := s.closed(q, "after", slices.Concat(answers(a, high, low), answers(b, high, high))...)
	f := s.waveResults(WaveQuery{Wave: w.ID}).Finding()
	if f.Kind != Ranked || f.Highest.ID != "a" || f.Lowest.ID != "b" || f.LowestIn != 1 || f.Of != 2 {
		t.Errorf("%+v", f)
	}
	if len(f.Up) != 1 || f.Up[0].Department.ID != b || len(f.Down) != 0 || f.Unmoved != 1 || f.Since != "before" || f.Construct != surveys.Openness {
		t.Errorf("%+v", f)
	}
	if f := s.waveResults(WaveQuery{Wave: s.open(q, "open").ID}).Finding(); f.Kind != StillOpen {
		t.Errorf("of an open wave: %+v", f)
	}
}

func TestSomebodyLimitedIsToldTheSameOfTheirDepartments(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	a, b := s.department("A", 0), s.department("B", 0)
	q := s.publish(pulse("Pulse"))
	replies := func(values ...int) []surveys.Reply {
		return slices.Concat(each(a, 0, "open", spread(20, 1, 3, 5)...), each(b, 0, "open", spread(20, values...)...))
	}
	s.closed(q, "before", replies(1, 2, 3)...)
	w := s.closed(q, "after", replies(2, 3, 4)...)
	whole := s.waveResults(WaveQuery{Wave: w.ID})
	some := whole.Only(func(id surveys.DepartmentID) bool { return id == b })
	if len(some.Units) != 1 || some.Units[0].Department.ID != b || len(some.Taken) != 1 {
		t.Fatalf("%+v", some.Units)
	}
	for i, m := range some.Measures {
		if len(m.Units) != 1 || m.Units[0].Change != whole.Measures[i].Units[1].Change || m.Units[0].Mean != whole.Measures[i].Units[1].Mean || m.Total.N != 40 {
			t.Errorf("%+v", m)
		}
	}
	if len(whole.Units) != 2 || len(whole.Measures[0].Units) != 2 {
		t.Error("the whole has lost a department")
	}
}

// Of each department 20 lead and 20 do the work. In the first 18 of those who lead and 6 of the others answered: 75 % of
// those who answered lead, and 50 % of those asked. In the second too few who lead answered to be told, so nothing is said.
func TestABandThatAnsweredMoreThanItsShareIsNamed(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	skewed, hidden, even, bands := s.department("A skewed", 40), s.department("B hidden", 40), s.department("C even", 40), s.bands(2)
	w := s.open(s.publish(pulse("Pulse")), "only")
	s.must(func(tx *gorm.DB) error {
		for i := range 120 {
			err := tx.Exec("INSERT INTO invitations (wave_id, person_id, department_id, band_id, language) VALUES (?, ?, ?, ?, 'en')",
				w.ID, i+1, []surveys.DepartmentID{skewed, hidden, even}[i%3], bands[i/3%2]).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
	answer := func(d surveys.DepartmentID, leading, others int) {
		w.submit(slices.Concat(each(d, bands[0], "open", spread(leading, 1, 3, 5)...), each(d, bands[1], "open", spread(others, 1, 3, 5)...))...)
	}
	answer(skewed, 18, 6)
	answer(hidden, 2, 18)
	answer(even, 13, 12)
	w.close()
	res := s.waveResults(WaveQuery{Wave: w.ID})
	got := res.Taken[0]
	if got.Asked != 40 || got.Rate != .6 || got.Skew == nil || *got.Skew != (Skew{surveys.Band{ID: bands[0], Name: "Band 1", Position: 1}, 75, 50}) {
		t.Errorf("%+v %+v", got, got.Skew)
	}
	if res.Taken[1].Skew != nil || res.Taken[2].Skew != nil || res.TakenAll.Asked != 120 {
		t.Errorf("%+v", res.Taken[1:])
	}
	if byBand := s.waveResults(WaveQuery{Wave: w.ID, By: ByBand}); byBand.Taken[0].Asked != 60 || byBand.Taken[0].N != 33 {
		t.Errorf("those who lead: %+v", byBand.Taken[0])
	}
}

// Nobody was invited, but the directory knows 20 people who lead and 20 others of each department: the answers are weighed as
// if all had been invited, and nothing becomes of how many were asked. In the last more answered than the directory knows.
func TestWithoutInvitationsABandIsHeldAgainstTheHeadcounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, store *store.Store) {
		s := newSite(t, store)
		skewed, hidden, even, others, bands := s.department("A skewed", 0), s.department("B hidden", 0), s.department("C even", 0), s.department("D others", 0), s.bands(2)
		q := s.publish(pulse("Pulse"))
		before := s.open(q, "before the directory")
		s.must(func(tx *gorm.DB) error {
			var entries []people.Entry
			for i := range 160 {
				address := fmt.Sprintf("p%d@x.example", i)
				entries = append(entries, people.Entry{Key: address, Person: surveys.Person{Email: address,
					Department: []surveys.DepartmentID{skewed, hidden, even, others}[i%4], Band: bands[i/4%2]}})
			}
			return people.Enter(tx, entries, func(int) {})
		})
		w := s.open(q, "with it")
		s.must(func(tx *gorm.DB) error { return tx.Exec("UPDATE persons SET gone = 1").Error }) // what counts is the opening
		answer := func(r *run, d surveys.DepartmentID, leading, others int) {
			r.submit(slices.Concat(each(d, bands[0], "open", spread(leading, 1, 3, 5)...), each(d, bands[1], "open", spread(others, 1, 3, 5)...))...)
		}
		for _, r := range []*run{before, w} {
			answer(r, skewed, 18, 6)
			answer(r, hidden, 2, 18)
			answer(r, even, 11, 10)
			answer(r, others, 40, 15)
			r.close()
		}
		got := s.waveResults(WaveQuery{Wave: w.ID})
		if skew := got.Taken[0].Skew; skew == nil || *skew != (Skew{surveys.Band{ID: bands[0], Name: "Band 1", Position: 1}, 75, 50}) {
			t.Errorf("%+v", skew)
		}
		for i, taken := range append(got.Taken, got.TakenAll) {
			if i > 0 && i < 4 && taken.Skew != nil || taken.Asked != 0 || taken.HasRate || taken.Few {
				t.Errorf("%d: %+v %+v", i, taken, taken.Skew)
			}
		}
		for _, taken := range s.waveResults(WaveQuery{Wave: before.ID}).Taken {
			if taken.Skew != nil {
				t.Errorf("a wave from before says %+v", taken.Skew)
			}
		}
	})
}

// Of 20 people 12 recommend and 4 do not before, 4 and 12 after: the score falls from 40 to -40. Each person counts 100, 0
// or -100.
func TestARecommendScoreMovesAsItDoesInTheTrend(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance := s.department("Finance", 0)
	q := s.publish(allKinds("Pulse", 5, ""))
	s.closed(q, "before", each(finance, 0, "commend", slices.Concat(spread(12, 9, 10), spread(4, 7, 8), spread(4, 0, 6))...)...)
	after := s.closed(q, "after", each(finance, 0, "commend", slices.Concat(spread(4, 9, 10), spread(4, 7, 8), spread(12, 0, 6))...)...)
	got := s.waveResults(WaveQuery{Wave: after.ID}).of(t, measure{question: "commend"}).Units[0].Change
	coded := func(promoters, neutral, detractors int) truth {
		all := truth{n: promoters + neutral + detractors}
		for side, n := range map[float64]int{100: promoters, 0: neutral, -100: detractors} {
			for range n {
				all.scores = append(all.scores, side)
			}
		}
		return all
	}
	difference, p := welch(coded(4, 4, 12), coded(12, 4, 4))
	near(t, "the move", got.Difference, difference, 1e-9)
	near(t, "p", got.P, p, 1e-9)
	if got.Difference != -80 || got.Verdict != stats.ClearlyDown {
		t.Errorf("%+v", got)
	}
	move := s.trend(TrendQuery{Construct: surveys.Openness, Question: "commend"}).SinceLast()[0]
	if move.P != got.P || move.Difference != got.Difference || move.Smallest != got.Smallest || move.Verdict != got.Verdict {
		t.Errorf("the trend says %+v, the wave %+v", move, got)
	}
}

func TestFiltersUnderWhichNothingIsShownAreNotOffered(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	departments, bands := s.departments(2), s.bands(3)
	var replies []surveys.Reply
	for _, d := range departments {
		for _, b := range bands[:2] {
			replies = append(replies, each(d, b, "open", spread(10, 1, 2, 3, 4, 5)...)...)
		}
	}
	small := s.department("Small", 0)
	replies = append(replies, each(small, bands[2], "open", 1, 2)...)
	w := s.closed(s.publish(pulse("Pulse")), "spring", replies...)
	got := s.waveResults(WaveQuery{Wave: w.ID}).Filters
	if !slices.Equal(got.Bands, bands[:2]) || !slices.Equal(got.Departments, departments) {
		t.Errorf("offered are bands %v of %v, departments %v of %v", got.Bands, bands, got.Departments, append(departments, small))
	}
}
