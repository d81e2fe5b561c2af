package analytics

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const twoItems = `title: %s
purpose: change
language: en
minimum: %d
questions:
  - {id: a, kind: scale, points: 5, text: It makes my work easier., construct: openness, required: true}
  - {id: b, kind: scale, points: 5, text: I am for it., construct: openness, required: true}
`

var family = []measure{{construct: "openness"}, {question: "a"}, {question: "b"}}

// A construct is the mean of its items: what one of the three tables hides may follow from the two others.
func (r *run) attackFamily(views map[measure][]view) (leak string) {
	r.Helper()
	atoms := r.atoms(family[0])
	k := r.questionnaire.Document.SmallestGroup()
	// The unknowns are the sums of a, then the sums of b.
	joint := attacker{unknowns: 2 * len(atoms)}
	for _, m := range family {
		for _, sum := range sums(atoms, views[m]) {
			both := make([]int64, 0, joint.unknowns)
			for _, item := range []string{"a", "b"} {
				for _, x := range sum {
					if m.question != "" && m.question != item {
						x = 0
					}
					both = append(both, x)
				}
			}
			joint.published = append(joint.published, both)
		}
	}
	joint.each([]int64{0, 1}, func(vector []int64) bool {
		a, b := vector[:len(atoms)], vector[len(atoms):]
		none := func(v []int64) bool { return !slices.Contains(v, 1) }
		switch {
		case none(b):
			leak = r.unsafe(measure{question: "a"}, atoms, a, k)
		case none(a):
			leak = r.unsafe(measure{question: "b"}, atoms, b, k)
		case slices.Equal(a, b):
			leak = r.unsafe(family[0], atoms, a, k)
		}
		return leak == ""
	})
	return leak
}

func (r *run) familyViews() map[measure][]view {
	r.Helper()
	views, together := map[measure][]view{}, r.pages()
	for _, m := range family {
		views[m] = append(r.views(m), together[m]...)
		mustAgree(r, views[m])
	}
	return views
}

func pair(department surveys.DepartmentID, band surveys.BandID, a, b int) surveys.Reply {
	return reply(department, band, surveys.Answers{"a": surveys.Number(a), "b": surveys.Number(b)})
}

// Sales is of one mind about a, so a's table hides it, and Legal with it; b's table and the construct's show it and hide
// the desk for Legal's sake. Then b and the construct give Sales' a, a's table gives the desk's, and the total Legal's.
func TestAConstructAndItsItemsDoNotGiveAwayWhatEachHides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		legal, desk, sales, works := s.department("Legal", 0), s.department("Desk", 0), s.department("Sales", 0), s.department("Works", 0)
		var replies []surveys.Reply
		for i := range 3 {
			replies = append(replies, pair(legal, 0, 1+i, 2))
		}
		for i := range 6 {
			replies = append(replies, pair(desk, 0, 1+i%5, 1+(i+2)%5))
		}
		for i := range 8 {
			replies = append(replies, pair(sales, 0, 5, 1+i%5))
		}
		for i := range 20 {
			replies = append(replies, pair(works, 0, 1+i%5, 1+(i+1)%5))
		}
		w := s.closed(s.publish(fmt.Sprintf(twoItems, "Pulse", 5)), "spring", replies...)
		views := w.familyViews()
		if leak := w.attackFamily(views); leak != "" {
			t.Error(leak)
		}
		if !slices.ContainsFunc(views[family[0]], func(v view) bool {
			return v.group == cells{works, every} && v.told.Level == disclosure.Shown
		}) {
			t.Error("the largest department is not shown")
		}
	})
}

func TestNoConstructGivesAwayItsItemsInMadeUpWaves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		departments, bands := s.organisation()
		r := rand.New(rand.NewPCG(3, 1))
		shown := map[measure]int{}
		for i := range map[store.Dialect]int{store.SQLite: 40, store.MySQL: 6}[db.Dialect()] {
			q := s.publish(fmt.Sprintf(twoItems, fmt.Sprint("Pulse ", i), []int{3, 5}[i%2]))
			var replies []surveys.Reply
			for _, d := range departments[:2+r.IntN(3)] {
				for _, b := range bands[:1+r.IntN(2)] {
					a, b2 := randomMood(r), randomMood(r)
					for range 1 + r.IntN(14) {
						replies = append(replies, pair(d, b, a.number(r, 1, 5), b2.number(r, 1, 5)))
					}
				}
			}
			w := s.closed(q, "wave", replies...)
			views := w.familyViews()
			for _, m := range family {
				for _, v := range views[m] {
					if v.told.Shown() {
						shown[m]++
					}
				}
			}
			if leak := w.attackFamily(views); leak != "" {
				t.Fatal(i, leak)
			}
		}
		if shown[measure{question: "a"}] < 30 {
			t.Errorf("shown are only %v", shown)
		}
		t.Log(shown)
	})
}
