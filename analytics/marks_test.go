package analytics

import (
	"fmt"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/store/storetest"
	"soundings/surveys/visits"
)

// Only a visit that was made is something that happened, and only to its department.
func TestVisitsThatWereMadeAreMarks(t *testing.T) {
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
	marks, err := s.reader.Marks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, m := range marks {
		got += fmt.Sprintln(m.Kind, m.Date.Format(time.DateOnly), m.Text, m.Departments, m.Everybody, m.Visit)
	}
	if want := fmt.Sprintf("visit 2026-03-02  [%d] false 2\nvisit 2026-03-09 Contracts [%d] false 1\n", finance, legal); got != want {
		t.Errorf("marks are\n%s\nwant\n%s", got, want)
	}
	if only := marks.Only(func(d surveys.DepartmentID) bool { return d == legal }); len(only) != 1 || only[0].Visit != 1 {
		t.Errorf("somebody limited to Legal sees %v", only)
	}
}
