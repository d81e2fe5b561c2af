package analytics

import (
	"fmt"
	"testing"

	"gorm.io/gorm"

	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/store/storetest"
)

// Three departments: one of a known and one of an unknown size, and one too small to tell. A reader who may look after
// every answer, and so sees the page of every state there can be, must not learn more of any department than which of
// its steps has been reached, and of the small one nothing at all.
func TestWhoeverLooksAfterEveryAnswerLearnsOnlyTheSteps(t *testing.T) {
	for _, k := range []int{3, 5, 7} {
		t.Run(fmt.Sprint("minimum ", k), func(t *testing.T) {
			asked := []surveys.Department{{ID: 1, Headcount: 20}, {ID: 2}, {ID: 3, Headcount: 4}}
			type state [3]int
			type view struct {
				each  [3]Answered
				total int
			}
			pages := map[view][]state{}
			for a := range 3*k + 1 {
				for b := range 3*k + 1 {
					for c := range 5 {
						list := answeredOf(disclosure.Rule{Minimum: k}, asked, map[surveys.DepartmentID]int{1: a, 2: b, 3: c})
						page := view{[3]Answered(list), (&Attendance{Departments: list}).AtLeast()}
						pages[page] = append(pages[page], state{a, b, c})
					}
				}
			}
			if len(pages) < 9 {
				t.Fatalf("there are only %d pages: nothing is told", len(pages))
			}
			for page, states := range pages {
				for d, least := range map[int]int{0: k, 1: k, 2: 5} {
					possible := map[int]bool{}
					for _, s := range states {
						possible[s[d]] = true
					}
					full := page.each[d].AtLeast < 3*k // the last step is cut off by where the test stops
					if full && len(possible) < least {
						t.Errorf("%+v leaves only %d numbers for department %d", page, len(possible), d+1)
					}
				}
				for other := range pages {
					for d := range page.each {
						if diff := page.each[d].AtLeast - other.each[d].AtLeast; diff != 0 && max(diff, -diff) < k {
							t.Errorf("department %d moves by %d", d+1, diff)
						}
					}
					if diff := page.total - other.total; diff != 0 && max(diff, -diff) < k {
						t.Errorf("the total moves by %d", diff)
					}
				}
			}
		})
	}
}

func TestASmallDepartmentTellsNothing(t *testing.T) {
	for _, c := range []struct {
		people, answered int
		told             bool
		atLeast          int
	}{
		{4, 4, false, 0}, {4, 9, false, 0}, {5, 0, true, 0}, {5, 5, true, 5}, {30, 4, true, 0}, {30, 14, true, 10},
		{0, 4, false, 0}, {0, 5, true, 5}, {0, 99, true, 95},
	} {
		got := answeredOf(disclosure.Rule{Minimum: 5}, []surveys.Department{{ID: 1, Headcount: c.people}}, map[surveys.DepartmentID]int{1: c.answered})[0]
		if got.Told != c.told || got.AtLeast != c.atLeast {
			t.Errorf("%d of %d answered: told %v, at least %d", c.answered, c.people, got.Told, got.AtLeast)
		}
	}
	// With a minimum of 3 a step is smaller than the fewest people whose participation is told.
	if got := answeredOf(disclosure.Rule{Minimum: 3}, []surveys.Department{{ID: 1}}, map[surveys.DepartmentID]int{1: 3})[0]; got.Told {
		t.Error("three of a department of unknown size are told")
	}
}

// MEASURES: the response rate is that of the invited, and of the headcount where only links were given out.
func TestThoseWhoHaveAnsweredAreCountedAgainstTheInvited(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	invited, linked, few, mixed := s.department("Finance", 20), s.department("Legal", 20), s.department("Ports", 20), s.department("Sales", 30)
	r := s.open(s.publish(pulse("Rate")), "Spring")
	person := surveys.PersonID(0)
	for department, n := range map[surveys.DepartmentID]int{invited: 8, few: 4, mixed: 6} {
		var persons []surveys.Person
		for range n {
			person++
			persons = append(persons, surveys.Person{ID: person, Department: department})
		}
		s.must(func(tx *gorm.DB) error {
			_, err := invitations.Ask(tx, r.ID, persons)
			return err
		})
	}
	for _, department := range []surveys.DepartmentID{invited, linked, few, mixed, mixed} { // twice: more than were invited
		r.submit(each(department, 0, "open", 1, 2, 3, 4, 5)...)
	}
	got, err := s.reader.Attendance(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		people, atLeast int
		told            bool
	}{{8, 5, true}, {20, 5, true}, {4, 0, false}, {30, 10, true}} {
		d := got.Departments[i]
		if d.People != want.people || d.AtLeast != want.atLeast || d.Told != want.told || d.TooSmall(5) {
			t.Errorf("%s: at least %d of %d, told %v, too small %v; want %+v", d.Department.Name, d.AtLeast, d.People, d.Told, d.TooSmall(5), want)
		}
	}
}
