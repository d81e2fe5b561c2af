package analytics

import (
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const openPulse = `title: Pulse %d
purpose: change
language: en
minimum: %d
show_results: open
questions:
  - {id: open, kind: scale, points: 5, text: I am for it., construct: openness}
  - {id: when, kind: choice, text: When?, options: [{id: w1, text: Soon}, {id: w2, text: Later}]}
`

// halfRead has a wave in which two departments were counted while it was open, and in the first of which only two more
// people answered until its closing: too few to tell.
func halfRead(t *testing.T, db *store.Store) (w *run, small surveys.DepartmentID) {
	s := newSite(t, db)
	a, b := s.department("Few more", 40), s.department("Many more", 40)
	w = s.open(s.publish(fmt.Sprintf(openPulse, 1, 5)), "wave")
	w.submit(each(a, 0, "open", 1, 2, 3, 4, 5, 1, 2, 3, 4, 5)...)
	w.submit(each(b, 0, "open", 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5)...)
	w.step()
	w.submit(each(b, 0, "open", 1, 2, 3, 4, 5, 1, 2, 3, 4)...)
	// Of the five that the step left behind, three withdraw.
	var rows []struct{ ID []byte }
	err := db.Read(t.Context()).Table("responses").Where("wave_id = ? AND department_id = ? AND step = 0", w.ID, a).Scan(&rows).Error
	if err != nil {
		t.Fatal(err)
	}
	waiting := map[string]bool{}
	for _, row := range rows {
		waiting[string(row.ID)] = true
	}
	gone := 0
	for i := len(w.replies) - 1; i >= 0; i-- {
		id := surveys.Secret("the secret of the tests").ResponseID(w.replies[i].Receipt)
		if waiting[string(id[:])] && gone < 3 {
			w.withdraw(i)
			gone++
		}
	}
	if gone != 3 {
		t.Fatalf("%d waited, want 5", len(rows))
	}
	return w, a
}

// closeAfter closes the wave as soon as a table has been read for the nth time.
func (r *run) closeAfter(table string, n int32) (closed *atomic.Bool) {
	r.Helper()
	closed = &atomic.Bool{}
	var left atomic.Int32
	left.Store(n)
	after := func(db *gorm.DB) {
		if db.Statement.Table == table && left.Add(-1) == 0 {
			closed.Store(true)
			r.close()
		}
	}
	callbacks := r.store.Read(r.Context()).Callback()
	for _, err := range []error{
		callbacks.Query().After("gorm:query").Register("test:close", after),
		callbacks.Row().After("gorm:row").Register("test:close", after),
	} {
		if err != nil {
			r.Fatal(err)
		}
	}
	return closed
}

func (r *run) readUndisturbed() {
	r.Helper()
	callbacks := r.store.Read(r.Context()).Callback()
	if err := callbacks.Query().Remove("test:close"); err != nil {
		r.Fatal(err)
	}
	if err := callbacks.Row().Remove("test:close"); err != nil {
		r.Fatal(err)
	}
}

// A closing that comes between two queries of one reading must not have closed figures judged as open ones, for which
// the step rule answers: the reader is told of one moment, whichever.
func TestAReadingTellsOfOneMomentEvenWhenTheWaveClosesMeanwhile(t *testing.T) {
	look := map[string]func(w *run) any{
		"trend": func(w *run) any { return w.trend(TrendQuery{}) },
		"construct": func(w *run) any {
			return w.results(Breakdown{Wave: w.ID, Construct: surveys.Openness, By: ByDepartment})
		},
		"question": func(w *run) any { return w.results(Breakdown{Wave: w.ID, Question: "open", By: ByDepartment}) },
	}
	for name, read := range look {
		for _, table := range []string{"waves", "scores", "tallies", "headcounts"} {
			t.Run(name+" "+table, func(t *testing.T) {
				storetest.Each(t, func(t *testing.T, db *store.Store) {
					closings := 0
					for n := int32(1); n < 4; n++ {
						w, _ := halfRead(t, db)
						before := read(w)
						closed := w.closeAfter(table, n)
						between := read(w)
						w.readUndisturbed()
						if !closed.Load() {
							break
						}
						closings++
						after := read(w)
						if reflect.DeepEqual(before, after) {
							t.Fatal("closing changes nothing that is told")
						}
						if !reflect.DeepEqual(between, before) && !reflect.DeepEqual(between, after) {
							t.Fatalf("closed after reading %d of %s, the reader is told neither of before nor of after:\n%+v", n, table, between)
						}
					}
					if closings == 0 && (name == "question" || table != "tallies") {
						t.Errorf("the reading never looks at %s", table)
					}
				})
			})
		}
	}
}

func (r *run) withdraw(i int) {
	r.Helper()
	if err := r.intake.Withdraw(r.Context(), r.ID, r.questionnaire.Document, r.replies[i].Receipt); err != nil {
		r.Fatal(err)
	}
	r.replies = slices.Delete(r.replies, i, i+1)
}
