package analytics

import (
	"fmt"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const drivenPulse = `title: Pulse %d
purpose: change
language: en
minimum: 5
questions:
  - {id: a, kind: scale, points: 5, text: A, construct: openness}
  - {id: b, kind: scale, points: 5, text: B, construct: openness, reversed: true}
  - {id: c, kind: scale, points: 5, text: C, construct: openness}
  - {id: d, kind: scale, points: 5, text: D}
`

// drive is the answers of the i-th person.
func drive(department surveys.DepartmentID, i int) surveys.Reply {
	return reply(department, 0, surveys.Answers{"a": surveys.Number(1 + i%5), "b": surveys.Number(1 + i*i%5),
		"c": surveys.Number(1 + (i+i/7)%5), "d": surveys.Number(1 + (i*3+i/5)%5)})
}

// The figures are R's, for the same people:
//
//	i <- 0:39; a <- 1+i%%5; b <- 1+(i*i)%%5; d <- 1+(i*3+i%/%5)%%5; c <- 1+(i+i%/%7)%%5
//	f <- function(x, y) { r <- cor(x, y, method="spearman"); z <- atanh(r)
//	  h <- qnorm(.975)*sqrt((1+r^2/2)/(length(x)-3)); c(r, tanh(z-h), tanh(z+h)) }
//	f(d, (a+(6-b)+c)/3); f(c, (a+(6-b))/2); f(a, ((6-b)+c)/2); f(6-b, (a+c)/2); and the first with i < 32
func TestWhatGoesWithAConstructIsWhatRSays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		finance, legal := s.department("Finance", 0), s.department("Legal", 0)
		var replies []surveys.Reply
		for i := range 40 {
			of := finance
			if i >= 32 {
				of = legal
			}
			replies = append(replies, drive(of, i))
		}
		w := s.closed(s.publish(fmt.Sprintf(drivenPulse, 1)), "wave", replies...)
		everyone := map[string][4]float64{"d": {.09, -.23, .39, 40}, "c": {.01, -.3, .32, 40}, "a": {-.22, -.5, .1, 40}, "b": {-.42, -.66, -.12, 40}}
		for department, want := range map[surveys.DepartmentID]map[string][4]float64{
			legal:   everyone, // eight people are too few for figures of their own
			finance: {"d": {-.03, -.37, .32, 32}},
		} {
			drivers := s.waveResults(WaveQuery{Wave: w.ID}).Drivers(surveys.Openness)
			list := drivers.Of(department)
			if len(list) != 4 {
				t.Fatalf("%d questions go with openness, want 4: %+v", len(list), list)
			}
			for i, d := range list {
				if d.Everyone != (department == legal) || d.Item != (d.Question.ID != "d") {
					t.Errorf("%s: everyone %v, item %v", d.Question.ID, d.Everyone, d.Item)
				}
				if i > 0 && abs(list[i-1].Coefficient) < abs(d.Coefficient) {
					t.Errorf("%v stands before %v", list[i-1].Coefficient, d.Coefficient)
				}
				if got, ok := want[d.Question.ID]; ok && got != [4]float64{d.Coefficient, d.Low, d.High, float64(d.N)} {
					t.Errorf("%s: %+v, want %v", d.Question.ID, d, got)
				}
				if department == legal && d.Clear() != (d.Question.ID == "b") {
					t.Errorf("%s: clear is %v", d.Question.ID, d.Clear())
				}
			}
		}
	})
}

// Beside the question's and the construct's own figures, a correlation must not single out the few who have one of them.
func TestACorrelationStandsOnlyWhereNobodyIsLeftBesideIt(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance, legal := s.department("Finance", 0), s.department("Legal", 0)
	for i, test := range []struct {
		finance, without, legal int
		own, everyone           bool // what is told of d
	}{
		{32, 0, 0, true, true},
		{29, 0, 0, false, false},
		{29, 0, 8, false, true},
		{32, 4, 8, false, false}, // four have the construct without d
		{32, 5, 8, true, true},
		{32, 0, 12, true, true},
	} {
		var replies []surveys.Reply
		for i := range test.finance + test.without {
			r := drive(finance, i)
			if i >= test.finance {
				delete(r.Answers, "d")
			}
			replies = append(replies, r)
		}
		for i := range test.legal {
			replies = append(replies, drive(legal, i))
		}
		w := s.closed(s.publish(fmt.Sprintf(drivenPulse, i)), "wave", replies...)
		for department, told := range map[surveys.DepartmentID]bool{finance: test.own, legal: false} {
			drivers := s.waveResults(WaveQuery{Wave: w.ID}).Drivers(surveys.Openness)
			own, everyone := false, false
			for _, d := range drivers.Of(department) {
				if d.Question.ID == "d" {
					own, everyone = !d.Everyone, d.Everyone
				}
			}
			if own != told || everyone != (!told && test.everyone) {
				t.Errorf("%+v: department %d: told of itself %v, of everyone %v", test, department, own, everyone)
			}
		}
	}
}

// While a wave is open, a correlation would move by single people.
func TestAnOpenWaveTellsNoCorrelation(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance := s.department("Finance", 0)
	w := s.open(s.publish(fmt.Sprintf(drivenPulse, 1)+"show_results: open\n"), "wave")
	for i := range 40 {
		w.submit(drive(finance, i))
	}
	w.step()
	if drivers := s.waveResults(WaveQuery{Wave: w.ID}).Drivers(surveys.Openness); drivers.Of(finance) != nil {
		t.Errorf("%+v", drivers)
	}
}
