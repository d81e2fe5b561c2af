package surveys_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys"
)

func drawAnswers(t *rapid.T) surveys.Answers {
	id := rapid.StringMatching(`[a-z][a-z0-9_-]{0,5}`)
	answer := rapid.OneOf(
		rapid.Map(rapid.IntRange(0, 10), surveys.Number),
		rapid.Map(rapid.SliceOfN(id, 1, 5), func(options []string) surveys.Answer { return surveys.Picked(options...) }),
	)
	return rapid.MapOf(id, answer).Draw(t, "answers")
}

func TestAnswersReadBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAnswers(t)
		stored, err := a.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := surveys.DecodeAnswers(stored)
		if err != nil || !reflect.DeepEqual(back, a) {
			t.Fatalf("%v is stored as %s and read as %v (%v)", a, stored, back, err)
		}
	})
}

// A retry is recognised by comparing bytes.
func TestEqualAnswersAreEqualBytes(t *testing.T) {
	a, err := surveys.Answers{"b": surveys.Number(2), "a": surveys.Picked("x", "y"), "c": surveys.Number(0)}.Encode()
	if want := `{"a":["x","y"],"b":2,"c":0}`; err != nil || a != want {
		t.Errorf("got %s (%v), want %s", a, err, want)
	}
	if none, err := surveys.Answers(nil).Encode(); err != nil || none != "{}" {
		t.Errorf("no answers are stored as %q (%v)", none, err)
	}
}

// What cannot be read is an error, and the error does not quote what a respondent answered: errors reach the log.
func TestDamagedAnswersAreRefusedWithoutQuotingThem(t *testing.T) {
	for name, stored := range map[string]string{
		"not JSON":       `{"a":`,
		"a list":         `["a"]`,
		"a text":         `{"a":"4711"}`,
		"a fraction":     `{"a":4711.5}`,
		"null":           `{"a":null}`,
		"an object":      `{"a":{"4711":1}}`,
		"a nested list":  `{"a":[["4711"]]}`,
		"a list of ints": `{"a":[4711]}`,
		"nothing":        ``,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := surveys.DecodeAnswers(stored)
			if err == nil {
				t.Fatalf("read as %v", got)
			}
			if strings.Contains(err.Error(), "4711") {
				t.Errorf("the error tells the answer: %v", err)
			}
		})
	}
}

func TestConditionsCompareAnswersAsWritten(t *testing.T) {
	for _, row := range []struct {
		answer surveys.Answer
		value  string
		want   bool
	}{
		{surveys.Number(2), "2", true}, {surveys.Number(2), "02", false}, {surveys.Number(0), "0", true}, {surveys.Number(0), "", false},
		{surveys.Picked("w1", "w2"), "w2", true}, {surveys.Picked("w1"), "w2", false}, {surveys.Picked("w1"), "0", false},
	} {
		if got := row.answer.Has(row.value); got != row.want {
			t.Errorf("%v has %q: %v", row.answer, row.value, got)
		}
	}
}

func TestQuestionsHangOnShownAndAnsweredOnes(t *testing.T) {
	doc := &surveys.Document{Questions: []surveys.Question{
		{ID: "a", Kind: surveys.Scale, Points: 5},
		{ID: "b", Kind: surveys.Scale, Points: 5, ShowIf: &surveys.Condition{Question: "a", In: []string{"1", "2"}}},
		{ID: "c", Kind: surveys.Text, ShowIf: &surveys.Condition{Question: "b", In: []string{"5"}}},
		{ID: "d", Kind: surveys.Text, ShowIf: &surveys.Condition{Question: "gone", In: []string{"5"}}},
	}}
	for _, row := range []struct {
		name    string
		answers surveys.Answers
		shown   string
	}{
		{"nothing answered", nil, "a"},
		{"first answered otherwise", surveys.Answers{"a": surveys.Number(3), "b": surveys.Number(5)}, "a"},
		{"chain half way", surveys.Answers{"a": surveys.Number(1)}, "ab"},
		{"whole chain", surveys.Answers{"a": surveys.Number(2), "b": surveys.Number(5)}, "abc"},
	} {
		shown := ""
		for i := range doc.Questions {
			if doc.Visible(&doc.Questions[i], row.answers) {
				shown += doc.Questions[i].ID
			}
		}
		if shown != row.shown {
			t.Errorf("%s: shows %q, want %q", row.name, shown, row.shown)
		}
	}
}

// What is read by hand is read as the JSON library reads it, and what the library refuses is refused.
func TestStoredAnswersAreReadAsTheLibraryReadsThem(t *testing.T) {
	piece := rapid.SampledFrom([]string{`{`, `}`, `[`, `]`, `"`, `,`, `:`, `"a"`, `"b":`, `"a":1`, `"c":["x","y"]`, `"d":[]`, `"\u0061":2`, `"ä":["ö"]`,
		`"e":007`, `"f":12345`, `"g":-1`, ` `, `0`, `9`, "\n", `\`})
	rapid.Check(t, func(t *rapid.T) {
		stored := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
		if rapid.Bool().Draw(t, "closed") {
			stored = "{" + strings.Join(rapid.SliceOfN(piece, 0, 5).Draw(t, "parts"), ",") + "}"
		}
		want := surveys.Answers{}
		refused := json.Unmarshal([]byte(stored), &want)
		got, err := surveys.DecodeAnswers(stored)
		if (err == nil) != (refused == nil) || err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is read as %v (%v), by the library as %v (%v)", stored, got, err, want, refused)
		}
	})
}
