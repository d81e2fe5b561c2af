package demo

import (
	"testing"

	"soundings/analytics/stats"
	"soundings/surveys/changes"
	"soundings/surveys/store/storetest"
)

// The second text works better in the story, and no figure of anybody else moves for it.
func TestOperationsWasClearlyMoreOpenAfterTheSecondText(t *testing.T) {
	f := fill(t, storetest.SQLite(t), today)
	about, err := changes.ByName(t.Context(), f.store, laptops)
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.reader().Trials(t.Context(), about.ID)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d trials, %v", len(list), err)
	}
	trial := list[0]
	if trial.Department.Name != operations || !trial.Told() || trial.Between.Verdict != stats.ClearlyUp {
		t.Errorf("%+v", trial)
	}
	if n := trial.A.N + trial.B.N; n < 100 || trial.A.N < 45 || trial.B.N < 45 {
		t.Errorf("%d and %d answers", trial.A.N, trial.B.N)
	}
	t.Logf("%d at %.1f, %d at %.1f: %+v", trial.A.N, trial.A.Mean, trial.B.N, trial.B.Mean, trial.Between)
}
