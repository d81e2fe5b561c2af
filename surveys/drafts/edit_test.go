package drafts

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/document"
)

var naughty = []string{"", " ", "Café", "Was würden Sie ändern?", "日本語", "مرحبا", "123", "'; DROP TABLE drafts; --", "<b>&amp;</b>", "a\r\nb", "\u202eabc",
	"- yaml: [", "null", "ﬁ", "other", strings.Repeat("long ", 50), "😀😀", "%s%n", "{{.}}", "it's"}

// TestAnySequenceOfEditsKeepsIdsUniqueAndStable checks after every step: no id is used twice, removed questions included;
// a question keeps the id it once had; and what is stored is read back the same, as JSON and, if sound, as YAML.
func TestAnySequenceOfEditsKeepsIdsUniqueAndStable(t *testing.T) {
	kinds := []surveys.Kind{surveys.Scale, surveys.Recommend, surveys.Choice, surveys.Choices, surveys.Ranking, surveys.Text}
	sound := 0
	rapid.Check(t, func(rt *rapid.T) {
		d := Draft{Document: surveys.Document{Title: "T", Translations: map[string]surveys.Translation{"de": {Title: "T"}}}}
		known := map[string]string{} // id by the mark that each question carries in its help
		next := 0
		mark := func(i int) {
			d.Document.Questions[i].Help = fmt.Sprintf("mark %d", next)
			next++
		}
		place := func(label string) int { return rapid.IntRange(0, max(0, len(d.Document.Questions)-1)).Draw(rt, label) }
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			some := len(d.Document.Questions) > 0
			switch op := rapid.IntRange(0, 6).Draw(rt, "op"); {
			case op <= 1 || !some:
				at := d.Add(rapid.SampledFrom(kinds).Draw(rt, "kind"), rapid.IntRange(-1, 9).Draw(rt, "at"))
				mark(at)
				q := &d.Document.Questions[at]
				q.Text = rapid.SampledFrom(naughty).Draw(rt, "text")
				for i := range q.Options {
					q.Options[i].Text = rapid.SampledFrom(naughty).Draw(rt, "option")
				}
			case op == 2:
				mark(d.Duplicate(place("which")))
			case op == 3:
				d.Remove(place("which"))
			case op == 4:
				d.BringBack(rapid.IntRange(-1, 3).Draw(rt, "which"))
			case op == 5:
				d.Move(place("from"), place("to"))
			case op == 6:
				d.Document.Questions[place("which")].Text = rapid.SampledFrom(naughty).Draw(rt, "text")
			}
			d.Name(rapid.IntRange(-1, 3).Draw(rt, "typing"))
			checkIds(rt, &d, known)
			row, err := d.row()
			if err != nil {
				rt.Fatal(err)
			}
			back, err := row.draft()
			if again, againErr := back.row(); err != nil || againErr != nil || again.Content != row.Content {
				rt.Fatalf("read back as %+v, %v, %v", back, err, againErr)
			}
			d.Document.Translations = nil // the rest of this check is about the questions
			doc := d.Publishable()
			if source, err := document.Format(&doc); err == nil {
				sound++
				if parsed, err := document.Parse(source); err != nil || !reflect.DeepEqual(*parsed, doc) {
					rt.Fatalf("as YAML it is %s, %v", source, err)
				}
			}
		}
	})
	if sound == 0 {
		t.Error("no draft was ever sound, so YAML was never tried")
	}
}

func checkIds(t *rapid.T, d *Draft, known map[string]string) {
	all := slices.Clone(d.Document.Questions)
	for _, r := range d.Removed {
		all = append(all, r.Question)
	}
	seen := map[string]bool{}
	for _, q := range all {
		if q.ID != "" && seen[q.ID] {
			t.Fatalf("the id %q is there twice: %+v", q.ID, all)
		}
		seen[q.ID] = true
		if old := known[q.Help]; old != "" && old != q.ID {
			t.Fatalf("%s was called %q and is %q now", q.Help, old, q.ID)
		}
		known[q.Help] = q.ID
		options := map[string]bool{}
		for _, o := range q.Options {
			if o.ID != "" && options[o.ID] || o.ID == surveys.OtherOption {
				t.Fatalf("the options of %q: %+v", q.ID, q.Options)
			}
			options[o.ID] = true
		}
	}
}

func TestIdsAreMadeFromTheText(t *testing.T) {
	for text, want := range map[string]string{
		"This change would make my work easier.": "this-change-would-make-my-work-easier",
		"Was würden Sie ändern?":                 "was-wurden-sie-andern",
		"3 wishes":                               "wishes",
		"日本語":                                    "question",
		"I don't know":                           "i-dont-know",
		"Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordner": "donaudampfschifffahrtsgesellschaftskapit",
	} {
		d := Draft{Document: surveys.Document{Questions: []surveys.Question{{Text: text}}}}
		d.Name(-1)
		if got := d.Document.Questions[0].ID; got != want {
			t.Errorf("%q is called %q", text, got)
		}
	}
}

func TestTheQuestionBeingTypedGetsNoNameYet(t *testing.T) {
	d := Draft{Document: surveys.Document{Questions: []surveys.Question{{Text: "Half a"}, {Text: "Whole"}}}}
	d.Name(0)
	if d.Document.Questions[0].ID != "" || d.Document.Questions[1].ID != "whole" {
		t.Errorf("%+v", d.Document.Questions)
	}
}

func TestARemovedQuestionComesBackWithItsPlaceAndTranslations(t *testing.T) {
	d := Draft{Document: surveys.Document{Questions: []surveys.Question{{ID: "a"}, {ID: "b", Text: "B"}, {ID: "c"}},
		Translations: map[string]surveys.Translation{"de": {Questions: map[string]surveys.QuestionTranslation{"a": {Text: "A"}, "b": {Text: "Be"}}}}}}
	before := encodedDocument(t, d.Document)
	d.Remove(1)
	if _, still := d.Document.Translations["de"].Questions["b"]; still || len(d.Document.Questions) != 2 {
		t.Errorf("%+v", d.Document)
	}
	if at := d.BringBack(0); at != 1 || encodedDocument(t, d.Document) != before || len(d.Removed) != 0 {
		t.Errorf("back at %d: %+v", at, d)
	}
	if d.BringBack(0) != -1 {
		t.Error("there was something to bring back")
	}
}

func TestRenamingFollowsEveryMention(t *testing.T) {
	d := Draft{Document: surveys.Document{Questions: []surveys.Question{{ID: "a"}, {ID: "b", ShowIf: &surveys.Condition{Question: "a", In: []string{"1"}}}},
		Translations: map[string]surveys.Translation{"de": {Questions: map[string]surveys.QuestionTranslation{"a": {Text: "A"}}}}}}
	d.Rename(0, "easier")
	if d.Document.Questions[1].ShowIf.Question != "easier" || d.Document.Translations["de"].Questions["easier"].Text != "A" {
		t.Errorf("%+v", d.Document)
	}
}

func encodedDocument(t *testing.T, d surveys.Document) string {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Drafts that are stored have to be readable after an upgrade: whoever renames a field of a document breaks this test
// and has to migrate them.
func TestTheStoredFormOfADraftStaysReadable(t *testing.T) {
	const stored = `{"Document":{"Title":"T","Purpose":"change","Language":"en","Anonymity":"named","Minimum":6,"Results":"open","Intro":"I","Constructs":[{"ID":"trust","Name":"Trust"}],` +
		`"Questions":[{"ID":"a","Kind":"scale","Points":7,"Text":"A","Help":"H","Required":true,"Labels":["1"],"Construct":"trust","Reversed":true,"ShowIf":{"Question":"z","In":["1"]},"Options":[{"ID":"o","Text":"O"}],"Other":true}],` +
		`"Translations":{"de":{"Title":"D","Intro":"E","Questions":{"a":{"Text":"B","Help":"C","Labels":["L"],"Options":{"o":"P"}}}}}},` +
		`"Removed":[{"Question":{"ID":"r","Kind":"text","Points":0,"Text":"R","Help":"","Required":false,"Labels":null,"Construct":"","Reversed":false,"ShowIf":null,"Options":null,"Other":false},"At":3,"Translations":{"de":{"Text":"S","Help":"","Labels":null,"Options":null}}}]}`
	d, err := draftRow{Content: stored}.draft()
	if err != nil {
		t.Fatal(err)
	}
	row, err := d.row()
	if err != nil || strings.TrimSpace(row.Content) != stored {
		t.Errorf("written again it is\n%s\n%v", row.Content, err)
	}
}
