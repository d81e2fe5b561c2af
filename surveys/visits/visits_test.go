package visits

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const today = surveys.Day("2026-11-24")

var (
	mira = surveys.Stamp{By: "mira@example.org", At: time.Date(2026, 11, 24, 10, 42, 0, 0, time.UTC)}
	jan  = surveys.Stamp{By: "jan@example.org", At: time.Date(2026, 11, 24, 11, 7, 0, 0, time.UTC)}
)

func departments(t *testing.T, s *store.Store, names ...string) []surveys.DepartmentID {
	t.Helper()
	var ids []surveys.DepartmentID
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
		ids = nil
		for _, name := range names {
			id, err := people.AddDepartment(tx, name, 20)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// planned is a filled form of a visit to come.
func planned(d surveys.DepartmentID) Visit {
	return Visit{Department: d, Day: "2026-12-01", Start: "09:30", Minutes: 90, Place: "Room 4", Associates: []string{"mira@example.org", "Jan Novak"},
		Purpose: "The new ticket form", State: Planned}
}

func create(t *testing.T, s *store.Store, v Visit) Visit {
	t.Helper()
	made, err := Create(t.Context(), s, v, mira, today)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// faulty is what an error says is wrong: "path code".
func faulty(err error) []string {
	var known *surveys.Error
	var list []string
	if errors.As(err, &known) {
		for _, f := range known.Faults {
			list = append(list, f.Path+" "+f.Code)
		}
	}
	return list
}

func TestAVisitIsReadBackAsItWasPlannedReportedAndFollowedUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := departments(t, s, "Sales", "Finance")
		change, err := changes.Create(t.Context(), s, changes.Change{Text: changes.Text{Title: "T", Why: "W", What: "W"}, Language: "en", Owner: "Mira", Everybody: true},
			changes.Entry{Stage: changes.Idea, On: today}, mira, today)
		if err != nil {
			t.Fatal(err)
		}
		typed := planned(ids[1])
		typed.Associates, typed.Change = []string{" Mira@Example.org ", "", "Jan  Novak"}, change.ID
		made := create(t, s, typed)
		want := planned(ids[1])
		want.ID, want.UID, want.Version, want.Change, want.Saved = made.ID, made.UID, 1, change.ID, mira
		got, err := ByID(t.Context(), s, made.ID)
		if err != nil || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(made, want) || len(made.UID) != 32 {
			t.Fatalf("stored\n%+v\nreturned\n%+v\nwant\n%+v (%v)", got, made, want, err)
		}

		report := got
		report.State, report.Day, report.Heard, report.Helped = Done, "2026-11-23", "They *wait*.\n", "Two printers"
		report.FollowUps = []FollowUp{{Text: "Send the calendar", Owner: "JAN@example.org", Due: "2026-11-30"}, {}, {Number: 9, Text: "Ask  Legal", Done: "2026-11-01"}}
		saved, err := Save(t.Context(), s, report, jan, today)
		want.State, want.Day, want.Heard, want.Helped, want.Version, want.Saved = Done, "2026-11-23", "They *wait*.", "Two printers", 2, jan
		want.FollowUps = []FollowUp{{1, "Send the calendar", "jan@example.org", "2026-11-30", ""}, {2, "Ask Legal", "", "", ""}}
		if err != nil || !reflect.DeepEqual(saved, want) {
			t.Fatalf("reported\n%+v\nwant\n%+v (%v)", saved, want, err)
		}

		ticked, err := Tick(t.Context(), s, made.ID, 1, today)
		want.FollowUps[0].Done = today
		if again, err2 := Tick(t.Context(), s, made.ID, 1, "2027-01-01"); err != nil || err2 != nil || !reflect.DeepEqual(ticked, want) || !reflect.DeepEqual(again, want) {
			t.Fatalf("ticked\n%+v and again\n%+v\nwant\n%+v (%v %v)", ticked, again, want, err, err2)
		}
		added, err := Add(t.Context(), s, made.ID, FollowUp{Number: 1, Text: "One more", Done: today})
		want.FollowUps = append(want.FollowUps, FollowUp{Number: 3, Text: "One more"})
		if err != nil || !reflect.DeepEqual(added, want) {
			t.Fatalf("added\n%+v\nwant\n%+v (%v)", added, want, err)
		}
		added.FollowUps = []FollowUp{added.FollowUps[2], {Number: 1, Text: "Send the calendar", Owner: "jan@example.org", Due: "2026-12-05"}}
		edited, err := Save(t.Context(), s, added, jan, today) // from the version before the tick: a tick is no edit
		if err != nil || len(edited.FollowUps) != 2 || edited.FollowUps[1].Done != today || edited.FollowUps[0].Number != 3 {
			t.Fatalf("edited %+v, %v", edited.FollowUps, err)
		}
		if open, err := Tick(t.Context(), s, made.ID, 1, ""); err != nil || !open.FollowUps[0].Open() || open.FollowUps[1].Number != 3 {
			t.Errorf("open again: %+v, %v", open.FollowUps, err)
		}
		if _, err := Tick(t.Context(), s, made.ID, 2, today); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a follow-up that was taken away is ticked: %v", err)
		}
	})
}

func TestASaveFromAnOldVersionStoresNothingAndShowsWhatIsStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		made := create(t, s, planned(departments(t, s, "Sales")[0]))
		theirs, mine := made, made
		theirs.Purpose, mine.Purpose = "Theirs", "Mine"
		if _, err := Save(t.Context(), s, theirs, jan, today); err != nil {
			t.Fatal(err)
		}
		stored, err := Save(t.Context(), s, mine, mira, today)
		if surveys.KindOf(err) != surveys.Conflict || stored.Purpose != "Theirs" || stored.Version != 2 || stored.Saved != jan {
			t.Errorf("%+v, %v", stored, err)
		}
		if _, err := Save(t.Context(), s, Visit{ID: 99, Version: 1}, mira, today); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a visit that is not there: %v", err)
		}
	})
}

func TestEveryFaultOfAVisitIsToldAtOnceAndNothingIsStored(t *testing.T) {
	s := storetest.SQLite(t)
	ids := departments(t, s, "Sales", "Purchasing")
	kept := create(t, s, planned(ids[1]))
	if err := s.Transact(t.Context(), "test", func(tx *store.Tx) error { return people.Archive(tx, ids[1]) }); err != nil {
		t.Fatal(err)
	}
	if _, err := Save(t.Context(), s, kept, jan, "2027-01-05"); err != nil {
		t.Errorf("a department archived since, and a day passed since, keep a visit from being saved: %v", err)
	}
	many := make([]string, MostAssociates+1)
	for i := range many {
		many[i] = fmt.Sprint("Jan ", i)
	}
	for _, test := range []struct {
		name string
		edit func(v *Visit)
		want []string
	}{
		{"empty", func(v *Visit) { *v = Visit{} }, []string{"department required", "day required", "state unknown"}},
		{"nothing planned", func(v *Visit) { *v = Visit{State: Planned} }, []string{"department required", "day required", "purpose required"}},
		{"nobody was there", func(v *Visit) { *v = Visit{State: Done, Day: today, Department: ids[0]} }, []string{"associates required"}},
		{"100 KB", func(v *Visit) {
			v.Purpose, v.Heard, v.Place = strings.Repeat("why ", 25_000), strings.Repeat("x", 100_000), strings.Repeat("p", 201)
		},
			[]string{"place long", "purpose long", "heard long"}},
		{"no text", func(v *Visit) { v.Purpose, v.Helped = "a\xffb", "a\x00b" }, []string{"purpose unreadable", "helped unreadable"}},
		{"impossible day", func(v *Visit) { v.Day = "2027-02-29" }, []string{"day day"}},
		{"planned for yesterday", func(v *Visit) { v.Day = "2026-11-23" }, []string{"day past"}},
		{"done tomorrow", func(v *Visit) { v.Day, v.State = "2026-11-25", Done }, []string{"day future"}},
		{"far ahead", func(v *Visit) { v.Day = "2226-11-25" }, []string{"day far"}},
		{"long ago", func(v *Visit) { v.Day, v.State = "1026-11-25", Done }, []string{"day far"}},
		{"clock", func(v *Visit) { v.Start, v.Minutes = "25:00", 9999 }, []string{"start time", "minutes minutes"}},
		{"called off from the start", func(v *Visit) { v.State, v.Reason = CalledOff, "x" }, []string{"reason required", "state unknown"}},
		{"archived", func(v *Visit) { v.Department = ids[1] }, []string{"department archived"}},
		{"nowhere", func(v *Visit) { v.Department = 999 }, []string{"department unknown"}},
		{"no such change", func(v *Visit) { v.Change = 7 }, []string{"change unknown"}},
		{"too many", func(v *Visit) { v.Associates = many }, []string{"associates too_many"}},
		{"twice", func(v *Visit) { v.Associates = []string{"a@example.org", "A@example.org"} }, []string{"associates twice"}},
		{"follow-ups", func(v *Visit) {
			v.FollowUps = []FollowUp{{Text: "fine"}, {Due: "2026-12-05"}, {Text: "x", Due: "2026-02-30"}, {Text: "x", Due: "2026-11-30"}, {Text: strings.Repeat("é", LongestFollowUp+1), Owner: strings.Repeat("o", 255), Due: "2099-01-01"}}
		}, []string{"followups[1].text required", "followups[2].due day", "followups[3].due early", "followups[4].text long", "followups[4].owner long", "followups[4].due far"}},
	} {
		v := planned(ids[0])
		test.edit(&v)
		_, err := Create(t.Context(), s, v, mira, today)
		if got := faulty(err); !slices.Equal(got, test.want) {
			t.Errorf("%s: faults %v, want %v (%v)", test.name, got, test.want, err)
		}
	}
	if list, err := List(t.Context(), s); err != nil || len(list) != 1 {
		t.Errorf("%d visits are stored, %v", len(list), err)
	}
	if _, err := Add(t.Context(), s, kept.ID, FollowUp{Due: "x"}); !slices.Equal(faulty(err), []string{"text required", "due day"}) {
		t.Errorf("an empty follow-up: %v", err)
	}
}

func TestWhatHasHappenedIsNotPlannedAgain(t *testing.T) {
	s := storetest.SQLite(t)
	v := create(t, s, planned(departments(t, s, "Sales")[0]))
	v.State = CalledOff
	if _, err := Save(t.Context(), s, v, jan, today); !slices.Equal(faulty(err), []string{"reason required"}) {
		t.Errorf("called off for no reason: %v", err)
	}
	v.Reason = "Everybody is ill"
	v, err := Save(t.Context(), s, v, jan, today)
	if err != nil || v.FewAssociates() || v.Missed("2027-01-01") {
		t.Fatalf("called off: %+v, %v", v, err)
	}
	v.State, v.Day = Done, today
	if _, err := Save(t.Context(), s, v, jan, today); !slices.Equal(faulty(err), []string{"state unknown"}) {
		t.Errorf("what was called off was done: %v", err)
	}
}

func TestOneFindsTheVisitsAndFollowUpsOfSomebody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := departments(t, s, "Sales")[0]
		with := create(t, s, planned(d))
		other := planned(d)
		other.Associates, other.FollowUps = []string{"Jan Novak"}, []FollowUp{{Text: "a", Owner: "mira@example.org"}, {Text: "b", Owner: "Jan Novak"}}
		owes := create(t, s, other)
		other.FollowUps = nil
		create(t, s, other)
		past := planned(d)
		past.State, past.Day = Done, "2026-01-10"
		create(t, s, past)
		ids := func(list []Visit, err error) (ids []ID) {
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range list {
				ids = append(ids, v.ID)
			}
			return ids
		}
		if got := ids(Of(t.Context(), s, "mira@example.org", "2026-06-01")); !slices.Equal(got, []ID{with.ID, owes.ID}) {
			t.Errorf("found %v, want %v", got, []ID{with.ID, owes.ID})
		}
		if _, err := Tick(t.Context(), s, owes.ID, 1, today); err != nil {
			t.Fatal(err)
		}
		if got := ids(Of(t.Context(), s, "mira@example.org", "2026-06-01")); !slices.Equal(got, []ID{with.ID}) {
			t.Errorf("found %v after it was done", got)
		}
	})
}
