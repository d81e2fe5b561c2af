package champions

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const today = surveys.Day("2026-11-24")

var secret = surveys.Secret("the secret of the tests")

func department(t *testing.T, s *store.Store, name string) (id surveys.DepartmentID) {
	t.Helper()
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) (err error) {
		id, err = people.AddDepartment(tx, name, 20)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func ada(d surveys.DepartmentID) Champion {
	return Champion{Name: "Ada Lind", Email: "Ada@example.org", Department: d, Topics: []string{"VPN"}, Language: "en", Consent: Consent{Wording: "I agree."}}
}

func volunteer(t *testing.T, s *store.Store, c Champion, on surveys.Day) {
	t.Helper()
	if err := Volunteer(t.Context(), s, secret, c, on); err != nil {
		t.Fatal(err)
	}
}

func all(t *testing.T, s *store.Store) []Champion {
	t.Helper()
	list, err := List(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// trace is all that the tables of champions and the outbox hold, as text.
func trace(t *testing.T, s *store.Store) string {
	t.Helper()
	return strings.Join(slices.Concat(
		storetest.Rows(t, s, "SELECT id, name, email, email_key, topics, consent_wording, consent_by, department_id, withdrawn, token_sealed FROM champions ORDER BY id"),
		storetest.Rows(t, s, "SELECT text FROM champion_reports"), storetest.Rows(t, s, "SELECT told_by FROM champion_letters"),
		storetest.Rows(t, s, "SELECT address, state FROM outbox ORDER BY id")), "\n")
}

func codes(err error) (list []string) {
	var known *surveys.Error
	if errors.As(err, &known) {
		for _, f := range known.Faults {
			list = append(list, f.Path+" "+f.Code)
		}
	}
	return list
}

func TestNobodyIsAChampionBeforeTheyConfirmAndAfterTwoWeeksNothingIsLeft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := department(t, s, "Finance")
		volunteer(t, s, ada(d), today)
		late := ada(d)
		late.Email, late.Name = "bo@example.org", "Bo"
		volunteer(t, s, late, today.Plus(1))
		list := all(t, s)
		if len(list) != 2 || list[0].Active() || !list[0].Waiting() || list[0].Since != "" {
			t.Fatalf("%+v", list)
		}
		token, err := list[0].Token(secret)
		if err != nil || len(token) != 32 || strings.Contains(trace(t, s), token) {
			t.Fatalf("token %q, %v; the tables must not hold it", token, err)
		}
		if found, err := ByToken(t.Context(), s, token); err != nil || found.ID != list[0].ID {
			t.Errorf("by its token: %+v, %v", found, err)
		}
		if _, err := list[0].Token(surveys.Secret("another")); err == nil {
			t.Error("another installation's secret opens it")
		}
		for _, guess := range []string{"", token[1:] + "a", token + "a"} {
			if _, err := ByToken(t.Context(), s, guess); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("%q: %v", guess, err)
			}
		}
		if err := Purge(t.Context(), s, today.Plus(13)); err != nil || len(all(t, s)) != 2 {
			t.Errorf("after 13 days %d are left, %v", len(all(t, s)), err)
		}
		if err := Purge(t.Context(), s, today.Plus(14)); err != nil {
			t.Fatal(err)
		}
		if list := all(t, s); len(list) != 1 || list[0].Email != "bo@example.org" || strings.Contains(trace(t, s), "Ada") {
			t.Errorf("after 14 days: %+v\n%s", list, trace(t, s))
		}
		c, err := Confirm(t.Context(), s, all(t, s)[0].ID, today.Plus(2))
		if err != nil || !c.Active() || c.Since != today.Plus(2) || c.Consent.On != today.Plus(2) || !c.Consent.Own() || c.Consent.Wording != "I agree." {
			t.Errorf("confirmed: %+v, %v", c, err)
		}
		if err := Purge(t.Context(), s, today.Plus(900)); err != nil || len(all(t, s)) != 1 {
			t.Errorf("a champion is erased: %v", err)
		}
	})
}

func TestAnAddressThatIsKnownIsAnsweredAsAnyOtherAndMailedOnceADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := department(t, s, "Finance")
		mails := func() int { return len(storetest.Rows(t, s, "SELECT id FROM outbox")) }
		volunteer(t, s, ada(d), today)
		again := ada(d)
		again.Email, again.Name = "ada@EXAMPLE.org", "Ada L."
		volunteer(t, s, again, today)
		if list := all(t, s); len(list) != 1 || list[0].Name != "Ada L." || mails() != 1 {
			t.Fatalf("%+v, %d mails", list, mails())
		}
		if _, err := Confirm(t.Context(), s, all(t, s)[0].ID, today); err != nil {
			t.Fatal(err)
		}
		stranger := ada(d)
		stranger.Name = "Mallory"
		volunteer(t, s, stranger, today.Plus(1))
		if list := all(t, s); len(list) != 1 || list[0].Name != "Ada L." || mails() != 2 {
			t.Errorf("a stranger changes a champion: %+v, %d mails", list, mails())
		}
	})
}

func TestWhoeverWithdrawsLeavesNothingButThatOneWithdrew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := department(t, s, "Finance")
		change, err := changes.Create(t.Context(), s, changes.Change{Text: changes.Text{Title: "Laptops", Why: "a", What: "b"}, Language: "en", Owner: "mira@example.org", Everybody: true},
			changes.Entry{Stage: changes.Proposed, On: today}, surveys.Stamp{By: "mira@example.org", At: today.Time()}, today)
		if err != nil {
			t.Fatal(err)
		}
		volunteer(t, s, ada(d), today)
		c, err := Confirm(t.Context(), s, all(t, s)[0].ID, today)
		if err != nil {
			t.Fatal(err)
		}
		for want := 1; want >= 0; want-- { // pressed twice
			if told, err := Tell(t.Context(), s, all(t, s), change.ID, changes.Proposed, "mira@example.org", today); err != nil || told != want {
				t.Errorf("told %d, %v; want %d", told, err, want)
			}
		}
		if err := Tells(t.Context(), s, c.ID, change.ID, " Ada says: wait ", today); err != nil {
			t.Fatal(err)
		}
		if err := Tells(t.Context(), s, c.ID, 0, strings.Repeat("x", LongestReport+1), today); !slices.Equal(codes(err), []string{"text long"}) {
			t.Errorf("a long report: %v", err)
		}
		reports, err := Reports(t.Context(), s)
		if err != nil || len(reports) != 1 || reports[0] != (Report{c.ID, change.ID, today, "Ada says: wait"}) {
			t.Fatalf("%+v, %v", reports, err)
		}
		for range 2 { // by the page, and by a mail program
			if err := Withdraw(t.Context(), s, c.ID, today.Plus(3)); err != nil {
				t.Fatal(err)
			}
		}
		held := trace(t, s)
		list := all(t, s)
		if strings.Contains(strings.ToLower(held), "ada") || strings.Contains(held, "VPN") || strings.Contains(held, "queued") {
			t.Errorf("left is\n%s", held)
		}
		if len(list) != 1 || list[0].Withdrawn != today.Plus(3) || list[0].Department != d || list[0].Active() || list[0].Waiting() {
			t.Errorf("%+v", list)
		}
		volunteer(t, s, ada(d), today.Plus(4))
		if list := all(t, s); len(list) != 2 || !list[1].Waiting() {
			t.Errorf("volunteering again: %+v", list)
		}
	})
}

func TestAConsentThatITRecordsIsKeptWordByWordAndEveryFaultIsToldAtOnce(t *testing.T) {
	s := storetest.SQLite(t)
	d := department(t, s, "Finance")
	c := ada(d)
	c.Since, c.Consent = today, Consent{By: "mira@example.org", On: "2026-03-03", How: "in the meeting of 3 March", Wording: "Yes, call me."}
	made, err := Add(t.Context(), s, secret, c, false, today)
	if err != nil || !made.Active() || made.Consent != c.Consent || len(storetest.Rows(t, s, "SELECT id FROM outbox")) != 0 {
		t.Fatalf("%+v, %v", made, err)
	}
	made.Name, made.Consent = "Ada L.", Consent{By: "x", How: "y"}
	if saved, err := Save(t.Context(), s, made, today); err != nil || saved.Name != "Ada L." || saved.Consent != c.Consent || saved.Version != 2 {
		t.Errorf("saved %+v, %v", saved, err)
	}
	if stored, err := Save(t.Context(), s, made, today); surveys.KindOf(err) != surveys.Conflict || stored.Version != 2 {
		t.Errorf("from an old version: %+v, %v", stored, err)
	}
	bad := Champion{Name: " ", Email: "ada", Language: "?", Topics: slices.Repeat([]string{"x"}, MostTopics+1), Since: "2026-11-25", LastContact: "2026-02-30",
		Consent: Consent{By: "mira@example.org", On: "2027-01-01"}}
	_, err = Add(t.Context(), s, secret, bad, true, today)
	want := []string{"name required", "email address", "topics too_many", "language unknown", "since future", "last_contact day", "department required", "consent_on future", "consent_how required", "consent_wording required"}
	if got := codes(err); !slices.Equal(got, want) {
		t.Errorf("faults %v, want %v", got, want)
	}
	if _, err := Add(t.Context(), s, secret, c, true, today); !slices.Equal(codes(err), []string{"email taken"}) {
		t.Errorf("twice: %v", err)
	}
	if err := s.Transact(t.Context(), "test", func(tx *store.Tx) error { return people.Archive(tx, d) }); err != nil {
		t.Fatal(err)
	}
	if err := Volunteer(t.Context(), s, secret, Champion{Name: "Bo", Email: "bo@example.org", Department: d, Language: "en"}, today); !slices.Equal(codes(err), []string{"department archived"}) {
		t.Errorf("of an archived department: %v", err)
	}
}

func TestTheBoardSaysWhoHasNobodyAndWithWhomThereWasNoContact(t *testing.T) {
	finance, legal, old := surveys.Department{ID: 1, Name: "Finance"}, surveys.Department{ID: 2, Name: "Legal"}, surveys.Department{ID: 3, Name: "Old", Archived: true}
	list := []Champion{
		{ID: 1, Name: "Zoe", Department: 1, Confirmed: true, Since: today.Plus(-90)},
		{ID: 2, Name: "Ada", Department: 1, Confirmed: true, Since: today.Plus(-400), LastContact: today.Plus(-89)},
		{ID: 3, Name: "Bo", Department: 2}, {ID: 4, Department: 2, Confirmed: true, Withdrawn: today}, {ID: 5, Name: "Of another", Department: 9, Confirmed: true, Since: today},
	}
	b := NewBoard(list, []surveys.Department{finance, legal, old}, today)
	if b.With != 1 || len(b.Without) != 1 || b.Without[0].ID != 2 || len(b.Waiting) != 1 || b.Gone != 1 || b.Silent != 1 || len(b.Rows) != 2 {
		t.Errorf("%+v", b)
	}
	if got := b.Rows[0].Champions; len(got) != 2 || got[0].Name != "Ada" || got[1].Name != "Zoe" {
		t.Errorf("%+v", got)
	}
}

func TestTopicsAreReadWithTheCommasOfEveryLanguage(t *testing.T) {
	if got, want := ParseTopics(" VPN,  shared   drives;VPN، الطابعة、電話,邮件\n"), []string{"VPN", "shared drives", "الطابعة", "電話", "邮件"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
