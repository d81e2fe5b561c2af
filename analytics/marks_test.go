package analytics

import (
	"fmt"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/promises"
	"soundings/surveys/store/storetest"
	"soundings/surveys/visits"
)

// Only a visit that was made is something that happened, and only to its department; and only a promise that was kept.
func TestVisitsThatWereMadeAndPromisesThatWereKeptAreMarks(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance, legal := s.department("Finance", 20), s.department("Legal", 0)
	for _, v := range []visits.Visit{
		{Department: legal, Day: "2026-03-09", State: visits.Done, Associates: []string{"Mira"}, Purpose: "Contracts"},
		{Department: finance, Day: "2026-03-02", State: visits.Done, Associates: []string{"Mira"}},
		{Department: finance, Day: "2026-03-20", State: visits.Planned, Purpose: "Later"},
	} {
		if _, err := visits.Create(t.Context(), s.store, v, surveys.Stamp{At: time.Now()}, "2026-03-10"); err != nil {
			t.Fatal(err)
		}
	}
	for _, vow := range []struct {
		shown bool
		first promises.Entry
	}{{true, promises.Entry{State: promises.Kept, On: "2026-03-05"}}, {false, promises.Entry{State: promises.Open, Due: "2026-03-20"}}} {
		p := promises.Promise{Text: promises.Text{Said: "Too slow", Answer: "Faster"}, Language: "en", Owner: "Mira", Everybody: true, Shown: vow.shown}
		if _, err := promises.Make(t.Context(), s.store, p, vow.first, surveys.Stamp{At: time.Now()}, "2026-03-10"); err != nil {
			t.Fatal(err)
		}
	}
	marks, err := s.reader.Marks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, m := range marks {
		got += fmt.Sprintln(m.Kind, m.Date.Format(time.DateOnly), m.Text, m.Departments, m.Everybody, m.Visit, m.Promise)
	}
	if want := fmt.Sprintf("visit 2026-03-02  [%d] false 2 0\npromise 2026-03-05 Too slow [] true 0 1\nvisit 2026-03-09 Contracts [%d] false 1 0\n", finance, legal); got != want {
		t.Errorf("marks are\n%s\nwant\n%s", got, want)
	}
	if only := marks.Only(func(d surveys.DepartmentID) bool { return d == legal }); len(only) != 2 || only[0].Promise != 1 || only[1].Visit != 1 {
		t.Errorf("somebody limited to Legal sees %v", only)
	}
}
