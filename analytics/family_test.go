package analytics

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
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
		for i, v := range views[family[1]] {
			beside := views[family[2]][i]
			if v.group != beside.group || v.told.Shown() != beside.told.Shown() {
				t.Errorf("%v shows %v of one item, %v of the other", v.group, v.told.Shown(), beside.told.Shown())
			}
			if v.told.Shown() && (v.group.department == sales || v.group.department == desk) {
				t.Errorf("an item shows %v, which the construct or the other item hides", v.group)
			}
		}
		if !slices.ContainsFunc(views[family[0]], func(v view) bool {
			return v.group == cells{works, every} && v.told.Level == disclosure.Shown
		}) {
			t.Error("the largest department is not shown")
		}
	})
}

// Twice the construct of two items, less both of them, is what whoever skipped the other said. So the last item gives way
// where these are few, and nowhere else.
func TestTheLastItemGivesWayToWhoeverSkippedAnItem(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	whole, one, some := s.department("Nobody skips", 0), s.department("One skips", 0), s.department("Six skip", 0)
	optional := strings.ReplaceAll(fmt.Sprintf(twoItems, "Pulse", 5), ", required: true", "")
	var replies []surveys.Reply
	for d, skipping := range map[surveys.DepartmentID]int{whole: 0, one: 1, some: 6} {
		for i := range 12 {
			answers := surveys.Answers{"a": surveys.Number(1 + i%5), "b": surveys.Number(1 + (i+2)%5)}
			if i < skipping {
				delete(answers, "b")
			}
			replies = append(replies, reply(d, 0, answers))
		}
	}
	w := s.closed(s.publish(optional), "spring", replies...)
	// Hiding the one takes a second department, or the total would give it away.
	want := map[measure]map[surveys.DepartmentID]bool{
		family[0]: {whole: true, one: true, some: true},
		family[1]: {whole: true, one: true, some: true},
		family[2]: {whole: true, one: false, some: false},
	}
	for m, shown := range want {
		res := s.results(Breakdown{Wave: w.ID, By: ByDepartment, Construct: m.construct, Question: m.question})
		if !res.Total.Shown() {
			t.Errorf("%v: the total is hidden", m)
		}
		for _, g := range res.Groups {
			if g.Shown() != shown[g.Department.ID] {
				t.Errorf("%v of %q is shown: %v", m, g.Department.Name, g.Shown())
			}
		}
	}
	// Of a wave that was counted before anybody knew who skipped something, no item is shown.
	s.must(func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM scores WHERE measure IN ?", []tally.Measure{tally.OfWhole("openness"), tally.OfPartial("openness")}).Error
	})
	for _, m := range family[1:] {
		if res := s.results(Breakdown{Wave: w.ID, By: ByDepartment, Question: m.question}); res.Total.Shown() || res.Groups[0].Shown() {
			t.Errorf("%v is shown of a wave counted by an earlier version", m)
		}
	}
}
