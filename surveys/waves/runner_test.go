package waves_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/library"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// desk is a runner over a fresh database with one survey, three departments and a clock that stands.
type desk struct {
	*waves.Runner
	t      *testing.T
	survey surveys.SurveyID
	now    time.Time
}

func eachDesk(t *testing.T, test func(t *testing.T, d *desk)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(t, newDesk(t, s)) })
}

func newDesk(t *testing.T, s *store.Store) *desk {
	d := &desk{t: t, now: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}
	d.Runner = runnerOn(s, func() time.Time { return d.now })
	d.transact(func(tx *store.Tx) error {
		source, err := library.Open("change-pulse")
		if err != nil {
			return err
		}
		q, _, err := d.Catalog.Publish(tx, source, d.now)
		if err != nil {
			return err
		}
		d.survey = q.Survey
		for i, name := range []string{"Finance", "Legal", "Sales"} {
			if _, err := people.AddDepartment(tx, name, 10*i); err != nil {
				return err
			}
		}
		_, err = people.AddBand(tx, "Staff")
		return err
	})
	return d
}

func runnerOn(s *store.Store, now func() time.Time) *waves.Runner {
	finish := func(ctx context.Context, q *surveys.Questionnaire, wave surveys.WaveID, at time.Time, closed ...waves.Hook) error {
		return tally.Close(ctx, s, q, wave, at, closed...)
	}
	return &waves.Runner{Store: s, Catalog: catalog.New(s), Finish: finish, Now: now}
}

func (d *desk) transact(fn func(tx *store.Tx) error) {
	d.t.Helper()
	if err := d.Store.Transact(d.t.Context(), "test", fn); err != nil {
		d.t.Fatal(err)
	}
}

// at sets the clock to an hour in Berlin, the zone that set makes the organisation's.
func (d *desk) at(l waves.Local) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		d.t.Fatal(err)
	}
	d.now = l.In(zone)
}

func (d *desk) inBerlin() {
	d.t.Helper()
	d.transact(func(tx *store.Tx) error {
		return tx.Exec("INSERT INTO settings (name, value) VALUES (?, 'Europe/Berlin')", waves.ZoneSetting).Error
	})
}

// planned saves and schedules a plan.
func (d *desk) planned(p waves.Plan) waves.PlanID {
	d.t.Helper()
	zone, err := waves.Zone(d.Store.Read(d.t.Context()))
	if err != nil {
		d.t.Fatal(err)
	}
	p.Survey = d.survey
	var id waves.PlanID
	d.transact(func(tx *store.Tx) (err error) {
		if id, err = waves.SavePlan(tx, p); err != nil {
			return err
		}
		return waves.Schedule(tx, id, waves.LocalOf(d.now, zone))
	})
	return id
}

func (d *desk) once() {
	d.t.Helper()
	if err := d.Once(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) plan(id waves.PlanID) waves.Plan {
	d.t.Helper()
	p, err := waves.PlanByID(d.Store.Read(d.t.Context()), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

func (d *desk) terms(id surveys.WaveID) waves.Terms {
	d.t.Helper()
	terms, err := waves.TermsOf(d.Store.Read(d.t.Context()), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return terms
}

// history is every wave as "label state".
func (d *desk) history() []string {
	d.t.Helper()
	list, err := waves.List(d.Store.Read(d.t.Context()), 0)
	if err != nil {
		d.t.Fatal(err)
	}
	var lines []string
	for _, w := range list {
		lines = append(lines, fmt.Sprint(w.Label, " ", w.State))
	}
	return lines
}

func (d *desk) wants(lines ...string) {
	d.t.Helper()
	if got := d.history(); !slices.Equal(got, lines) {
		d.t.Errorf("waves are %q, want %q", got, lines)
	}
}

func TestAPlanOpensAndClosesByTheClockOfTheOrganisation(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.inBerlin()
		id := d.planned(waves.Plan{Label: "Pulse", Every: waves.Weekly, Opens: "2027-03-22T08:00", Closes: "2027-03-26T18:00",
			Quiet: []waves.Quiet{{From: "2027-04-05", To: "2027-04-11"}}, Mail: true})
		for _, step := range []struct {
			at   waves.Local
			want []string
		}{
			{"2027-03-22T07:59", nil},
			{"2027-03-22T08:00", []string{"Pulse 2027-03-22 open"}},
			{"2027-03-26T17:59", []string{"Pulse 2027-03-22 open"}},
			{"2027-03-26T18:00", []string{"Pulse 2027-03-22 closed"}},
			{"2027-03-29T07:59", []string{"Pulse 2027-03-22 closed"}},
			{"2027-03-29T08:00", []string{"Pulse 2027-03-22 closed", "Pulse 2027-03-29 open"}}, // after the clocks changed
			{"2027-04-05T08:00", []string{"Pulse 2027-03-22 closed", "Pulse 2027-03-29 closed"}},
			{"2027-04-12T08:00", []string{"Pulse 2027-03-22 closed", "Pulse 2027-03-29 closed", "Pulse 2027-04-12 open"}},
		} {
			d.at(step.at)
			d.once()
			d.once()
			d.wants(step.want...)
		}
		if p := d.plan(id); p.Next != "2027-04-19T08:00" || p.State != waves.Scheduled {
			t.Errorf("the plan is %s, next %s", p.State, p.Next)
		}
		if terms := d.terms(3); !terms.Mail || terms.Plan != id || terms.Departments != nil || !terms.Closes.Equal(time.Date(2027, 4, 16, 16, 0, 0, 0, time.UTC)) {
			t.Errorf("the terms are %+v", terms)
		}
	})
}

func TestWhatWasMissedOpensLateAndOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		weekly := d.planned(waves.Plan{Every: waves.Weekly, Opens: "2027-03-08T08:00", Closes: "2027-03-12T18:00"})
		d.now = time.Date(2027, 3, 30, 12, 0, 0, 0, time.UTC) // four openings have gone by, the last one yesterday
		d.once()
		d.wants("2027-03-29 open")
		if terms := d.terms(1); !terms.Closes.Equal(time.Date(2027, 4, 2, 18, 0, 0, 0, time.UTC)) {
			t.Errorf("it closes at %s", terms.Closes)
		}
		if p := d.plan(weekly); p.Next != "2027-04-05T08:00" || p.Missed != "" {
			t.Errorf("next is %s, missed %q", p.Next, p.Missed)
		}
	})
}

func TestAnOpeningWhoseClosingHasGoneByIsMissedAndSaidSo(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		once := d.planned(waves.Plan{Label: "Laptops", Every: waves.Once, Opens: "2027-03-08T08:00", Closes: "2027-03-12T18:00"})
		weekly := d.planned(waves.Plan{Every: waves.Weekly, Opens: "2027-03-08T08:00", Closes: "2027-03-12T18:00"})
		byHand := d.planned(waves.Plan{Label: "Open end", Every: waves.Once, Opens: "2027-03-08T08:00"})
		d.now = time.Date(2027, 3, 20, 12, 0, 0, 0, time.UTC)
		d.once()
		d.wants("Open end open")
		if p := d.plan(once); p.State != waves.Ended || p.Missed != "2027-03-08T08:00" {
			t.Errorf("the single plan is %s, missed %q", p.State, p.Missed)
		}
		if p := d.plan(weekly); p.State != waves.Scheduled || p.Missed != "2027-03-15T08:00" || p.Next != "2027-03-22T08:00" {
			t.Errorf("the weekly plan is %s, missed %q, next %s", p.State, p.Missed, p.Next)
		}
		if p := d.plan(byHand); p.State != waves.Ended || p.Missed != "" {
			t.Errorf("the plan without closing is %s, missed %q", p.State, p.Missed)
		}
	})
}

func TestAPlanWhoseDepartmentsAreGoneMissesItsOpeningAndSaysSo(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		gone := d.planned(waves.Plan{Every: waves.Weekly, Opens: "2027-03-08T08:00", Closes: "2027-03-12T18:00", Departments: []surveys.DepartmentID{2}})
		d.transact(func(tx *store.Tx) error { return tx.Exec("UPDATE departments SET archived = 1 WHERE id = 2").Error })
		d.now = time.Date(2027, 3, 8, 8, 0, 0, 0, time.UTC)
		d.once()
		d.wants()
		if p := d.plan(gone); p.Missed != "2027-03-08T08:00" || p.Next != "2027-03-15T08:00" {
			t.Errorf("missed %q, next %s", p.Missed, p.Next)
		}
		d.transact(func(tx *store.Tx) error { return waves.Dismiss(tx, gone) })
		if p := d.plan(gone); p.Missed != "" || p.State != waves.Scheduled {
			t.Errorf("after it was read: missed %q, %s", p.Missed, p.State)
		}
	})
}

func TestAChangedTimeZoneMovesWhatIsPlanned(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.planned(waves.Plan{Label: "Laptops", Every: waves.Once, Opens: "2027-03-08T08:00"})
		d.now = time.Date(2027, 3, 8, 7, 30, 0, 0, time.UTC)
		d.once()
		d.wants()
		d.inBerlin() // where it is half past eight
		d.once()
		d.wants("Laptops open")
	})
}

func TestOpeningNowGoesOnWithTheNextDate(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		var id waves.PlanID
		d.transact(func(tx *store.Tx) (err error) {
			id, err = waves.SavePlan(tx, waves.Plan{Survey: d.survey, Every: waves.Monthly, Opens: "2027-03-08T08:00", Closes: "2027-03-12T08:00"})
			return err
		})
		if _, err := d.OpenPlan(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if _, err := d.OpenPlan(t.Context(), id); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("opening twice: %v", err)
		}
		d.wants("2027-03 open")
		if terms := d.terms(1); !terms.Closes.Equal(time.Date(2027, 3, 12, 8, 0, 0, 0, time.UTC)) {
			t.Errorf("it closes at %s", terms.Closes)
		}
		if p := d.plan(id); p.Next != "2027-04-08T08:00" {
			t.Errorf("next is %s: the opening of this month has just been used", p.Next)
		}
		d.transact(func(tx *store.Tx) (err error) {
			id, err = waves.SavePlan(tx, waves.Plan{Survey: d.survey, Every: waves.Once, Opens: "2027-02-01T08:00", Closes: "2027-02-05T18:00"})
			return err
		})
		wave, err := d.OpenPlan(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if terms := d.terms(wave.ID); !terms.Closes.Equal(time.Date(2027, 3, 5, 19, 0, 0, 0, time.UTC)) {
			t.Errorf("a plan of last month closes at %s", terms.Closes)
		}
	})
}

func TestExtendingMovesTheClosing(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.planned(waves.Plan{Label: "Laptops", Every: waves.Once, Opens: "2027-03-08T08:00", Closes: "2027-03-12T18:00"})
		d.now = time.Date(2027, 3, 8, 8, 0, 0, 0, time.UTC)
		d.once()
		until := time.Date(2027, 3, 15, 18, 0, 0, 0, time.UTC)
		if err := d.Extend(t.Context(), 1, until); err != nil {
			t.Fatal(err)
		}
		d.now = until.Add(-time.Minute)
		d.once()
		d.wants("Laptops open")
		if err := d.Extend(t.Context(), 1, d.now); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("extending into the past: %v", err)
		}
		d.now = until
		d.once()
		d.wants("Laptops closed")
		if err := d.Extend(t.Context(), 1, until.Add(time.Hour)); surveys.KindOf(err) != surveys.Ended {
			t.Errorf("extending a closed wave: %v", err)
		}
	})
}

func TestAWaveIsFrozenAsTheOrganisationWasAtItsOpening(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		q, err := d.Catalog.Newest(t.Context(), d.survey)
		if err != nil {
			t.Fatal(err)
		}
		d.transact(func(tx *store.Tx) error {
			return people.Enter(tx, []people.Entry{
				{Key: "a@x.example", Person: surveys.Person{Email: "a@x.example", Department: 1, Band: 1}},
				{Key: "b@x.example", Person: surveys.Person{Email: "b@x.example", Department: 2, Band: 1}},
				{Key: "c@x.example", Person: surveys.Person{Email: "c@x.example", Department: 3}}, // of a band that nobody knows
			}, func(int) {})
		})
		all, links, err := d.Open(t.Context(), waves.New{Questionnaire: q, Label: "all"})
		if err != nil || len(links) != 1 {
			t.Fatalf("%d links, %v", len(links), err)
		}
		two, links, err := d.Open(t.Context(), waves.New{Questionnaire: q, Label: "two", Departments: []surveys.DepartmentID{1, 3}, Plan: 1})
		if err != nil || len(links) != 3 || links[0].Department != 0 {
			t.Fatalf("links %v, %v", links, err)
		}
		d.transact(func(tx *store.Tx) error {
			if _, err := people.AddDepartment(tx, "Research", 30); err != nil {
				return err
			}
			_, err := people.AddBand(tx, "Lead")
			return err
		})
		for wave, want := range map[surveys.WaveID][]surveys.DepartmentID{all.ID: {1, 2, 3}, two.ID: {1, 3}} {
			o, err := waves.OfferedIn(d.Store.Read(t.Context()), wave)
			if err != nil || !o.Frozen || !slices.Equal(o.Departments, want) || !slices.Equal(o.Bands, []surveys.BandID{1}) {
				t.Errorf("wave %d offers %+v, %v, want %v", wave, o, err, want)
			}
		}
		counts, err := waves.Headcounts(d.Store.Read(t.Context()), []surveys.WaveID{all.ID, two.ID})
		if err != nil || len(counts[all.ID]) != 2 || len(counts[two.ID]) != 1 || counts[two.ID][3] != 20 {
			t.Errorf("headcounts %v, %v", counts, err)
		}
		for wave, want := range map[surveys.WaveID]people.ByBand{all.ID: {1: {1: 1}, 2: {1: 1}}, two.ID: {1: {1: 1}}} {
			if got, err := waves.HeadcountsByBand(d.Store.Read(t.Context()), []surveys.WaveID{wave}); err != nil || !reflect.DeepEqual(got[wave], want) {
				t.Errorf("wave %d has by band %v, %v, want %v", wave, got, err, want)
			}
		}
	})
}

// Two servers with eight workers each meet the same due plans and waves: each opens, closes and is told of once.
func TestSeveralServersOpenAndCloseOnce(t *testing.T) {
	for _, kind := range []store.Dialect{store.SQLite, store.MySQL} {
		t.Run(string(kind), func(t *testing.T) {
			address := storetest.Address(t, kind)
			d := newDesk(t, storetest.Open(t, address))
			const plans = 5
			for range plans {
				d.planned(waves.Plan{Every: waves.Weekly, Opens: "2027-03-08T08:00", Closes: "2027-03-12T18:00"})
			}
			servers := []*waves.Runner{d.Runner, runnerOn(storetest.Open(t, address), func() time.Time { return d.now })}
			for _, r := range servers {
				told := func(what string) waves.Hook {
					return func(tx *store.Tx, w surveys.Wave, terms waves.Terms) error {
						return tx.Exec("INSERT INTO settings (name, value) VALUES (?, ?)", fmt.Sprint(what, w.ID), terms.Closes.String()).Error
					}
				}
				r.Hooks = waves.Hooks{Opened: []waves.Hook{told("opened")}, Closed: []waves.Hook{told("closed")}, ByClock: func(tx *store.Tx, did waves.Deed) error {
					return tx.Exec("INSERT INTO settings (name, value) VALUES (?, ?)", fmt.Sprint("clock ", did.What, did.Wave), did.Plan).Error
				}}
			}
			for round, now := range []time.Time{time.Date(2027, 3, 8, 8, 0, 0, 0, time.UTC), time.Date(2027, 3, 12, 18, 0, 0, 0, time.UTC)} {
				d.now = now
				var wait sync.WaitGroup
				failures := make(chan error, 16)
				for i := range 16 {
					wait.Go(func() { failures <- servers[i%2].Once(t.Context()) })
				}
				wait.Wait()
				close(failures)
				for err := range failures {
					if err != nil {
						t.Error(err)
					}
				}
				if got := d.history(); len(got) != plans {
					t.Errorf("there are %d waves, want %d", len(got), plans)
				}
				var messages int64
				if err := d.Store.Read(t.Context()).Table("settings").Count(&messages).Error; err != nil || messages != int64(2*plans*(round+1)) {
					t.Errorf("round %d: %d messages, %v, want %d", round, messages, err, 2*plans*(round+1))
				}
			}
		})
	}
}

func TestAHookThatFailsLeavesTheWaveAsItWas(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		refuse := func(*store.Tx, surveys.Wave, waves.Terms) error { return errors.New("no") }
		d.Hooks.Opened = []waves.Hook{refuse}
		d.planned(waves.Plan{Label: "Laptops", Every: waves.Once, Opens: "2027-03-08T08:00", Closes: "2027-03-12T18:00"})
		d.now = time.Date(2027, 3, 8, 8, 0, 0, 0, time.UTC)
		if err := d.Once(t.Context()); err == nil {
			t.Error("the failure is not reported")
		}
		d.wants()
		d.Hooks = waves.Hooks{Closed: []waves.Hook{refuse}}
		d.once()
		d.wants("Laptops open")
		list, err := waves.List(d.Store.Read(t.Context()), 0)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d waves, %v", len(list), err)
		}
		if err := d.Close(t.Context(), list[0].ID); err == nil {
			t.Error("the failure is not reported")
		}
		d.wants("Laptops closing") // it takes nothing in any more, and the next try goes on
		d.Hooks = waves.Hooks{}
		if err := d.Close(t.Context(), list[0].ID); err != nil {
			t.Fatal(err)
		}
		d.wants("Laptops closed")
	})
}
