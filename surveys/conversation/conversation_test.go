package conversation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/ideas"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var (
	secret = surveys.Secret("the secret of the tests")
	now    = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
)

// written is a conversation with an entry of each kind that names others, as an installation writes it.
const written = `{
  "format": "soundings conversation",
  "version": 1,
  "changes": [{
    "name": "expense-tool", "version": 3, "title": "A new expense tool", "why": "Receipts get **lost**.", "what": "One app.", "language": "en",
    "translations": {"de": {"title": "Spesen", "why": "Belege gehen verloren.", "what": "Eine App.", "outdated": true}},
    "owner": "mira@example.org", "links": [{"label": "Plan", "url": "https://example.org/plan"}], "everybody": false, "departments": ["Finance", "Sales"],
    "go_live": "2026-06-01", "public": true,
    "history": [{"stage": "proposed", "on": "2026-01-05", "said": {"by": "mira@example.org", "at": "2026-01-05T09:00:00Z"}},
                {"stage": "asking", "on": "2026-02-05", "reason": "It is time.", "said": {"by": "jan@example.org", "at": "2026-02-05T09:00:00.123456Z"}}],
    "saved": {"by": "jan@example.org", "at": "2026-02-05T09:00:00Z"}}],
  "pitches": [{"change": "expense-tool", "department": "Finance", "band": "Staff", "versions": [
    {"text": "Fewer nights.", "language": "en", "translations": {"de": {"text": "Weniger Nächte."}}, "saved": {"by": "mira@example.org", "at": "2026-01-06T09:00:00Z"}},
    {"text": "", "language": "en", "saved": {"by": "mira@example.org", "at": "2026-01-07T09:00:00Z"}}]},
   {"change": "expense-tool", "department": "Sales", "versions": [
    {"text": "Receipts on the road.", "language": "en", "saved": {"by": "mira@example.org", "at": "2026-01-06T09:00:00Z"}}],
    "second": {"text": "No more envelopes.", "language": "en", "translations": {"de": {"text": "Keine Umschläge."}}, "saved": {"by": "jan@example.org", "at": "2026-01-08T09:00:00Z"}}}],
  "decisions": [{"name": "which-month", "version": 5, "change": "expense-tool", "kind": "when", "title": "Which month suits you?", "about": "It takes a morning.", "language": "en",
    "options": [{"id": "march", "from": "2026-03-01", "until": "2026-03-31"}, {"id": "april", "text": "April", "from": "2026-04-01", "until": "2026-04-30"}],
    "translations": {"de": {"title": "Welcher Monat?", "about": "Ein Vormittag.", "options": {"april": "April", "gone": "Mai"}, "outdated": true}}, "everybody": false, "departments": ["Finance"],
    "history": [{"state": "open", "on": "2026-01-05", "said": {"by": "mira@example.org", "at": "2026-01-05T09:00:00Z"}},
                {"state": "asked", "on": "2026-01-09", "words": "Pulse", "said": {"by": "mira@example.org", "at": "2026-01-09T09:00:00Z"}},
                {"state": "decided", "on": "2026-02-05", "department": "Finance", "option": "april", "reason": "Most of you wished it.", "said": {"by": "mira@example.org", "at": "2026-02-05T09:00:00Z"}},
                {"state": "withdrawn", "on": "2026-02-06", "reason": "The supplier decides.", "said": {"by": "mira@example.org", "at": "2026-02-06T09:00:00Z"}}],
    "saved": {"by": "mira@example.org", "at": "2026-02-06T09:00:00Z"}}],
  "visits": [{"uid": "0123456789abcdef0123456789abcdef", "version": 2, "department": "Finance", "day": "2026-03-02", "start": "09:30", "minutes": 60, "associates": ["mira@example.org", "Jan"],
    "purpose": "Listen", "state": "done", "heard": "Much.", "change": "expense-tool",
    "follow_ups": [{"number": 2, "text": "Call back", "owner": "mira@example.org", "due": "2026-03-09", "done": "2026-03-10"}], "saved": {"by": "mira@example.org", "at": "2026-03-02T15:00:00Z"}}],
  "ideas": [
    {"name": "2026-01-03-6443a8bf06", "title": "Photograph receipts", "language": "en", "department": "Finance", "on": "2026-01-03", "place": "shown", "supporters": 7, "change": "expense-tool",
     "replies": [{"status": "adopted", "on": "2026-01-05", "said": {"by": "mira@example.org", "at": "2026-01-05T09:00:00Z"}}]},
    {"name": "2026-01-04-52961e30c8", "title": "Receipts by phone", "language": "en", "signed": "Ann", "on": "2026-01-04", "place": "hidden", "reason": "Said twice", "supporters": 2, "merged_into": "2026-01-03-6443a8bf06"}],
  "promises": [{"version": 4, "said": "Receipts get lost.", "answer": "They will not.", "language": "en", "source": {"kind": "idea", "ref": "2026-01-03-6443a8bf06", "words": "Photograph receipts"},
    "owner": "mira@example.org", "everybody": false, "departments": ["Finance"], "change": "expense-tool", "shown": true,
    "history": [{"state": "open", "on": "2026-01-05", "due": "2026-02-05", "said": {"by": "mira@example.org", "at": "2026-01-05T09:00:00Z"}},
                {"state": "open", "on": "2026-02-04", "due": "2026-04-05", "note": "It takes longer.", "said": {"by": "mira@example.org", "at": "2026-02-04T09:00:00Z"}},
                {"state": "kept", "on": "2026-04-01", "note": "Since Monday.", "said": {"by": "mira@example.org", "at": "2026-04-01T09:00:00Z"}}],
    "saved": {"by": "mira@example.org", "at": "2026-04-01T09:00:00Z"}}],
  "milestones": [{"quarter": "2026-Q1", "department": "Finance", "measure": "visits", "version": 4, "owner": "mira@example.org", "note": "As last year.",
    "history": [{"target": 3, "on": "2025-12-20", "said": {"by": "mira@example.org", "at": "2025-12-20T09:00:00Z"}},
                {"target": 4, "on": "2026-01-20", "reason": "They asked.", "said": {"by": "jan@example.org", "at": "2026-01-20T09:00:00Z"}},
                {"target": 0, "on": "2026-02-20", "reason": "They are away.", "said": {"by": "jan@example.org", "at": "2026-02-20T09:00:00Z"}},
                {"target": 2, "on": "2026-02-21", "said": {"by": "jan@example.org", "at": "2026-02-21T09:00:00Z"}}],
    "saved": {"by": "jan@example.org", "at": "2026-02-21T09:00:00Z"}}],
  "champions": [
    {"department": "Finance", "version": 1, "name": "Bo", "email": "bo@example.org", "topics": ["Receipts"], "language": "en", "added": "2026-01-10", "since": "2026-01-10", "last_contact": "2026-03-02",
     "consent": {"by": "mira@example.org", "on": "2026-01-10", "how": "In a visit", "wording": "I carry the word."}, "letters": [{"change": "expense-tool", "stage": "asking", "on": "2026-02-05", "by": "mira@example.org"}],
     "reports": [{"change": "expense-tool", "day": "2026-02-09", "text": "They like it."}]},
    {"department": "Finance", "withdrawn": "2026-05-01", "version": 2}]
}`

func installation(t *testing.T, s *store.Store) {
	t.Helper()
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
		for _, name := range []string{"Sales", "Legal", "Finance"} {
			if _, err := people.AddDepartment(tx, name, 40); err != nil {
				return err
			}
		}
		_, err := people.AddBand(tx, "Staff")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func take(ctx context.Context, s *store.Store, source string, terms carry.Terms) (*carry.Outcome, error) {
	f, err := Read(strings.NewReader(source))
	if err != nil {
		return nil, err
	}
	return f.TakeIn(ctx, s, terms, secret, now)
}

func gathered(t *testing.T, s *store.Store) string {
	t.Helper()
	f, err := Gather(t.Context(), s, true)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sameJSON reports whether two texts say the same but for space.
func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var one, two bytes.Buffer
	if err := errors.Join(json.Compact(&one, []byte(a)), json.Compact(&two, []byte(b))); err != nil {
		t.Fatal(err)
	}
	var x, y any
	if err := errors.Join(json.Unmarshal(one.Bytes(), &x), json.Unmarshal(two.Bytes(), &y)); err != nil {
		t.Fatal(err)
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return bytes.Equal(p, q)
}

func TestWhatIsTakenInIsWrittenAsItCameAndNothingIsTakenInTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		installation(t, s)
		o, err := take(t.Context(), s, written, carry.Terms{})
		if err != nil || o.Added() != 11 {
			t.Fatalf("%+v, %v", o, err)
		}
		first := gathered(t, s)
		if !sameJSON(t, first, written) {
			t.Errorf("written\n%s", first)
		}
		o, err = take(t.Context(), s, written, carry.Terms{})
		if again := gathered(t, s); err != nil || o.Added() != 0 || o.Differing() != 0 || again != first {
			t.Errorf("%+v, %v\n%s", o, err, again)
		}
		list, err := ideas.List(t.Context(), s)
		if err != nil || len(list) != 2 || list[0].Supporters != 9 || list[1].MergedInto != list[0].ID {
			t.Errorf("the merged idea brings its supporters along: %+v, %v", list, err)
		}
		without, err := Gather(t.Context(), s, false)
		if err != nil || without.Champions != nil {
			t.Errorf("champions leave only where somebody asks for them: %+v, %v", without.Champions, err)
		}
	})
}

func TestWhatDiffersIsNamedAndNeverOverwritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		installation(t, s)
		if _, err := take(t.Context(), s, written, carry.Terms{}); err != nil {
			t.Fatal(err)
		}
		before := gathered(t, s)
		other := strings.NewReplacer(`"what": "One app."`, `"what": "Two apps."`, `"note": "Since Monday."`, `"note": "Since Tuesday."`, `"uid": "0123`, `"uid": "4567`).Replace(written)
		o, err := take(t.Context(), s, other, carry.Terms{})
		if surveys.KindOf(err) != surveys.Conflict || !slices.Equal(o.Reports[0].Differing, []string{"expense-tool"}) || len(o.Reports[5].Differing) != 1 || o.Differing() != 2 || gathered(t, s) != before {
			t.Errorf("%+v, %v", o, err)
		}
		o, err = take(t.Context(), s, other, carry.Terms{Keep: true})
		f, failure := Gather(t.Context(), s, true)
		if err != nil || failure != nil || o.Added() != 1 || len(f.Visits) != 2 || f.Changes[0].What != "One app." || f.Promises[0].History[2].Note != "Since Monday." {
			t.Errorf("%+v, %v, %+v", o, err, f)
		}
	})
}

func TestUnknownDepartmentsAreNamedOnceOrMade(t *testing.T) {
	s := storetest.SQLite(t)
	o, err := take(t.Context(), s, strings.Replace(written, `"band": "Staff", `, "", 1), carry.Terms{})
	if surveys.KindOf(err) != surveys.Conflict || !slices.Equal(o.Missing, []string{"Finance", "Sales"}) || len(o.Faults()) > 0 {
		t.Errorf("%+v, %v", o, err)
	}
	o, err = take(t.Context(), s, strings.Replace(written, `"band": "Staff", `, "", 1), carry.Terms{NewDepartments: true, DryRun: true})
	if none, failure := people.Departments(t.Context(), s); err != nil || failure != nil || o.Added() != 11 || len(none) > 0 {
		t.Errorf("a dry run: %+v, %v, %v", o, err, none)
	}
	o, err = take(t.Context(), s, strings.Replace(written, `"band": "Staff", `, "", 1), carry.Terms{NewDepartments: true})
	if made, failure := people.Departments(t.Context(), s); err != nil || failure != nil || !slices.Equal(o.Made, []string{"Finance", "Sales"}) || len(made) != 2 {
		t.Errorf("%+v, %v, %v", o, err, made)
	}
}
