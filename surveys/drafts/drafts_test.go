package drafts

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/document"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var (
	mira = Stamp{"mira@example.org", time.Date(2026, 11, 3, 10, 42, 0, 0, time.UTC)}
	jan  = Stamp{"jan@example.org", time.Date(2026, 11, 3, 10, 43, 0, 0, time.UTC)}
)

// faulty is a document with a fault in nearly everything.
func faulty() surveys.Document {
	return surveys.Document{
		Title: " ", Purpose: "none", Language: "??", Minimum: 1, Results: "never",
		Questions: []surveys.Question{
			{Kind: surveys.Scale, Points: 6, Text: "😀 \u202eraw\x00 <script>", Labels: []string{"a"}, Construct: "nothing"},
			{Kind: "unknown", Text: "x", ShowIf: &surveys.Condition{Question: "later", In: []string{"1", "1"}}},
		},
		Translations: map[string]surveys.Translation{"de": {Questions: map[string]surveys.QuestionTranslation{"gone": {Text: "weg"}}}},
	}
}

func sound() surveys.Document {
	doc := surveys.Document{Title: "A new expense tool", Questions: []surveys.Question{{Kind: surveys.Scale, Text: "It would make my work easier."}}}
	doc.Normalise()
	return doc
}

func create(t *testing.T, s *store.Store, survey surveys.SurveyID, doc surveys.Document) Draft {
	t.Helper()
	d, err := Create(t.Context(), s, survey, doc, mira)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAFaultyDraftIsKeptAsItIsAndNotPublished(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		made := create(t, s, 0, faulty())
		d, err := ByID(t.Context(), s, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := faulty()
		want.Questions[0].ID, want.Questions[1].ID = "raw-script", "x"
		if !reflect.DeepEqual(d.Document, want) || d.Version != 1 || d.Saved != mira {
			t.Errorf("stored is %+v", d)
		}
		if n := len(d.Faults()); n < 8 {
			t.Errorf("only %d faults are found: %v", n, d.Faults())
		}
		if _, err := Publish(t.Context(), s, catalog.New(s), d.ID, d.Version, jan); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("publishing gives %v", err)
		}
		if after, err := ByID(t.Context(), s, d.ID); err != nil || !reflect.DeepEqual(after, d) {
			t.Errorf("a refused publication changes the draft: %+v, %v", after, err)
		}
	})
}

func TestAStaleSaveStoresNothingAndShowsWhatIsStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := create(t, s, 0, sound())
		theirs := sound()
		theirs.Title = "Theirs"
		if d2, err := Save(t.Context(), s, d.ID, d.Version, theirs, jan); err != nil || d2.Version != 2 || d2.Saved != jan {
			t.Fatalf("%+v, %v", d2, err)
		}
		mine := sound()
		mine.Title = "Mine"
		stored, err := Save(t.Context(), s, d.ID, d.Version, mine, mira)
		if surveys.KindOf(err) != surveys.Conflict || stored.Document.Title != "Theirs" || stored.Version != 2 || stored.Saved != jan {
			t.Errorf("a stale save gives %+v, %v", stored, err)
		}
		if now, err := ByID(t.Context(), s, d.ID); err != nil || now.Document.Title != "Theirs" || now.Version != 2 {
			t.Errorf("stored is %+v, %v", now, err)
		}
	})
}

func TestTwoSavesAtOnceNeverBothSucceed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := create(t, s, 0, sound())
		const writers = 8
		results := make(chan error, writers)
		for range writers {
			go func() {
				_, err := Save(t.Context(), s, d.ID, d.Version, sound(), jan)
				results <- err
			}()
		}
		saved := 0
		for range writers {
			switch err := <-results; {
			case err == nil:
				saved++
			case surveys.KindOf(err) != surveys.Conflict:
				t.Error(err)
			}
		}
		if saved != 1 {
			t.Errorf("%d of the saves succeeded", saved)
		}
	})
}

func TestPublishingMakesVersionOneAndThenTheNext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := catalog.New(s)
		d := create(t, s, 0, sound())
		q, err := Publish(t.Context(), s, c, d.ID, d.Version, jan)
		if err != nil || q.Version != 1 {
			t.Fatalf("%+v, %v", q, err)
		}
		again := create(t, s, 0, sound())
		if _, err := Publish(t.Context(), s, c, again.ID, again.Version, jan); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("the same survey twice gives %v", err)
		}
		next := sound()
		next.Questions = append(next.Questions, surveys.Question{Kind: surveys.Text, Text: "Anything else?"})
		second := create(t, s, q.Survey, next)
		q2, err := Publish(t.Context(), s, c, second.ID, second.Version, mira)
		if err != nil || q2.Version != 2 || q2.Survey != q.Survey || q2.Versions["it-would-make-my-work-easier"] != 1 || q2.Versions["anything-else"] != 1 {
			t.Fatalf("%+v, %v", q2, err)
		}
		if _, err := Save(t.Context(), s, second.ID, second.Version+1, next, jan); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("saving a published draft gives %v", err)
		}
		if list, err := List(t.Context(), s); err != nil || len(list) != 1 || list[0].ID != again.ID {
			t.Errorf("being written are %+v, %v", list, err)
		}
	})
}

func TestASurveyHasOneDraftOfItsNextVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		first := create(t, s, 7, sound())
		other, err := Create(t.Context(), s, 7, sound(), jan)
		if surveys.KindOf(err) != surveys.Conflict || other.ID != first.ID {
			t.Errorf("a second draft gives %+v, %v", other, err)
		}
		create(t, s, 0, sound())
		create(t, s, 0, sound()) // new surveys are another matter
		gone, err := Delete(t.Context(), s, first.ID, first.Version, jan)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Save(t.Context(), s, first.ID, gone.Version, sound(), jan); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("saving a deleted draft gives %v", err)
		}
		second := create(t, s, 7, sound())
		if _, err := Restore(t.Context(), s, first.ID, gone.Version, jan); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("restoring a draft whose place is taken gives %v", err)
		}
		if _, err := Delete(t.Context(), s, second.ID, second.Version, jan); err != nil {
			t.Fatal(err)
		}
		if back, err := Restore(t.Context(), s, first.ID, gone.Version, jan); err != nil || back.Deleted {
			t.Errorf("%+v, %v", back, err)
		}
		if found, err := OfSurvey(t.Context(), s, 7); err != nil || found.ID != first.ID {
			t.Errorf("%+v, %v", found, err)
		}
	})
}

func TestAChangeOfMindAboutAKindLosesNothing(t *testing.T) {
	d := Draft{Document: sound()}
	d.Document.Questions[0] = surveys.Question{ID: "q", Kind: surveys.Text, Text: "Which?", Options: []surveys.Option{{ID: "a", Text: "A"}, {ID: "b", Text: "B"}}, Other: true}
	d.Document.Translations = map[string]surveys.Translation{"de": {Title: "T", Intro: "weg",
		Questions: map[string]surveys.QuestionTranslation{"q": {Text: "Welche?", Help: "weg", Options: map[string]string{"a": "A"}}, "gone": {Text: "x"}}}}
	if faults := d.Faults(); len(faults) > 0 {
		t.Errorf("what has no meaning is a fault: %v", faults)
	}
	if len(d.Document.Questions[0].Options) != 2 || d.Document.Translations["de"].Intro != "weg" || len(d.Document.Translations["de"].Questions) != 2 {
		t.Errorf("the draft has lost something: %+v", d.Document)
	}
	doc := d.Publishable()
	if source, err := document.Format(&doc); err != nil || strings.Contains(string(source), "weg") {
		t.Errorf("published would be %s, %v", source, err)
	}
}
