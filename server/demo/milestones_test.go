package demo

import (
	"testing"
	"time"

	"soundings/analytics"
	"soundings/surveys"
	"soundings/surveys/milestones"
	"soundings/surveys/store/storetest"
)

func TestTheStoryHasAMilestoneInEveryStateAndOfEveryMeasure(t *testing.T) {
	f := fill(t, storetest.SQLite(t), today)
	list, err := milestones.List(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	standings, err := analytics.NewReader(f.store, f.catalog).Standings(t.Context(), list, time.UTC, surveys.DayOf(today, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	states, measures, withdrawn := map[milestones.State]int{}, map[milestones.Measure]int{}, 0
	for _, s := range standings {
		measures[s.Measure]++
		if s.Withdrawn() {
			withdrawn++
			continue
		}
		states[s.State]++
	}
	for _, state := range milestones.States() {
		if states[state] == 0 {
			t.Errorf("none is %s", state)
		}
	}
	for _, measure := range milestones.Measures() {
		if measures[measure] == 0 {
			t.Errorf("none is of %s", measure)
		}
	}
	if withdrawn != 1 {
		t.Errorf("%d are withdrawn", withdrawn)
	}
}
