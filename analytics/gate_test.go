package analytics

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// allKinds asks every kind of question that is counted: reversed, of seven points, with a free text, hanging on another.
func allKinds(title string, minimum int, extra string) string {
	return fmt.Sprintf(`title: %s
purpose: change
language: en
minimum: %d
%squestions:
  - {id: easier, kind: scale, points: 5, text: It makes my work easier., construct: openness}
  - {id: worried, kind: scale, points: 5, text: I am worried., construct: openness, reversed: true}
  - {id: ready, kind: scale, points: 7, text: I am ready., construct: openness}
  - {id: heard, kind: scale, points: 7, text: We are heard., construct: engagement, reversed: true}
  - {id: commend, kind: recommend, text: Would you recommend us?}
  - id: when
    kind: choice
    text: Which week?
    options: [{id: w1, text: First}, {id: w2, text: Second}, {id: w3, text: Third}]
    other: true
  - id: need
    kind: choices
    text: What do you need?
    options: [{id: time, text: Time}, {id: course, text: A course}, {id: buddy, text: A buddy}]
    show_if: {question: easier, in: [1, 2, 3]}
  - id: order
    kind: ranking
    text: What first?
    options: [{id: mail, text: Mail}, {id: files, text: Files}, {id: phone, text: Phone}]
`, title, minimum, extra)
}

var allMeasures = []measure{
	{construct: "openness"}, {construct: "engagement"}, {question: "easier"}, {question: "worried"}, {question: "ready"},
	{question: "heard"}, {question: "commend"}, {question: "when"}, {question: "need"}, {question: "order"},
}

// mood is how people of one cell answer.
type mood struct {
	low, high float64 // of the scale, 0 to 1
	missing   float64
}

func randomMood(r *rand.Rand) mood {
	m := mood{0, 1, []float64{0, .1, .4, .7}[r.IntN(4)]}
	switch r.IntN(6) {
	case 0:
		m.low = .8 // all for it
	case 1:
		m.high = .2
	case 2:
		m.low, m.high = .5, .5
	}
	return m
}

func (m mood) number(r *rand.Rand, low, high int) int {
	x := m.low + r.Float64()*(m.high-m.low)
	return low + min(high-low, int(x*float64(high-low+1)))
}

func (m mood) answers(r *rand.Rand, doc *surveys.Document) surveys.Answers {
	a := surveys.Answers{}
	for i := range doc.Questions {
		q := &doc.Questions[i]
		if r.Float64() < m.missing || !doc.Visible(q, a) {
			continue
		}
		switch q.Kind {
		case surveys.Scale:
			a[q.ID] = surveys.Number(m.number(r, 1, q.Points))
		case surveys.Recommend:
			a[q.ID] = surveys.Number(m.number(r, 0, 10))
		case surveys.Choice:
			a[q.ID] = surveys.Picked([]string{"w1", "w2", "w3", "other"}[m.number(r, 0, 3)])
		case surveys.Choices:
			picked := []string{}
			for _, o := range q.Options {
				if len(picked) == 0 || r.IntN(2) == 0 {
					picked = append(picked, o.ID)
				}
			}
			a[q.ID] = surveys.Picked(picked...)
		case surveys.Ranking:
			order := []string{"mail", "files", "phone"}
			if m.low < m.high {
				r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			}
			a[q.ID] = surveys.Picked(order...)
		}
	}
	return a
}

// random runs a wave of made-up people: departments and bands, some of them unknown, of all sizes; up to 12 cells.
func (s *site) random(r *rand.Rand, q *surveys.Questionnaire, departments []surveys.DepartmentID, bands []surveys.BandID) *run {
	s.Helper()
	rows := slices.Clone(departments)
	columns := append([]surveys.BandID{0}, bands...) // 0: did not say
	if r.IntN(4) == 0 {
		rows = append(rows, 0)
	}
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	r.Shuffle(len(columns), func(i, j int) { columns[i], columns[j] = columns[j], columns[i] })
	rows, columns = rows[:1+r.IntN(len(rows))], columns[:1+r.IntN(len(columns))]
	empty, most := r.Float64()*.5, []int{6, 12, 25}[r.IntN(3)]
	wave := s.open(q, "wave of "+strconv.Itoa(int(q.ID)))
	var replies []surveys.Reply
	filled := 0
	for _, d := range rows {
		for _, b := range columns {
			if r.Float64() < empty || filled == 12 {
				continue
			}
			filled++
			m := randomMood(r)
			for range 1 + r.IntN(most) {
				replies = append(replies, reply(d, b, m.answers(r, q.Document)))
			}
		}
	}
	wave.submit(replies...)
	return wave.close()
}

// organisation has departments with and without a headcount, one that nobody belongs to, and bands.
func (s *site) organisation() ([]surveys.DepartmentID, []surveys.BandID) {
	s.Helper()
	departments := s.departments(5)
	for i, headcount := range []int{300, 60, 9} {
		departments = append(departments, s.department(fmt.Sprintf("Counted %d", i), headcount))
	}
	s.department("Nobody is here", 0)
	s.department("Nobody answers here", 12)
	return departments, s.bands(3)
}

// eachRandomWave runs a test over many made-up waves.
func eachRandomWave(t *testing.T, onSQLite, onMySQL int, test func(t *testing.T, w *run)) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		departments, bands := s.organisation()
		count := map[store.Dialect]int{store.SQLite: onSQLite, store.MySQL: onMySQL}[db.Dialect()]
		r := rand.New(rand.NewPCG(7, 11))
		for i := range count {
			q := s.publish(allKinds(fmt.Sprintf("Pulse %d", i), []int{3, 5, 8}[i%3], ""))
			test(t, s.random(r, q, departments, bands))
		}
	})
}

// What the reader tells of a wave, whichever way it is asked, equals the truth and is told alike in every view. That nothing
// can be worked out from it is for package attack to show.
func TestEveryViewTellsTheTruthAndAllTellItAlike(t *testing.T) {
	shown := 0
	eachRandomWave(t, 50, 6, func(t *testing.T, w *run) {
		together := w.pages()
		for _, m := range allMeasures {
			all := append(w.views(m), together[m]...)
			mustAgree(t, all)
			for _, v := range all {
				mustTellNoMore(t, v.told)
				want := w.truth(m, v.group)
				if v.told.Shown() {
					mustEqual(t, fmt.Sprintf("%v, %s, %v", m, v.where, v.group), v.told, want)
					shown++
				} else if v.told.Coarse != nil && v.told.N != want.n {
					t.Fatalf("%v, %s, %v: n is %d, want %d", m, v.where, v.group, v.told.N, want.n)
				}
			}
		}
	})
	if shown < 1000 {
		t.Errorf("only %d groups were shown: the waves test nothing", shown)
	}
	t.Logf("%d shown groups compared", shown)
}
