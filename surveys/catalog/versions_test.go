package catalog_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/document"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

var (
	may  = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	june = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
)

// base is a document to change; every call gives a fresh one.
func base() *surveys.Document {
	d := &surveys.Document{Title: "T", Questions: []surveys.Question{
		{ID: "easier", Kind: surveys.Scale, Points: 5, Text: "It makes my work easyer.", Construct: surveys.Openness},
		{ID: "worried", Kind: surveys.Scale, Points: 5, Text: "I am worried.", Construct: surveys.Openness, Reversed: true},
		{ID: "week", Kind: surveys.Choice, Text: "Which week?", Options: []surveys.Option{{ID: "a", Text: "First"}, {ID: "b", Text: "Second"}}},
		{ID: "say", Kind: surveys.Text, Text: "What else?", ShowIf: &surveys.Condition{Question: "easier", In: []string{"1"}}},
	}}
	d.Normalise()
	return d
}

// kit publishes documents.
type kit struct {
	t       *testing.T
	s       *store.Store
	c       *catalog.Catalog
	survey  surveys.SurveyID
	sources map[surveys.QuestionnaireID][]byte
}

func newKit(t *testing.T, s *store.Store) *kit {
	return &kit{t: t, s: s, c: catalog.New(s), sources: map[surveys.QuestionnaireID][]byte{}}
}

func (k *kit) publish(d *surveys.Document, keeps ...catalog.Keep) (*surveys.Questionnaire, error) {
	k.t.Helper()
	source, err := document.Format(d)
	if err != nil {
		k.t.Fatal(err)
	}
	var q *surveys.Questionnaire
	err = k.s.Transact(k.t.Context(), "test", func(tx *store.Tx) (err error) {
		if k.survey == 0 {
			q, _, err = k.c.Publish(tx, source, may)
		} else {
			q, err = k.c.PublishVersion(tx, k.survey, source, june, keeps...)
		}
		return err
	})
	if err == nil {
		k.survey, k.sources[q.ID] = q.Survey, source
	}
	return q, err
}

func (k *kit) must(d *surveys.Document, keeps ...catalog.Keep) *surveys.Questionnaire {
	k.t.Helper()
	q, err := k.publish(d, keeps...)
	if err != nil {
		k.t.Fatal(err)
	}
	return q
}

// versionsOf writes the versions of a questionnaire as "easier1 say2".
func versionsOf(q *surveys.Questionnaire) string {
	var list []string
	for _, id := range slices.Sorted(maps.Keys(q.Versions)) {
		list = append(list, fmt.Sprint(id, q.Versions[id]))
	}
	return strings.Join(list, " ")
}

func aspectsOf(changes []catalog.Change) string {
	var list []string
	for _, c := range changes {
		switch {
		case c.New():
			list = append(list, c.ID+" new")
		case c.Removed():
			list = append(list, c.ID+" removed")
		case !c.Same():
			list = append(list, fmt.Sprint(c.ID, " ", c.Aspects))
		}
	}
	return strings.Join(list, ", ")
}

// Each row changes one thing of the first version; the versions are worked out by hand.
func TestEveryChangeButHelpBeginsANewTrend(t *testing.T) {
	for _, tt := range []struct {
		name     string
		change   func(d *surveys.Document)
		aspects  string
		versions string
		wording  bool // may be stated to mean the same
	}{
		{"nothing", func(d *surveys.Document) { d.Title = "U" }, "", "easier1 say1 week1 worried1", false},
		{"help and required", func(d *surveys.Document) { d.Questions[0].Help, d.Questions[0].Required = "H", true }, "", "easier1 say1 week1 worried1", false},
		{"another order", func(d *surveys.Document) { d.Questions[0], d.Questions[1] = d.Questions[1], d.Questions[0] }, "", "easier1 say1 week1 worried1", false},
		{"wording", func(d *surveys.Document) { d.Questions[0].Text = "It makes my work easier." }, "easier [wording]", "easier2 say1 week1 worried1", true},
		{"points", func(d *surveys.Document) { d.Questions[0].Points = 7 }, "easier [answers]", "easier2 say1 week1 worried1", false},
		{"labels", func(d *surveys.Document) { d.Questions[0].Labels = []string{"a", "b", "c", "d", "e"} }, "easier [answers]", "easier2 say1 week1 worried1", false},
		{"an option's text", func(d *surveys.Document) { d.Questions[2].Options[0].Text = "1st" }, "week [answers]", "easier1 say1 week2 worried1", false},
		{"one more option", func(d *surveys.Document) {
			d.Questions[2].Options = append(d.Questions[2].Options, surveys.Option{ID: "c", Text: "Third"})
		}, "week [answers]", "easier1 say1 week2 worried1", false},
		{"other", func(d *surveys.Document) { d.Questions[2].Other = true }, "week [answers]", "easier1 say1 week2 worried1", false},
		{"kind", func(d *surveys.Document) { d.Questions[2].Kind = surveys.Choices }, "week [answers]", "easier1 say1 week2 worried1", false},
		{"construct", func(d *surveys.Document) { d.Questions[0].Construct = surveys.Engagement }, "easier [scoring]", "easier2 say1 week1 worried1", false},
		{"reversed", func(d *surveys.Document) { d.Questions[1].Reversed = false }, "worried [scoring]", "easier1 say1 week1 worried2", false},
		{"condition", func(d *surveys.Document) { d.Questions[3].ShowIf.In = []string{"1", "2"} }, "say [asked]", "easier1 say2 week1 worried1", false},
		{"no condition", func(d *surveys.Document) { d.Questions[3].ShowIf = nil }, "say [asked]", "easier1 say2 week1 worried1", false},
		{"wording and answers", func(d *surveys.Document) { d.Questions[2].Text, d.Questions[2].Other = "When?", true }, "week [wording answers]", "easier1 say1 week2 worried1", false},
		{"new", func(d *surveys.Document) {
			d.Questions = append(d.Questions, surveys.Question{ID: "more", Kind: surveys.Text, Text: "M"})
		}, "more new", "easier1 more1 say1 week1 worried1", false},
		{"removed", func(d *surveys.Document) { d.Questions = d.Questions[:3] }, "say removed", "easier1 week1 worried1", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit(t, storetest.SQLite(t))
			first := k.must(base())
			d := base()
			tt.change(d)
			changes := catalog.Compare(first.Document, d)
			if got := aspectsOf(changes); got != tt.aspects {
				t.Errorf("changes are %q, want %q", got, tt.aspects)
			}
			id, _, _ := strings.Cut(tt.aspects, " ")
			keep := catalog.Keep{Question: id, By: "mira@example.org"}
			_, kept, err := k.c.Preview(t.Context(), k.survey, d, keep)
			if possible := err == nil; possible != tt.wording || !possible && surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("stating that %q keeps its meaning: %v", id, err)
			}
			if tt.wording && versionsOf(kept) != "easier1 say1 week1 worried1" {
				t.Errorf("with the statement the versions are %q", versionsOf(kept))
			}
			_, promised, err := k.c.Preview(t.Context(), k.survey, d)
			if err != nil {
				t.Fatal(err)
			}
			q := k.must(d)
			if versionsOf(q) != tt.versions || versionsOf(promised) != tt.versions || q.Version != promised.Version {
				t.Errorf("versions are %q, promised %q, want %q", versionsOf(q), versionsOf(promised), tt.versions)
			}
		})
	}
}

func TestAStatementIsRecordedAndCarriesTheTrendOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		k := newKit(t, s)
		first := k.must(base())
		fixed := base()
		fixed.Questions[0].Text = "It makes my work easier."
		keep := catalog.Keep{Question: "easier", By: "mira@example.org"}
		second := k.must(fixed, keep, keep) // said twice is said once
		if first.Signature(surveys.Openness) != second.Signature(surveys.Openness) {
			t.Errorf("the trend breaks: %q and %q", first.Signature(surveys.Openness), second.Signature(surveys.Openness))
		}
		third := k.must(base()) // back to the old words, without a word about it
		if versionsOf(third) != "easier2 say1 week1 worried1" {
			t.Errorf("the third has %q", versionsOf(third))
		}
		list, err := catalog.New(s).Versions(t.Context(), k.survey)
		if err != nil || len(list) != 3 || list[0].Version != 3 || list[2].Version != 1 || !list[2].Published.Equal(may) || !list[0].Published.Equal(june) {
			t.Fatalf("versions are %+v, %v", list, err)
		}
		if got := list[1].Kept; len(got) != 1 || got["easier"] != (catalog.Statement{By: "mira@example.org", At: june}) || len(list[0].Kept)+len(list[2].Kept) != 0 {
			t.Errorf("stated are %v, %v, %v", list[2].Kept, got, list[0].Kept)
		}
	})
}

func TestARefusedStatementPublishesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		k := newKit(t, s)
		k.must(base())
		changed := base()
		changed.Questions[0].Points = 7
		for _, question := range []string{"easier", "worried", "gone"} {
			if _, err := k.publish(changed, catalog.Keep{Question: question, By: "mira@example.org"}); surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("%s: %v", question, err)
			}
		}
		if list, err := k.c.Versions(t.Context(), k.survey); err != nil || len(list) != 1 {
			t.Errorf("there are %d versions, %v", len(list), err)
		}
	})
}

func TestAnIdThatComesBackBeginsANewTrend(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		k := newKit(t, s)
		k.must(base())
		short := base()
		short.Questions = short.Questions[:3]
		k.must(short)
		if q := k.must(base()); versionsOf(q) != "easier1 say2 week1 worried1" {
			t.Errorf("versions are %q", versionsOf(q))
		}
	})
}

func TestAPublishedQuestionnaireNeverChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		k := newKit(t, s)
		for i := range 5 {
			d := base()
			d.Title = fmt.Sprint("Title ", i)
			d.Questions[0].Text = fmt.Sprint("Words ", i)
			k.must(d)
			for id, source := range k.sources {
				if got, err := catalog.New(s).Source(t.Context(), id); err != nil || !bytes.Equal(got, source) {
					t.Fatalf("questionnaire %d is another after version %d: %v", id, i+1, err)
				}
			}
		}
	})
}
