package ideas

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const today = surveys.Day("2026-11-24")

var (
	secret = surveys.Secret("ssssssssssssssssssssssssssssssss")
	mira   = surveys.Stamp{By: "mira@example.org", At: time.Date(2026, 11, 24, 10, 42, 0, 0, time.UTC)}
)

// staff adds departments: a large one, a small one, a small one pooled into the large one, two small ones pooled together,
// and one whose headcount nobody knows.
func staff(t *testing.T, s *store.Store) (large, small, pooled, group, grouped, unknown surveys.DepartmentID) {
	t.Helper()
	do(t, s, func(tx *gorm.DB) error {
		for _, d := range []struct {
			id   *surveys.DepartmentID
			name string
			head int
		}{{&large, "Finance", 40}, {&small, "Legal", 4}, {&pooled, "Audit", 2}, {&group, "Reception", 2}, {&grouped, "Post", 1}, {&unknown, "Sales", 0}} {
			var err error
			if *d.id, err = people.AddDepartment(tx, d.name, d.head); err != nil {
				return err
			}
		}
		if err := people.Pool(tx, []surveys.DepartmentID{pooled}, large); err != nil {
			return err
		}
		return people.Pool(tx, []surveys.DepartmentID{grouped}, group)
	})
	return large, small, pooled, group, grouped, unknown
}

func do(t *testing.T, s *store.Store, fn func(tx *gorm.DB) error) {
	t.Helper()
	if err := s.Transact(t.Context(), "test", fn); err != nil {
		t.Fatal(err)
	}
}

func suggest(t *testing.T, s *store.Store, title string, place Place, department surveys.DepartmentID) ID {
	t.Helper()
	i, err := Suggest(t.Context(), s, Suggestion{Title: title, Language: "en", Department: department}, place, today)
	if err != nil {
		t.Fatal(err)
	}
	return i.ID
}

func read(t *testing.T, s *store.Store, id ID) Idea {
	t.Helper()
	i, err := ByID(t.Context(), s, id)
	if err != nil {
		t.Fatal(err)
	}
	return i
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

func TestAnIdeaIsKeptAsItWasTypedAndOnceADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		large, _, _, _, _, _ := staff(t, s)
		typed := Suggestion{Title: "  One \t password ", Text: "For all\nsystems. ", Language: "ar", Department: large, Signed: " Ana  Ruiz "}
		first, err := Suggest(t.Context(), s, typed, Waiting, today)
		want := Idea{ID: first.ID, Title: "One password", Text: "For all\nsystems.", Language: "ar", Department: large, Signed: "Ana Ruiz", On: today, Place: Waiting}
		if err != nil || !reflect.DeepEqual(first, want) || !reflect.DeepEqual(read(t, s, first.ID), want) {
			t.Fatalf("%+v, %v", first, err)
		}
		again, err := Suggest(t.Context(), s, typed, Shown, today)
		if err != nil || again.ID != first.ID || again.Place != Waiting {
			t.Errorf("sent twice: %+v, %v", again, err)
		}
		if next, err := Suggest(t.Context(), s, typed, Shown, "2026-11-25"); err != nil || next.ID == first.ID || next.Place != Shown {
			t.Errorf("the next day: %+v, %v", next, err)
		}
	})
}

func TestAnAnonymousIdeaIsKeptWithoutADepartmentThatIsTooSmall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		large, small, pooled, group, grouped, unknown := staff(t, s)
		for name, c := range map[string]struct{ chosen, unsigned surveys.DepartmentID }{
			"large": {large, large}, "small": {small, 0}, "pooled into a large one": {pooled, large}, "a small group": {group, 0},
			"pooled into a small group": {grouped, 0}, "of unknown size": {unknown, unknown}, "none": {0, 0},
		} {
			for signed, want := range map[string]surveys.DepartmentID{"": c.unsigned, "Ana": c.chosen} {
				i, err := Suggest(t.Context(), s, Suggestion{Title: name, Language: "en", Department: c.chosen, Signed: signed}, Shown, today)
				if err != nil || i.Department != want {
					t.Errorf("%s, signed %q: department %d, %v, want %d", name, signed, i.Department, err, want)
				}
			}
		}
		id := suggest(t, s, "moved", Shown, 0)
		for department, want := range map[surveys.DepartmentID][]string{small: {"department small"}, pooled: {"department small"}, 99: {"department unknown"}, large: nil, 0: nil} {
			err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error { return Move(tx, id, department) })
			if got := faulty(err); !slices.Equal(got, want) {
				t.Errorf("moved to %d: %v, want %v", department, got, want)
			}
			if got := read(t, s, id).Department; err == nil && got != department || err != nil && (got == small || got == pooled) {
				t.Errorf("moved to %d, it is of %d", department, got)
			}
		}
	})
}

func TestEveryFaultOfAnIdeaIsToldAtOnceAndNothingIsStored(t *testing.T) {
	s := storetest.SQLite(t)
	for want, typed := range map[string]Suggestion{
		"title required, language unknown":                     {},
		"title long, text long, name long":                     {Title: strings.Repeat("ü", 121), Text: strings.Repeat("x", 100_000), Signed: strings.Repeat("x", 101), Language: "en"},
		"title unreadable, text unreadable":                    {Title: "a\xffb", Text: "a\x00b", Language: "en"},
		"title required, language unknown, department unknown": {Title: " \n\u200b\u202e", Language: "!", Department: 7},
	} {
		if _, err := Suggest(t.Context(), s, typed, Shown, today); strings.Join(faulty(err), ", ") != want {
			t.Errorf("faults %v, want %s", faulty(err), want)
		}
	}
	if _, err := Suggest(t.Context(), s, Suggestion{Title: strings.Repeat("ü", 120), Text: strings.Repeat("語", 4000), Language: "ja"}, Shown, today); err != nil {
		t.Errorf("as long as can be: %v", err)
	}
	if list, err := List(t.Context(), s); err != nil || len(list) != 1 {
		t.Errorf("%d ideas are stored, %v", len(list), err)
	}
}

func TestTheSupportOfABrowserCountsOnceHoweverOftenItIsSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id, other := suggest(t, s, "One", Shown, 0), suggest(t, s, "Two", Shown, 0)
		me, you := NewBrowser(), NewBrowser()
		support := func(b Browser, id ID) {
			t.Helper()
			if err := Support(t.Context(), s, secret, b, id); err != nil {
				t.Fatal(err)
			}
		}
		for range 50 {
			support(me, id)
		}
		support(you, id)
		support(me, other)
		supports := func(b Browser, id ID) bool {
			t.Helper()
			yes, err := Supports(t.Context(), s, secret, b, id)
			if err != nil {
				t.Fatal(err)
			}
			return yes
		}
		if n := read(t, s, id).Supporters; n != 2 || !supports(me, id) || !supports(you, id) || supports(you, other) {
			t.Errorf("%d supporters", n)
		}
		if err := TakeBack(t.Context(), s, secret, me, id); err != nil || supports(me, id) || read(t, s, id).Supporters != 1 || !supports(me, other) {
			t.Errorf("taken back: %v, %+v", err, read(t, s, id))
		}
		marks := storetest.Rows(t, s, "SELECT mark FROM idea_supports")
		if len(marks) != 2 || marks[0] == marks[1] {
			t.Errorf("the supports of one browser look alike: %q", marks)
		}
	})
}

func TestTheSameVoteSentSeveralTimesAtOnceCountsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id, b := suggest(t, s, "One", Shown, 0), NewBrowser()
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				if err := Support(t.Context(), s, secret, b, id); err != nil {
					t.Error(err)
				}
				if _, err := Suggest(t.Context(), s, Suggestion{Title: "Twice", Language: "en"}, Shown, today); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		list, err := List(t.Context(), s)
		if err != nil || len(list) != 2 || list[0].Supporters != 1 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestABrowsersMarkIsReadOnlyWithItsSignature(t *testing.T) {
	b := NewBrowser()
	cookie := b.Signed(secret)
	if got, ok := ReadBrowser(secret, cookie); !ok || got != b {
		t.Errorf("%q is not read", cookie)
	}
	forged := []string{"", "x", strings.Repeat("A", len(cookie)), cookie[:len(cookie)-1], NewBrowser().Signed(surveys.Secret("another"))}
	for _, text := range forged {
		if _, ok := ReadBrowser(secret, text); ok {
			t.Errorf("%q is taken", text)
		}
	}
	if bytes.Equal(b.mark(secret, 1), b.mark(secret, 2)) || bytes.Equal(b.mark(secret, 1), b.mark(surveys.Secret("another"), 1)) {
		t.Error("marks of different ideas or installations are alike")
	}
}

func TestOnlyWhatTheBoardShowsCanBeSupported(t *testing.T) {
	s := storetest.SQLite(t)
	waiting, hidden := suggest(t, s, "One", Waiting, 0), suggest(t, s, "Two", Shown, 0)
	do(t, s, func(tx *gorm.DB) error { return Hide(tx, hidden, "names a colleague") })
	for _, id := range []ID{waiting, hidden, 99} {
		if err := Support(t.Context(), s, secret, NewBrowser(), id); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("idea %d: %v", id, err)
		}
	}
	if got := read(t, s, hidden); got.Place != Hidden || got.Reason != "names a colleague" || got.Open() {
		t.Errorf("%+v", got)
	}
	do(t, s, func(tx *gorm.DB) error { return Show(tx, hidden) })
	if got := read(t, s, hidden); got.Place != Shown || got.Reason != "" || !got.Public() {
		t.Errorf("%+v", got)
	}
	err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error { return Hide(tx, hidden, " ") })
	if !slices.Equal(faulty(err), []string{"reason required"}) {
		t.Errorf("without a reason: %v", err)
	}
}

func TestRepliesOnlyGrowAndAnOldPageOverwritesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id := suggest(t, s, "One", Shown, 0)
		if i := read(t, s, id); !i.Open() || i.Status() != New {
			t.Errorf("%+v", i)
		}
		first, second := Reply{Considering, "We ask the printers.", today, mira}, Reply{Declined, "Too dear.", "2026-11-25", mira}
		if i, err := Answer(t.Context(), s, id, 0, first); err != nil || !reflect.DeepEqual(i.Replies, []Reply{first}) || i.Open() {
			t.Fatalf("%+v, %v", i, err)
		}
		if i, err := Answer(t.Context(), s, id, 0, second); surveys.KindOf(err) != surveys.Conflict || len(i.Replies) != 1 {
			t.Errorf("from an old page: %+v, %v", i, err)
		}
		if i, err := Answer(t.Context(), s, id, 1, second); err != nil || !reflect.DeepEqual(i.Replies, []Reply{first, second}) || i.Status() != Declined {
			t.Errorf("%+v, %v", i, err)
		}
		for want, r := range map[string]Reply{
			"status unknown":                 {New, "x", today, mira},
			"status unknown, reply required": {"gone", " ", today, mira},
			"reply long":                     {Done, strings.Repeat("ü", LongestReply+1), today, mira},
		} {
			if i, err := Answer(t.Context(), s, id, 2, r); strings.Join(faulty(err), ", ") != want || len(i.Replies) != 2 {
				t.Errorf("%v: %v", r.Status, err)
			}
		}
	})
}

func TestMergedIdeasAreOneWithTheSupportersOfAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		large, _, _, _, _, unknown := staff(t, s)
		a, b, c := suggest(t, s, "A", Shown, large), suggest(t, s, "B", Shown, unknown), suggest(t, s, "C", Shown, 0)
		both, one := NewBrowser(), NewBrowser()
		for _, vote := range []struct {
			b  Browser
			id ID
		}{{both, a}, {both, b}, {one, c}} {
			if err := Support(t.Context(), s, secret, vote.b, vote.id); err != nil {
				t.Fatal(err)
			}
		}
		merge := func(id, into ID) error {
			return s.Transact(t.Context(), "test", func(tx *gorm.DB) error { return Merge(tx, id, into) })
		}
		if err := errors.Join(merge(b, a), merge(a, c)); err != nil {
			t.Fatal(err)
		}
		if i := read(t, s, c); i.Supporters != 3 || read(t, s, a).MergedInto != c || read(t, s, b).MergedInto != c {
			t.Errorf("%+v", i)
		}
		for name, pair := range map[string][2]ID{"itself": {c, c}, "one that is merged": {c, a}, "none": {c, 99}} {
			if err := merge(pair[0], pair[1]); !slices.Equal(faulty(err), []string{"into self"}) {
				t.Errorf("into %s: %v", name, err)
			}
		}
		if err := merge(a, c); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("merged twice: %v", err)
		}
		// One who supported a member supports the whole, is not counted again, and takes all of it back.
		if err := Support(t.Context(), s, secret, both, c); err != nil || read(t, s, c).Supporters != 3 {
			t.Errorf("supported again: %v", err)
		}
		if err := TakeBack(t.Context(), s, secret, both, b); err != nil || read(t, s, c).Supporters != 1 {
			t.Errorf("taken back: %v, %+v", err, read(t, s, c))
		}
		do(t, s, func(tx *gorm.DB) error { return Separate(tx, b) })
		if i := read(t, s, b); i.MergedInto != 0 || !i.Public() {
			t.Errorf("%+v", i)
		}
	})
}

func TestAChangeKeepsTheCreditOfTheIdeaItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		large, _, _, _, _, unknown := staff(t, s)
		id, same, none, hidden := suggest(t, s, "A", Shown, unknown), suggest(t, s, "B", Shown, large), suggest(t, s, "C", Shown, 0), suggest(t, s, "D", Shown, large)
		do(t, s, func(tx *gorm.DB) error {
			return errors.Join(Merge(tx, same, id), Hide(tx, hidden, "twice"), Promoted(id, today, mira)(tx, 7), Promoted(none, today, mira)(tx, 8))
		})
		want := map[changes.ID]Credit{7: {Departments: []surveys.DepartmentID{large, unknown}}, 8: {Elsewhere: true}}
		if got, err := Credits(t.Context(), s); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v", got, err)
		}
		if i := read(t, s, id); i.Change != 7 || i.Status() != Adopted || i.Open() {
			t.Errorf("%+v", i)
		}
		err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error { return Promoted(id, today, mira)(tx, 9) })
		if surveys.KindOf(err) != surveys.Conflict || read(t, s, id).Change != 7 {
			t.Errorf("promoted twice: %v", err)
		}
	})
}
