package demo

import (
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store/storetest"
	"soundings/surveys/visits"
	"soundings/surveys/week"
)

// The board has something to say: somebody has waited too long, something is overdue, and visits are to come.
func TestTheStoryHasVisitsWithSomethingToFollowUp(t *testing.T) {
	f := fill(t, storetest.SQLite(t), today)
	list, err := visits.List(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	departments, err := people.Departments(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	day := surveys.DayOf(today, time.UTC)
	b := visits.NewBoard(list, departments, visits.QuarterOf(day), day)
	if len(b.Long) == 0 || b.Long[0].Department.Name != legal || b.Long[0].Days < 74 || b.Long[0].Days > 76 || len(b.Coming) != 2 || len(b.Missed) != 0 || b.Overdue != 2 || len(b.FollowUps) != 6 {
		t.Errorf("%d wait, of them first %+v; %d are coming, %d missed; %d follow-ups are open, %d overdue", len(b.Long), b.Long[0].Department, len(b.Coming), len(b.Missed), len(b.FollowUps), b.Overdue)
	}
	led, err := week.Gather(t.Context(), f.store, f.catalog, week.Person{Email: Lead, Sees: func(surveys.DepartmentID) bool { return true }, Converses: true, RunsWaves: true}, day)
	if err != nil {
		t.Fatal(err)
	}
	if len(led.Overdue) == 0 || len(led.This)+len(led.Next) < 6 || week.Count(append(led.This, led.Next...), week.Visit, week.FollowUp, week.Promise) < 4 {
		t.Errorf("whoever looks at the demo has before them %+v", led)
	}
	done, about := 0, 0
	for _, v := range list {
		if v.State == visits.Done {
			done++
		}
		if v.Change != 0 {
			about++
		}
		if wd := v.Day.Time().Weekday(); wd == time.Saturday || wd == time.Sunday {
			t.Errorf("%s is a %s", v.Day, wd)
		}
	}
	if done < 12 || about < 8 {
		t.Errorf("%d visits are done, %d about a change", done, about)
	}
}
