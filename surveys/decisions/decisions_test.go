package decisions

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/changes"
	"soundings/surveys/drafts"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const today = surveys.Day("2026-03-02")

var stamp = surveys.Stamp{By: "mira@example.org", At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}

// each runs a test on both kinds of database, with Finance (1), Sales (2), the archived Stables (3) and Legal (4), and with a
// change (1) that all of them but Legal are concerned by.
func each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
			for _, name := range []string{"Finance", "Sales", "Stables", "Legal"} {
				if _, err := people.AddDepartment(tx, name, 20); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		change := changes.Change{Name: "tickets", Text: changes.Text{Title: "Tickets", Why: "Lost mail.", What: "A form."}, Language: "en", Owner: "Mira", Departments: []surveys.DepartmentID{1, 2, 3}}
		if _, err := changes.Create(t.Context(), s, change, changes.Entry{Stage: changes.Proposed, On: today}, stamp, today); err != nil {
			t.Fatal(err)
		}
		if err := s.Transact(t.Context(), "test", func(tx *store.Tx) error { return people.Archive(tx, 3) }); err != nil {
			t.Fatal(err)
		}
		test(t, s)
	})
}

func training() Decision {
	return Decision{Change: 1, Kind: Training, Title: " How do you want  to learn it? ", Language: "en", Departments: []surveys.DepartmentID{2, 1, 2},
		Options: []Option{{Text: "A course", From: "2020-01-01"}, {}, {Text: "At your desk"}}}
}

func windows() Decision {
	return Decision{Change: 1, Kind: When, Title: "When?", Language: "en", Everybody: true, Departments: []surveys.DepartmentID{1},
		Options: []Option{{From: "2026-04-01", Until: "2026-04-05"}, {Text: "After Easter", From: "2026-04-13", Until: "2026-04-17"}}}
}

func added(t *testing.T, s *store.Store, d Decision) Decision {
	t.Helper()
	made, err := Add(t.Context(), s, d, stamp, today)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// asked opens a wave that asks a decision.
func asked(t *testing.T, s *store.Store, d Decision) {
	t.Helper()
	text := fmt.Sprintf("title: Ask\npurpose: change\nchange: tickets\nlanguage: en\nanonymity: anonymous\nminimum: 5\nquestions:\n  - {id: %s, kind: choice, text: %q, options: [{id: a, text: A}, {id: b, text: B}]}\n",
		d.Question(), d.Title)
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
		q, _, err := catalog.New(s).Publish(tx, []byte(text), stamp.At)
		if err == nil {
			_, _, err = waves.Open(tx, waves.New{Questionnaire: q, Label: "One", At: stamp.At})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// faultsOf lists path and code of what is wrong.
func faultsOf(err error) string {
	var known *surveys.Error
	if !errors.As(err, &known) {
		return ""
	}
	var list []string
	for _, f := range known.Faults {
		list = append(list, f.Path+" "+f.Code)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func TestADecisionIsReadAsItWasMade(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		first := added(t, s, training())
		added(t, s, windows())
		third := added(t, s, training())
		asked(t, s, Decision{Name: "brought-over", Title: "Brought over?"})
		over := training()
		over.Name = "brought-over"
		if over = added(t, s, over); over.Name != "brought-over" {
			t.Errorf("one that surveys ask already is called %q", over.Name)
		}
		over = training()
		over.Title = "Brought over"
		if over = added(t, s, over); over.Name == "brought-over" || over.Question() == "decide-brought-over" {
			t.Errorf("another is called %q", over.Name)
		}
		if first.Name != "how-do-you-want-to-learn-it" || first.Question() != "decide-how-do-you-want-to-learn-it" || third.Name == first.Name {
			t.Errorf("they are called %q and %q", first.Name, third.Name)
		}
		list, err := Of(t.Context(), s, 1)
		if err != nil || len(list) != 5 {
			t.Fatalf("%d decisions, %v", len(list), err)
		}
		d := list[0]
		if d.Title != "How do you want to learn it?" || !slices.Equal(d.Departments, []surveys.DepartmentID{1, 2}) || d.Asks(3) || !d.Asks(1) || d.Now().State != Open || d.Version != 1 {
			t.Errorf("read %+v", d)
		}
		if !slices.Equal(d.Options, []Option{{ID: "a-course", Text: "A course"}, {ID: "at-your-desk", Text: "At your desk"}}) {
			t.Errorf("its options are %+v", d.Options)
		}
		w := list[1]
		if !w.Everybody || len(w.Departments) != 0 || !w.Asks(4) || w.Options[0] != (Option{ID: "option", From: "2026-04-01", Until: "2026-04-05"}) || w.Options[1].ID != "after-easter" {
			t.Errorf("read %+v", w)
		}
		if other, err := Of(t.Context(), s, 2); err != nil || len(other) != 0 {
			t.Errorf("another change has %v, %v", other, err)
		}
	})
}

func TestEveryFaultOfADecisionIsToldAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		window := func(from, until surveys.Day) func(*Decision) {
			return func(d *Decision) {
				d.Kind, d.Options[0], d.Options[2] = When, Option{From: from, Until: until}, windows().Options[0]
			}
		}
		named := windows()
		named.Name = "taken"
		added(t, s, named)
		for name, c := range map[string]struct {
			spoil func(*Decision)
			want  string
		}{
			"empty":                 {func(d *Decision) { *d = Decision{Change: 1} }, "departments nobody, kind unknown, language unknown, options few, title required"},
			"one option":            {func(d *Decision) { d.Options = d.Options[:1] }, "options few"},
			"thirteen":              {func(d *Decision) { d.Options = options(MostOptions + 1) }, "options too_many"},
			"the same twice":        {func(d *Decision) { d.Options[2].Text = "a  COURSE" }, "options[1] twice"},
			"long":                  {func(d *Decision) { d.Title = strings.Repeat("ä", LongestTitle+1) }, "title long"},
			"a long option":         {func(d *Decision) { d.Options[2].Text = strings.Repeat("ä", LongestOption+1) }, "options[1] long"},
			"no text":               {func(d *Decision) { d.About = "a\xff" }, "about unreadable"},
			"a window that is over": {window("2026-03-01", "2026-03-09"), "options[0] past"},
			"it ends first":         {window("2026-03-09", "2026-03-08"), "options[0] backwards"},
			"no day":                {window("2026-02-30", "2026-03-08"), "options[0] day"},
			"no last day":           {window("2026-03-09", ""), "options[0] required"},
			"far":                   {window("2026-03-09", "2032-01-01"), "options[0] far"},
			"the same window":       {window("2026-04-01", "2026-04-05"), "options[1] twice"},
			"an archived one":       {func(d *Decision) { d.Departments = []surveys.DepartmentID{1, 3} }, "departments archived"},
			"one that is not there": {func(d *Decision) { d.Departments = []surveys.DepartmentID{9} }, "departments unknown"},
			"one not concerned":     {func(d *Decision) { d.Departments = []surveys.DepartmentID{4} }, "departments elsewhere"},
			"no such change":        {func(d *Decision) { d.Change = 7 }, "change unknown"},
			"a name that is taken":  {func(d *Decision) { d.Name = "taken" }, "name taken"},
			"no name":               {func(d *Decision) { d.Name = "1 x" }, "name unknown"},
		} {
			t.Run(name, func(t *testing.T) {
				d := training()
				c.spoil(&d)
				if _, err := Add(t.Context(), s, d, stamp, today); faultsOf(err) != c.want || surveys.KindOf(err) != surveys.Invalid {
					t.Errorf("got %q (%v), want %q", faultsOf(err), err, c.want)
				}
			})
		}
		if rows := storetest.Rows(t, s, "SELECT id FROM decisions"); len(rows) != 1 {
			t.Errorf("%d decisions are stored, want the first", len(rows))
		}
	})
}

func options(n int) (list []Option) {
	for i := range n {
		list = append(list, Option{Text: fmt.Sprint("Option ", i)})
	}
	return list
}

func TestNobodyOverwritesWhatAnotherHasSaved(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		d := added(t, s, training())
		mine, theirs := d, d
		theirs.Title, mine.Title = "Theirs?", "Mine?"
		if _, err := Save(t.Context(), s, theirs, stamp, today); err != nil {
			t.Fatal(err)
		}
		stored, err := Save(t.Context(), s, mine, stamp, today)
		if surveys.KindOf(err) != surveys.Conflict || stored.Title != "Theirs?" || stored.Version != 2 {
			t.Errorf("the second save gives %v and %+v", err, stored)
		}
		if _, err := Decide(t.Context(), s, d.ID, 1, Entry{Option: "a-course", Unasked: true, Reason: "R", On: today}, stamp, today); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("an outcome of an old version: %v", err)
		}
		mine.Version = stored.Version
		if saved, err := Save(t.Context(), s, mine, stamp, today); err != nil || saved.Title != "Mine?" || saved.Name != d.Name || len(saved.History) != 1 {
			t.Errorf("knowingly: %+v, %v", saved, err)
		}
	})
}

func TestThereIsNoDraftOfAQuestionThatIsNotAsked(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		d := added(t, s, training())
		doc := surveys.Document{Title: "Pulse", Language: "en"}
		late, now := AskedBy(d.ID, d.Version+1, stamp, today), AskedBy(d.ID, d.Version, stamp, today)
		if _, err := drafts.Create(t.Context(), s, 0, doc, drafts.Stamp(stamp), late); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("a decision that somebody else has saved is asked: %v", err)
		}
		if list, err := drafts.List(t.Context(), s); err != nil || len(list) != 0 {
			t.Errorf("there are the drafts %v, %v", list, err)
		}
		draft, err := drafts.Create(t.Context(), s, 0, doc, drafts.Stamp(stamp), now)
		if err != nil {
			t.Fatal(err)
		}
		d, err = ByID(t.Context(), s, d.ID)
		if err != nil || d.Now().State != Asked || d.Now().Words != "Pulse" {
			t.Errorf("the decision stands at %+v, %v", d.Now(), err)
		}
		rename := func(d *drafts.Draft) { d.Document.Title = "Another" }
		if _, err := drafts.Change(t.Context(), s, draft.ID, draft.Version, drafts.Stamp(stamp), rename, now); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("a decision that was asked meanwhile is asked: %v", err)
		}
		if draft, err = drafts.ByID(t.Context(), s, draft.ID); err != nil || draft.Document.Title != "Pulse" {
			t.Errorf("the draft is %+v, %v", draft, err)
		}
	})
}

func TestOptionsStayAsPeopleWereAsked(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		d := added(t, s, windows())
		later := d
		later.Options = slices.Clone(d.Options)
		later.Options[1].Text = "In the week after Easter"
		later, err := Save(t.Context(), s, later, stamp, "2026-04-20") // both windows are over by then
		if err != nil {
			t.Fatal(err)
		}
		asked(t, s, d)
		changed := later
		changed.Options = slices.Clone(later.Options[:1])
		changed.Options = append(changed.Options, Option{From: "2026-05-01", Until: "2026-05-02"})
		if _, err := Save(t.Context(), s, changed, stamp, today); faultsOf(err) != "options asked" {
			t.Errorf("other options once it was asked: %v", err)
		}
		later.Title = "When does it suit you?"
		if _, err := Save(t.Context(), s, later, stamp, today); err != nil {
			t.Errorf("another title: %v", err)
		}
	})
}

func TestAnOutcomeNeedsThatSomebodyWasAskedOrSaysThatNobodyWas(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		d := added(t, s, training())
		outcome := Entry{Option: "a-course", Reason: "It is quicker.", On: today}
		if _, err := Decide(t.Context(), s, d.ID, d.Version, outcome, stamp, today); faultsOf(err) != "unasked unasked" {
			t.Fatalf("never asked: %v", err)
		}
		d, err := Ask(t.Context(), s, d.ID, d.Version, "Ask", stamp, today)
		if err != nil || d.Now().State != Asked || d.Now().Words != "Ask" {
			t.Fatalf("asked: %+v, %v", d.Now(), err)
		}
		if _, err := Decide(t.Context(), s, d.ID, d.Version, outcome, stamp, today); faultsOf(err) != "unasked unasked" {
			t.Fatalf("in a survey that no wave has asked yet: %v", err)
		}
		outcome.Unasked = true
		d, err = Decide(t.Context(), s, d.ID, d.Version, outcome, stamp, today)
		if err != nil || !d.Now().Unasked || d.Now().State != Decided {
			t.Fatalf("without asking: %+v, %v", d.Now(), err)
		}
		asked(t, s, d)
		d, err = Decide(t.Context(), s, d.ID, d.Version, outcome, stamp, today)
		if err != nil || d.Now().Unasked {
			t.Errorf("after asking it is said to be without: %+v, %v", d.Now(), err)
		}
	})
}

func TestEveryFaultOfAnOutcomeIsTold(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		d := added(t, s, training())
		asked(t, s, d)
		for name, c := range map[string]struct {
			entry Entry
			want  string
		}{
			"empty":              {Entry{}, "on required, reason required, words required"},
			"no option":          {Entry{Option: "nap", Reason: "R", On: today}, "outcome unknown"},
			"tomorrow":           {Entry{Option: "a-course", Reason: "R", On: "2026-03-03"}, "on future"},
			"before it was open": {Entry{Option: "a-course", Reason: "R", On: "2026-03-01"}, "on order"},
			"no day":             {Entry{Option: "a-course", Reason: "R", On: "2026-02-30"}, "on day"},
			"not asked":          {Entry{Option: "a-course", Reason: "R", On: today, Department: 4}, "department elsewhere, department unknown"},
			"archived":           {Entry{Option: "a-course", Reason: "R", On: today, Department: 3}, "department archived, department unknown"},
			"two at once":        {Entry{Option: "a-course", Words: "A film", Reason: "R", On: today}, "words both"},
			"long":               {Entry{Words: strings.Repeat("ä", LongestWords+1), Reason: strings.Repeat("ä", LongestReason+1), On: today}, "reason long, words long"},
		} {
			if _, err := Decide(t.Context(), s, d.ID, d.Version, c.entry, stamp, today); faultsOf(err) != c.want {
				t.Errorf("%s: got %q (%v), want %q", name, faultsOf(err), err, c.want)
			}
		}
	})
}

func TestTheOutcomeOfADepartmentIsItsLastAndTheHistoryKeepsAll(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		d := added(t, s, training())
		asked(t, s, d)
		var err error
		for _, e := range []Entry{
			{Department: 1, Option: "a-course", Reason: "One", On: today},
			{Department: 1, Option: "at-your-desk", Reason: "Two", On: today},
			{Department: 2, Words: "A film", Reason: "Three", On: today},
		} {
			if d, err = Decide(t.Context(), s, d.ID, d.Version, e, stamp, today); err != nil {
				t.Fatal(err)
			}
		}
		if e, ok := d.Outcome(1); !ok || e.Reason != "Two" {
			t.Errorf("Finance has %+v", e)
		}
		if d, err = Decide(t.Context(), s, d.ID, d.Version, Entry{Option: "a-course", Reason: "All", On: today}, stamp, today); err != nil {
			t.Fatal(err)
		}
		if list := d.Outcomes(); len(list) != 1 || list[0].Reason != "All" {
			t.Errorf("after one for all there are %+v", list)
		}
		got := strings.Join(storetest.Rows(t, s, "SELECT number, state, department_id, option_id, words, reason FROM decision_entries ORDER BY number"), "\n")
		want := "1|open||||\n2|decided|1|a-course||One\n3|decided|1|at-your-desk||Two\n4|decided|2||A film|Three\n5|decided||a-course||All"
		if got != want {
			t.Errorf("the history is\n%s\nwant\n%s", got, want)
		}
		if _, err := Withdraw(t.Context(), s, d.ID, d.Version, " ", stamp, today); faultsOf(err) != "why required" {
			t.Errorf("withdrawn without a reason: %v", err)
		}
		if d, err = Withdraw(t.Context(), s, d.ID, d.Version, "The change is dropped.", stamp, today); err != nil || len(d.Outcomes()) != 0 {
			t.Errorf("withdrawn: %+v, %v", d.Outcomes(), err)
		}
		if _, err := Decide(t.Context(), s, d.ID, d.Version, Entry{Option: "a-course", Reason: "R", On: today}, stamp, today); faultsOf(err) != "outcome ended" {
			t.Errorf("an outcome of what is withdrawn: %v", err)
		}
		if _, err := Ask(t.Context(), s, d.ID, d.Version, "Ask", stamp, today); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("asking what is withdrawn: %v", err)
		}
	})
}

func TestATranslationIsOutdatedOnceTheOriginalChanges(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		d := added(t, s, training())
		german := Text{Title: "Wie?", Options: map[string]string{"a-course": "Ein Kurs", "at-your-desk": "Am Platz", "gone": "Weg"}}
		if _, err := Translate(t.Context(), s, d.ID, d.Version, "de", Text{Title: "Wie?"}, stamp); faultsOf(err) != "options[0] required, options[1] required" {
			t.Errorf("without options: %v", err)
		}
		d, err := Translate(t.Context(), s, d.ID, d.Version, "de", german, stamp)
		if err != nil {
			t.Fatal(err)
		}
		text, lang := d.In("de-AT")
		if lang != "de" || text.Options["a-course"] != "Ein Kurs" || len(text.Options) != 2 || d.Translations["de"].Outdated {
			t.Errorf("in German: %+v (%s)", text, lang)
		}
		if text, lang := d.In("ja"); lang != "en" || text.Options["a-course"] != "A course" {
			t.Errorf("in Japanese: %+v (%s)", text, lang)
		}
		d.Options[0].Text = "A short course"
		if d, err = Save(t.Context(), s, d, stamp, today); err != nil || !d.Translations["de"].Outdated {
			t.Errorf("it is not outdated: %+v, %v", d.Translations, err)
		}
		if d, err = Translate(t.Context(), s, d.ID, d.Version, "de", Text{}, stamp); err != nil || len(d.Translations) != 0 {
			t.Errorf("taken out: %+v, %v", d.Translations, err)
		}
	})
}
