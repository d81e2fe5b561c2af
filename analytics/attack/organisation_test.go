package attack

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"soundings/analytics"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/changes"
	"soundings/surveys/intake"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// site is an installation with room for the largest organisation; each organisation is a part of it and has a survey of its own.
type site struct {
	testing.TB
	store       *store.Store
	catalog     *catalog.Catalog
	reader      *analytics.Reader
	departments []surveys.Department
	bands       []surveys.Band
	fewest      int // people of an organisation
	most        int
	spread      int        // at most so many departments
	change      changes.ID // that is put to every department in two texts; 0 where none is yet
}

const (
	mostPeople      = 300
	mostDepartments = 40
	mostBands       = 5
)

var today = time.Date(2026, 1, 2, 9, 0, 0, 0, time.UTC)

func newSite(t testing.TB, s *store.Store) *site {
	t.Helper()
	c := catalog.New(s)
	at := &site{TB: t, store: s, catalog: c, reader: analytics.NewReader(s, c), fewest: 1, most: mostPeople, spread: mostDepartments}
	at.transact(func(tx *store.Tx) error {
		for i := range mostDepartments {
			if _, err := people.AddDepartment(tx, fmt.Sprintf("Department %d", i), []int{0, 8, 40, 400}[i%4]); err != nil {
				return err
			}
		}
		for i := range mostBands {
			if _, err := people.AddBand(tx, fmt.Sprintf("Band %d", i)); err != nil {
				return err
			}
		}
		return nil
	})
	var err error
	if at.departments, err = people.Departments(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if at.bands, err = people.Bands(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return at
}

func (s *site) transact(f func(tx *store.Tx) error) {
	s.Helper()
	if err := s.store.Transact(s.Context(), "attack", f); err != nil {
		s.Fatal(err)
	}
}

// organisation is who there is to answer, and what they are asked.
type organisation struct {
	*site
	random        *rand.Rand
	minimum       int
	questionnaire *surveys.Questionnaire
	cells         []tally.Cell // of each person
	coins         *coins       // of an organisation on which texts are tried
	moods         map[tally.Cell]mood
}

// mood is how people of one cell answer: between low and high, leaving out some.
type mood struct{ low, high, missing float64 }

// document asks every kind of question. Two or three statements make up openness, one a construct of its own.
func document(r *rand.Rand, title string, minimum int, open bool) string {
	text := fmt.Sprintf("title: %s\nlanguage: en\nminimum: %d\n", title, minimum)
	if open {
		text += "show_results: open\n"
	}
	text += `questions:
  - {id: a, kind: scale, points: 5, text: A, construct: openness}
  - {id: b, kind: scale, points: 5, text: B, construct: openness, reversed: true}
`
	for _, extra := range []string{
		"  - {id: c, kind: scale, points: 7, text: C, construct: openness}\n",
		"  - {id: alone, kind: scale, points: 5, text: D, construct: engagement}\n",
		"  - {id: commend, kind: recommend, text: E}\n",
		"  - {id: when, kind: choice, text: F, options: [{id: w1, text: G}, {id: w2, text: H}, {id: w3, text: I}]}\n",
		"  - {id: need, kind: choices, text: J, options: [{id: x, text: K}, {id: y, text: L}, {id: z, text: M}]}\n",
		"  - {id: order, kind: ranking, text: N, options: [{id: x, text: K}, {id: y, text: L}]}\n",
	} {
		if r.IntN(3) == 0 {
			text += extra
		}
	}
	return text + "  - {id: say, kind: text, text: O}\n"
}

// between draws a whole number, small ones as often as large ones of ten times the size.
func between(r *rand.Rand, low, high int) int {
	return int(float64(low) * math.Pow(float64(high+1)/float64(low), r.Float64()))
}

func (s *site) organisation(r *rand.Rand, title string, open bool) *organisation {
	s.Helper()
	o := &organisation{site: s, random: r, minimum: []int{3, 4, 5, 5, 5, 8}[r.IntN(6)], moods: map[tally.Cell]mood{}}
	departments, bands, size := between(r, 3, s.spread), 1+r.IntN(mostBands), between(r, s.fewest, s.most)
	if open { // every answer is looked after: few groups, so that they fill
		o.minimum = 3 + r.IntN(3)
		departments, bands, size = 3, 1+r.IntN(2), between(r, 30, min(90, s.most))
	}
	// In some organisations most people of a department are in one band.
	offset, home := r.IntN(mostDepartments), []float64{0, 0, .8}[r.IntN(3)]
	for range size {
		// Squared: some departments and bands are much larger than others.
		d := int(float64(departments) * r.Float64() * r.Float64())
		b := int(float64(bands+1) * r.Float64() * r.Float64())
		if r.Float64() < home {
			b = d % (bands + 1)
		}
		cell := tally.Cell{Department: s.departments[(offset+d)%mostDepartments].ID}
		if b > 0 {
			cell.Band = s.bands[b-1].ID // 0: did not say
		}
		o.cells = append(o.cells, cell)
		if _, known := o.moods[cell]; !known {
			m := randomMood(r)
			if open { // some questions reach the minimum later than others
				m.missing = []float64{.05, .3, .6}[r.IntN(3)]
			}
			o.moods[cell] = m
		}
	}
	s.transact(func(tx *store.Tx) (err error) {
		o.questionnaire, _, err = s.catalog.Publish(tx, []byte(document(r, title, o.minimum, open)), today)
		return err
	})
	return o
}

func randomMood(r *rand.Rand) mood {
	m := mood{0, 1, []float64{0, .03, .1, .3, .5}[r.IntN(5)]}
	switch r.IntN(8) {
	case 0:
		m.low = .8 // all for it
	case 1:
		m.high = .2
	case 2:
		m.low, m.high = .5, .5
	case 3:
		m.low = .4
	}
	return m
}

func (m mood) number(r *rand.Rand, low, high int) int {
	x := m.low + r.Float64()*(m.high-m.low)
	return low + min(high-low, int(x*float64(high-low+1)))
}

func (o *organisation) answers(cell tally.Cell) surveys.Answers {
	r, m, a := o.random, o.moods[cell], surveys.Answers{}
	for i := range o.questionnaire.Document.Questions {
		q := &o.questionnaire.Document.Questions[i]
		if q.Kind == surveys.Text || r.Float64() < m.missing {
			continue
		}
		low, high := q.Range()
		ids := make([]string, len(q.Options))
		for i, option := range q.Options {
			ids[i] = option.ID
		}
		switch q.Kind {
		case surveys.Scale, surveys.Recommend:
			a[q.ID] = surveys.Number(m.number(r, low, high))
		case surveys.Choice:
			a[q.ID] = surveys.Picked(ids[m.number(r, 0, len(ids)-1)])
		case surveys.Choices:
			a[q.ID] = surveys.Picked(ids[:m.number(r, 1, len(ids))]...)
		case surveys.Ranking:
			if m.number(r, 0, 1) == 1 {
				slices.Reverse(ids)
			}
			a[q.ID] = surveys.Picked(ids...)
		}
	}
	return a
}

// closed holds a wave in which some of the people answer, and is over.
func (o *organisation) closed(label string) Wave {
	o.Helper()
	share := []float64{1, .9, .6}[o.random.IntN(3)]
	w := Wave{Questionnaire: o.questionnaire, Store: o.store, Reader: o.reader, Departments: o.departments, Bands: o.bands}
	o.transact(func(tx *store.Tx) (err error) {
		if w.Wave, _, err = waves.Open(tx, waves.New{Questionnaire: o.questionnaire, Label: label, At: today, Closed: true}); err != nil {
			return err
		}
		for i, cell := range o.cells {
			if o.random.Float64() > share {
				continue
			}
			if err := o.insert(tx, w.ID, i, cell); err != nil {
				return err
			}
		}
		if o.coins != nil {
			if err := o.trying(tx, w.ID); err != nil {
				return err
			}
		}
		return tally.Recount(tx, o.questionnaire, w.ID)
	})
	return w
}

func (o *organisation) insert(tx *store.Tx, wave surveys.WaveID, person int, cell tally.Cell) error {
	answers, err := o.answers(cell).Encode()
	if err != nil {
		return err
	}
	var id surveys.ID
	binary.BigEndian.PutUint64(id[:8], o.random.Uint64())
	binary.BigEndian.PutUint64(id[8:], o.random.Uint64())
	var variant *surveys.Variant
	if o.coins != nil {
		if v := o.coins.toss(cell); v != surveys.NoVariant {
			variant = &v
		}
	}
	err = tx.Exec(`INSERT INTO responses (wave_id, id, department_id, band_id, language, answers, variant) VALUES (?, ?, ?, ?, '', ?, ?)`,
		wave, id[:], cell.Department, cell.Band, answers, variant).Error
	if err != nil || o.random.IntN(3) > 0 {
		return err
	}
	slices.Reverse(id[:])
	return tx.Exec(`INSERT INTO comments (wave_id, id, question_id, department_id, text) VALUES (?, ?, 'say', ?, ?)`,
		wave, id[:], cell.Department, fmt.Sprintf("comment %d", person)).Error
}

// ajar is a wave that shows its results while it is open.
type ajar struct {
	*organisation
	Wave
	intake  *intake.Intake
	replies []surveys.Reply
}

func (o *organisation) opened(label string) *ajar {
	o.Helper()
	in := intake.New(o.store, surveys.Secret("the secret of the tests"), slog.New(slog.DiscardHandler), intake.DefaultQueue)
	o.Cleanup(in.Close)
	w := &ajar{organisation: o, intake: in,
		Wave: Wave{Questionnaire: o.questionnaire, Store: o.store, Reader: o.reader, Departments: o.departments, Bands: o.bands}}
	o.transact(func(tx *store.Tx) (err error) {
		w.Wave.Wave, _, err = waves.Open(tx, waves.New{Questionnaire: o.questionnaire, Label: label, At: today})
		return err
	})
	return w
}

// one person answers, or changes or takes back what they said.
func (w *ajar) one(person int) {
	w.Helper()
	var err error
	switch x := w.random.IntN(14); {
	case x == 0 && len(w.replies) > 0:
		i := w.random.IntN(len(w.replies))
		err = w.intake.Withdraw(w.Context(), w.ID, w.questionnaire.Document, w.replies[i].Receipt)
		w.replies = slices.Delete(w.replies, i, i+1)
	case x <= 2 && len(w.replies) > 0:
		reply := &w.replies[w.random.IntN(len(w.replies))]
		reply.Answers = w.answers(tally.Cell{Department: reply.Department, Band: reply.Band})
		_, err = w.intake.Change(w.Context(), w.ID, w.questionnaire.Document, *reply)
	default:
		cell := w.cells[person]
		reply := surveys.Reply{Receipt: w.receipt(), Department: cell.Department, Band: cell.Band, Language: "en", Answers: w.answers(cell)}
		_, err = w.intake.Submit(w.Context(), w.ID, w.questionnaire.Document, reply)
		w.replies = append(w.replies, reply)
	}
	if err != nil {
		w.Fatal(err)
	}
}

// receipt is drawn, too: by it a step chooses whom to leave for later.
func (w *ajar) receipt() surveys.Receipt {
	return surveys.Receipt(fmt.Sprintf("%026d", w.random.Uint64()))
}

func (w *ajar) step() {
	w.Helper()
	if err := tally.Step(w.Context(), w.store, w.questionnaire, w.ID); err != nil {
		w.Fatal(err)
	}
}

func (w *ajar) close() {
	w.Helper()
	if err := tally.Close(w.Context(), w.store, w.questionnaire, w.ID, today); err != nil {
		w.Fatal(err)
	}
	w.State = surveys.Closed
}

// everything is what all exits tell of a wave now.
func (w Wave) everything(ctx context.Context) (facts []Fact, err error) {
	for _, exit := range Exits() {
		more, err := exit.Read(ctx, w)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", exit.Name, err)
		}
		facts = append(facts, more...)
	}
	return facts, nil
}
