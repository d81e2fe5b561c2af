package week

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/champions"
	"soundings/surveys/changes"
	"soundings/surveys/ideas"
	"soundings/surveys/library"
	"soundings/surveys/people"
	"soundings/surveys/promises"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/visits"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const (
	mine  = "ada@example.org"
	today = surveys.Day("2026-11-24") // a Tuesday
)

func TestAWeekBeginsOnMondayInEveryYear(t *testing.T) {
	for day, want := range map[surveys.Day]surveys.Day{
		"2026-11-23": "2026-11-23", "2026-11-24": "2026-11-23", "2026-11-29": "2026-11-23", "2026-11-30": "2026-11-30",
		"2027-01-03": "2026-12-28", "2027-01-04": "2027-01-04", "2028-02-29": "2028-02-28", "2026-03-29": "2026-03-23",
	} {
		if got := MondayOf(day); got != want {
			t.Errorf("%s is in the week of %s, want %s", day, got, want)
		}
	}
}

// town is a database with two departments and what IT has going on in them.
type town struct {
	t            *testing.T
	store        *store.Store
	sales, legal surveys.DepartmentID
	change       changes.Change
}

func newTown(t *testing.T, s *store.Store) *town {
	t.Helper()
	w := &town{t: t, store: s}
	w.must(s.Transact(t.Context(), "test", func(tx *store.Tx) (err error) {
		if w.sales, err = people.AddDepartment(tx, "Sales", 30); err == nil {
			w.legal, err = people.AddDepartment(tx, "Legal", 20)
		}
		return err
	}))
	var err error
	w.change, err = changes.Create(t.Context(), s, changes.Change{Text: changes.Text{Title: "Laptops", Why: "W", What: "W"}, Language: "en", Owner: "Ada@Example.org", Everybody: true},
		changes.Entry{Stage: changes.Asking, On: today}, w.stamp(), today)
	w.must(err)
	return w
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) stamp() surveys.Stamp { return surveys.Stamp{By: mine, At: today.Time()} }

// visit stores one as it was planned on a day.
func (w *town) visit(d surveys.DepartmentID, day surveys.Day, purpose string, with []string, followUps ...visits.FollowUp) visits.Visit {
	w.t.Helper()
	v, err := visits.Create(w.t.Context(), w.store, visits.Visit{Department: d, Day: day, Purpose: purpose, Associates: with, State: visits.Planned, FollowUps: followUps}, w.stamp(), day)
	w.must(err)
	return v
}

func (w *town) promise(owner, answer string, due surveys.Day, d surveys.DepartmentID) {
	w.t.Helper()
	_, err := promises.Make(w.t.Context(), w.store, promises.Promise{Text: promises.Text{Said: "S", Answer: answer}, Language: "en", Owner: owner, Departments: []surveys.DepartmentID{d}},
		promises.Entry{State: promises.Open, Due: due}, w.stamp(), "2026-11-01")
	w.must(err)
}

func (w *town) idea(d surveys.DepartmentID, title string, place ideas.Place) {
	w.t.Helper()
	_, err := ideas.Suggest(w.t.Context(), w.store, ideas.Suggestion{Title: title, Language: "en", Department: d}, place, "2026-11-20")
	w.must(err)
}

func (w *town) champion(d surveys.DepartmentID, name string, contact surveys.Day) champions.Champion {
	w.t.Helper()
	c, err := champions.Add(w.t.Context(), w.store, surveys.Secret("12345678901234567890123456789012"), champions.Champion{Department: d, Name: name,
		Email: strings.ToLower(name) + "@example.org", Language: "en", Since: "2026-01-10",
		Consent: champions.Consent{By: mine, On: "2026-01-10", How: "asked", Wording: "yes"}}, false, today)
	w.must(err)
	_, err = champions.Contact(w.t.Context(), w.store, c.ID, contact, today)
	w.must(err)
	return c
}

// furnish fills the town; what is of others, done, or far away is in it too.
func (w *town) furnish() {
	w.visit(w.sales, "2026-11-20", "unreported", []string{mine})
	w.visit(w.legal, today, "today", []string{"Bo", mine}, visits.FollowUp{Text: "no hurry", Owner: mine}, visits.FollowUp{Text: "of Bo", Owner: "Bo", Due: today})
	w.visit(w.sales, "2026-11-29", "on Sunday", []string{mine})
	w.visit(w.sales, "2026-12-06", "next Sunday", []string{mine})
	w.visit(w.sales, "2026-12-07", "too far", []string{mine})
	w.visit(w.sales, today, "of Bo", []string{"Bo"}, visits.FollowUp{Text: "this week", Owner: mine, Due: "2026-11-27"})
	off := w.visit(w.sales, "2026-11-26", "called off", []string{mine})
	off.State, off.Reason = visits.CalledOff, "ill"
	_, err := visits.Save(w.t.Context(), w.store, off, w.stamp(), today)
	w.must(err)
	ticked := w.visit(w.legal, "2026-11-01", "long ago", []string{"Bo"}, visits.FollowUp{Text: "late", Owner: mine, Due: "2026-11-10"}, visits.FollowUp{Text: "ticked", Owner: mine, Due: "2026-11-10"})
	_, err = visits.Tick(w.t.Context(), w.store, ticked.ID, 2, today)
	w.must(err)
	w.promise(mine, "late promise", "2026-11-23", w.sales)
	w.promise(mine, "promise", "2026-11-24", w.legal)
	w.promise("bo@example.org", "of Bo", "2026-11-24", w.sales)
	w.idea(w.sales, "seen", ideas.Shown)
	w.idea(0, "unseen", ideas.Waiting)
	w.idea(w.sales, "hidden", ideas.Hidden)
	w.champion(w.sales, "Silent", "2026-08-26")
	w.champion(w.sales, "Talked", "2026-08-27")
	told := w.champion(w.legal, "Told", "2026-11-01")
	w.must(champions.Tells(w.t.Context(), w.store, told.ID, w.change.ID, "It would work.", "2026-11-21"))
	answered := w.champion(w.legal, "Answered", "2026-11-01")
	w.must(champions.Tells(w.t.Context(), w.store, answered.ID, w.change.ID, "Fine.", "2026-11-21"))
	_, err = champions.Contact(w.t.Context(), w.store, answered.ID, "2026-11-22", today)
	w.must(err)
}

func (w *town) gather(p Person) Week {
	w.t.Helper()
	if p.Sees == nil {
		p.Sees = func(surveys.DepartmentID) bool { return true }
	}
	got, err := Gather(w.t.Context(), w.store, catalog.New(w.store), p, today)
	w.must(err)
	return got
}

func told(w Week) string {
	var lines []string
	for _, part := range []struct {
		name  string
		items []Item
	}{{"overdue", w.Overdue}, {"this", w.This}, {"next", w.Next}, {"undated", w.Undated}} {
		for _, i := range part.items {
			lines = append(lines, fmt.Sprintf("%s: %s %s %s", part.name, i.Kind, i.Title, i.Day))
		}
	}
	return strings.Join(lines, "\n")
}

func TestAWeekHoldsWhatIsSomebodysAndWaitsForThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newTown(t, s)
		if empty := w.gather(Person{Email: mine, Converses: true}); !empty.Empty() {
			t.Errorf("before anything is planned:\n%s", told(empty))
		}
		w.furnish()
		want := `overdue: followup late 2026-11-10
overdue: report unreported 2026-11-20
overdue: promise late promise 2026-11-23
this: visit today 2026-11-24
this: promise promise 2026-11-24
this: followup this week 2026-11-27
this: visit on Sunday 2026-11-29
this: silent Silent 2026-08-26
this: idea seen 2026-11-20
this: unseen unseen 2026-11-20
this: reported Told 2026-11-21
next: visit next Sunday 2026-12-06
undated: followup no hurry `
		if got := told(w.gather(Person{Email: mine, Converses: true})); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		limited := Person{Email: mine, Converses: true, Limited: true, Sees: func(d surveys.DepartmentID) bool { return d == w.legal }}
		if got, want := told(w.gather(limited)), "overdue: followup late 2026-11-10\nthis: visit today 2026-11-24\nthis: promise promise 2026-11-24\nthis: reported Told 2026-11-21\nundated: followup no hurry "; got != want {
			t.Errorf("limited to a department: got\n%s\nwant\n%s", got, want)
		}
		for _, kind := range w.gather(Person{Email: mine}).This {
			if slices.Contains([]Kind{Idea, Unseen, Reported, Silent}, kind.Kind) {
				t.Errorf("somebody who does not carry the conversation is to answer %s", kind.Title)
			}
		}
		if got := w.gather(Person{Email: "cy@example.org"}); !got.Empty() {
			t.Errorf("somebody who owns nothing has\n%s", told(got))
		}
		if got := w.gather(Person{Email: "cy@example.org", Converses: true}); slices.ContainsFunc(got.This, func(i Item) bool { return i.Kind == Reported }) {
			t.Errorf("what was reported about the change of another:\n%s", told(got))
		}
	})
}

// Waves are for whoever runs them, and for the owner of the change that they ask about.
func TestWavesOfTheWeekWaitForWhoRunsThemAndForTheOwnerOfTheirChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, known := newTown(t, s), catalog.New(s)
		source, err := library.Open("change-pulse")
		w.must(err)
		w.must(s.Transact(t.Context(), "test", func(tx *store.Tx) error {
			q, _, err := known.Publish(tx, []byte(strings.Replace(string(source), "purpose: change\n", "purpose: change\nchange: "+w.change.Name+"\n", 1)), today.Time())
			if err != nil {
				return err
			}
			for label, days := range map[string]int{"ends on Friday": 3, "ends in a month": 30} {
				if _, _, err := waves.Open(tx, waves.New{Questionnaire: q, Label: label, At: today.Time(), Departments: []surveys.DepartmentID{w.sales}, Closes: today.Plus(days).Time().Add(12 * time.Hour)}); err != nil {
					return err
				}
			}
			plan, err := waves.SavePlan(tx, waves.Plan{Survey: q.Survey, Label: "next", Opens: "2026-12-01T08:00", Closes: "2026-12-08T08:00", Every: waves.Once})
			if err != nil {
				return err
			}
			return waves.Schedule(tx, plan, waves.LocalOf(today.Time(), time.UTC))
		}))
		want := "this: closing ends on Friday 2026-11-27\nnext: opening next 2026-12-01"
		for name, p := range map[string]Person{"who runs waves": {Email: "cy@example.org", RunsWaves: true}, "the owner of the change": {Email: mine}} {
			if got := told(w.gather(p)); got != want {
				t.Errorf("%s has\n%s\nwant\n%s", name, got, want)
			}
		}
		if got := told(w.gather(Person{Email: mine, Limited: true, Sees: func(d surveys.DepartmentID) bool { return d == w.legal }})); got != "next: opening next 2026-12-01" {
			t.Errorf("whoever sees another department has\n%s", got)
		}
		if got := told(w.gather(Person{Email: "cy@example.org"})); got != "" {
			t.Errorf("somebody else has\n%s", got)
		}
	})
}

// wish adds an account that wants its week, since long ago.
func wish(t *testing.T, s *store.Store, email string) int64 {
	t.Helper()
	var id int64
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
		if err := tx.Exec("INSERT INTO users (email, role, created_at, language, limited, password_hash, totp_step) VALUES (?, 'author', ?, 'en', ?, 'x', 0)", email, today.Time(), false).Error; err != nil {
			return err
		}
		return tx.Table("users").Where("email = ?", email).Pluck("id", &id).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := Want(t.Context(), s, id, true, time.Date(2026, 1, 7, 12, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	return id
}

// in sets the zone of the organisation.
func in(t *testing.T, s *store.Store, zone string) {
	t.Helper()
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
		return tx.Exec("INSERT INTO settings (name, value) VALUES ('organisation.time_zone', ?)", zone).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sent(t *testing.T, s *store.Store) string {
	t.Helper()
	return strings.Join(storetest.Rows(t, s, "SELECT address, batch FROM outbox WHERE kind = 'week' ORDER BY entry_key"), "\n")
}

func TestTheMailOfAWeekLeavesOnMondayAtSevenByTheClocksOfTheOrganisation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		in(t, s, "Europe/Berlin")
		id := wish(t, s, mine)
		want := ""
		for _, step := range []struct {
			at, why, sends string // sends is the Monday of the week whose mail is added
		}{
			{"2026-03-23T05:59:59Z", "before seven in winter time", ""},
			{"2026-03-23T06:00:00Z", "seven in winter time", "2026-03-23"},
			{"2026-03-23T06:00:05Z", "a moment later", ""},
			{"2026-03-30T04:59:59Z", "before seven, on the day after summer time began", ""},
			{"2026-03-30T05:00:00Z", "seven in summer time", "2026-03-30"},
			{"2026-04-08T08:00:00Z", "nobody ran until Wednesday", ""},
			{"2026-04-14T20:00:00Z", "nobody ran until Tuesday", "2026-04-13"},
			{"2026-10-26T05:59:59Z", "before seven, on the day after summer time ended", ""},
			{"2026-10-26T06:00:00Z", "seven in winter time again", "2026-10-26"},
			{"2026-10-27T06:00:00Z", "the day after", ""},
			{"2027-01-04T06:30:00Z", "the first week of a year", "2027-01-04"},
		} {
			at, err := time.Parse(time.RFC3339, step.at)
			if err != nil {
				t.Fatal(err)
			}
			if err := SendDue(t.Context(), s, at); err != nil {
				t.Fatal(err)
			}
			if step.sends != "" {
				want = strings.TrimPrefix(want+"\n"+mine+"|week:"+step.sends, "\n")
			}
			if got := sent(t, s); got != want {
				t.Fatalf("%s (%s): sent\n%s\nwant\n%s", step.at, step.why, got, want)
			}
		}
		monday := time.Date(2027, 1, 11, 12, 0, 0, 0, time.UTC)
		for _, wanted := range []bool{false, true} { // changed one's mind, on a Monday whose hour has passed
			if err := Want(t.Context(), s, id, wanted, monday); err != nil {
				t.Fatal(err)
			}
			if err := SendDue(t.Context(), s, monday); err != nil || sent(t, s) != want {
				t.Errorf("wanted %v: %v, sent\n%s", wanted, err, sent(t, s))
			}
		}
	})
}

func TestSeveralServersAndRestartsSendAWeekOnceToThoseWhoMaySignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		wish(t, s, mine)
		gone, no := wish(t, s, "gone@example.org"), wish(t, s, "no@example.org")
		if err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error {
			return tx.Exec("UPDATE users SET deactivated_at = ? WHERE id = ?", today.Time(), gone).Error
		}); err != nil {
			t.Fatal(err)
		}
		monday := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
		if err := Want(t.Context(), s, no, false, monday.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		failed := make(chan error, 8)
		for range cap(failed) {
			go func() { failed <- SendDue(t.Context(), s, monday) }()
		}
		for range cap(failed) {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
		// A server that restarts has forgotten everything, and the outbox may have sent and forgotten the address.
		if err := SendDue(t.Context(), s, monday.Add(time.Minute)); err != nil {
			t.Error(err)
		}
		if got, want := sent(t, s), mine+"|week:2026-11-23"; got != want {
			t.Errorf("sent\n%s\nwant\n%s", got, want)
		}
	})
}
