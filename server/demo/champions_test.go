package demo

import (
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/people"
	"soundings/surveys/store/storetest"
)

func TestTheStoryHasChampionsOneOfWhomWithdrewAndDepartmentsWithoutAny(t *testing.T) {
	f := fill(t, storetest.SQLite(t), today)
	list, err := champions.List(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	departments, err := people.Departments(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	reports, err := champions.Reports(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	b := champions.NewBoard(list, departments, surveys.DayOf(today, time.UTC))
	if b.With != 5 || len(b.Without) == 0 || b.Gone != 1 || b.Silent != 1 || len(reports) != 2 {
		t.Errorf("%d departments have one, %d none; %d withdrew, %d are silent; %d reports", b.With, len(b.Without), b.Gone, b.Silent, len(reports))
	}
}
