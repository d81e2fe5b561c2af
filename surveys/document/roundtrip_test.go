package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
	"soundings/surveys"
	"soundings/surveys/shareddata"
)

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// roundTrip formats, reads, and formats again.
func roundTrip(t failer, d *surveys.Document) []byte {
	t.Helper()
	first, err := Format(d)
	if err != nil {
		t.Fatalf("Format: %v\n%+v", err, d)
	}
	back, err := Parse(first)
	if err != nil {
		t.Fatalf("what Format wrote is refused: %v\n%s", err, first)
	}
	if !reflect.DeepEqual(back, d) {
		t.Fatalf("written\n%+v\nread\n%+v\nas\n%s", d, back, first)
	}
	second, err := Format(back)
	if err != nil || !bytes.Equal(first, second) {
		t.Fatalf("the second time it is written differently (%v)\n%s\n%s", err, first, second)
	}
	return first
}

// The file is in the canonical layout, written by hand: the layout is what people see in version control.
func TestTheCanonicalLayoutDoesNotDrift(t *testing.T) {
	src, err := os.ReadFile("testdata/laptops.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	if got := roundTrip(t, d); !bytes.Equal(got, src) {
		t.Errorf("laptops.yaml is written as\n%s", got)
	}
	kinds := map[surveys.Kind]bool{}
	for _, q := range d.Questions {
		kinds[q.Kind] = true
	}
	if len(kinds) != 6 {
		t.Errorf("the file has the kinds %v, not all six", kinds)
	}
}

// simple is a document that has a text in every place.
func simple(text string) *surveys.Document {
	labels := []string{text, text, text, text, text}
	d := &surveys.Document{
		Title: text, Intro: text,
		Constructs: []surveys.Construct{{ID: "mine", Name: text}},
		Questions: []surveys.Question{
			{ID: "a", Kind: surveys.Scale, Text: text, Help: text, Labels: labels, Construct: "mine"},
			{ID: "b", Kind: surveys.Choice, Text: text, Options: []surveys.Option{{ID: "1", Text: text}, {ID: "no", Text: text}}},
			{ID: "c", Kind: surveys.Text, Text: text, ShowIf: &surveys.Condition{Question: "b", In: []string{"1", "no"}}},
		},
		Translations: map[string]surveys.Translation{"no": {Title: text, Intro: text, Questions: map[string]surveys.QuestionTranslation{
			"a": {Text: text, Help: text, Labels: labels},
			"b": {Text: text, Options: map[string]string{"1": text, "no": text}},
			"c": {Text: text},
		}}},
	}
	d.Normalise()
	return d
}

// naughty are the strings of the Big List of Naughty Strings, or a few of our own in a clone without the list.
func naughty(t *testing.T) []string {
	own := []string{
		"", " ", "\t", "null", "~", "true", "No", "1", "1e3", "0x1F", "1_000", ".inf", "2024-01-02", "12:30:45", "=", "<<", "---", "...",
		"- a", "? a", ": a", "a: b", "a:", "a #b", "#a", "a#b", "&a", "*a", "!a", "%a", "@a", "`a", "|", ">", "{a}", "[a]", "a, b", "'", `"`, `\`, `\n`,
		"'a'", `"a"`, "a'b", `C:\temp`, " a", "a ", "\ta", "a\tb", "a\n", "\na", "a\nb", "a\nb\n", "a\n\nb", "a\n\n", "a \nb", "a\n b", "a\r\nb", "a\rb",
		"a\n---\nb", "a\n# b", "a\n- b: c", "\u0000", "a\u0001b", "\u001b[31m", "\u007f", "\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff", "\ufffd",
		"\u202etest\u202e", "👩‍💻", "Z͑ͫ̓ͪ̂ͫ̽a͓̟", "می\u200cخواهم", "田中さん", "نص", "<script>alert(1)</script>", "'; DROP TABLE surveys; --", "${x}", "{{x}}", "=1+1",
		strings.Repeat("very ", 50) + "long",
	}
	path, ok := shareddata.Find(t, "nasty/blns.json")
	if !ok {
		return own
	}
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	if err := json.Unmarshal(src, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) < 500 {
		t.Fatalf("%s has only %d strings", path, len(list))
	}
	return append(own, list...)
}

func TestEveryNaughtyStringSurvivesInEveryPlace(t *testing.T) {
	for _, s := range naughty(t) {
		// A text of nothing but blanks is no title; beside something to see it has to survive as well.
		for _, text := range []string{s, "a" + s + "b", "a\n" + s + "\nb", s + ".", "." + s} {
			if len([]rune(text)) > surveys.LongestLabel {
				text = string([]rune(text)[:surveys.LongestLabel])
			}
			if strings.TrimSpace(text) != "" {
				roundTrip(t, simple(text))
			}
		}
	}
}

func TestATextOfBlanksIsRefusedAndNotWritten(t *testing.T) {
	for _, s := range []string{" ", "\t", "\n", "\u00a0", "\u2003\u2003"} {
		if out, err := Format(simple(s)); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("Format of the text %q = %q, %v; want the kind Invalid", s, out, err)
		}
	}
}

func TestWhatCannotBeReadBackIsNotWritten(t *testing.T) {
	d := simple("a\xffb")
	if out, err := Format(d); surveys.KindOf(err) != surveys.Invalid {
		t.Errorf("broken UTF-8: %q, %v", out, err)
	}
	d = simple("a")
	for len(d.Questions) < surveys.MostQuestions {
		q := surveys.Question{ID: fmt.Sprintf("q%d", len(d.Questions)), Kind: surveys.Choice, Text: "Which?"}
		for i := range surveys.MostOptions {
			q.Options = append(q.Options, surveys.Option{ID: fmt.Sprint(i), Text: strings.Repeat("x", 100)})
		}
		d.Questions = append(d.Questions, q)
	}
	d.Translations = nil
	if out, err := Format(d); surveys.KindOf(err) != surveys.TooLarge {
		t.Errorf("more than 1 MB: %d bytes, %v", len(out), err)
	}
}

func TestTheLargestSurveyThatFitsIsReadBack(t *testing.T) {
	d := simple("a")
	for len(d.Questions) < surveys.MostQuestions {
		q := surveys.Question{ID: fmt.Sprintf("q%d", len(d.Questions)), Kind: surveys.Choice, Text: "Which?"}
		for i := range surveys.MostOptions {
			q.Options = append(q.Options, surveys.Option{ID: fmt.Sprint(i), Text: "x"})
		}
		d.Questions = append(d.Questions, q)
	}
	d.Translations = nil
	roundTrip(t, d)
}

func TestEveryDocumentIsReadBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, drawDocument(t)) })
}

// drawText favours what YAML gives a meaning to.
func drawText(t *rapid.T, label string) string {
	text := rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("ab \n\t\r:#-?&*!%@`|>'\"\\{}[],~=.0123_é漢😀\u0000\u0085\u00a0\u200d\u2028\ufeff")), 1, 20, -1),
		rapid.StringN(1, 30, -1),
		rapid.SampledFrom([]string{"Yes", "no", "null", "12", "1.5", "a: b", "a\nb\n", "two words", "Über uns"}),
	).Filter(func(s string) bool { return strings.TrimSpace(s) != "" && strings.ToValidUTF8(s, "") == s })
	return text.Draw(t, label)
}

func drawMaybe(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, label+" is there") {
		return drawText(t, label)
	}
	return ""
}

func drawDocument(t *rapid.T) *surveys.Document {
	d := &surveys.Document{
		Title: drawText(t, "title"), Intro: drawMaybe(t, "intro"),
		Purpose:   rapid.SampledFrom([]surveys.Purpose{surveys.AboutChange, surveys.AboutEngagement, surveys.AboutOther}).Draw(t, "purpose"),
		Language:  rapid.SampledFrom([]string{"en", "pt-BR", "sr-Latn"}).Draw(t, "language"),
		Anonymity: rapid.SampledFrom([]surveys.Anonymity{surveys.Anonymous, surveys.Named}).Draw(t, "anonymity"),
		Minimum:   rapid.IntRange(surveys.LeastMinimum, surveys.MostMinimum).Draw(t, "minimum"),
		Results:   rapid.SampledFrom([]surveys.Timing{surveys.WhenClosed, surveys.WhileOpen}).Draw(t, "results"),
	}
	if d.Purpose == surveys.AboutChange {
		d.Change = rapid.SampledFrom([]string{"", "expense-tool", "no", "Null"}).Draw(t, "change")
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "constructs") {
		d.Constructs = append(d.Constructs, surveys.Construct{ID: fmt.Sprintf("c%d", i), Name: drawText(t, "name")})
	}
	for i := range rapid.IntRange(1, 6).Draw(t, "questions") {
		d.Questions = append(d.Questions, drawQuestion(t, d, i))
	}
	for _, lang := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"de", "no", "zh-Hant-TW", "fr"}), 0, 3, rapid.ID[string]).Draw(t, "languages") {
		if d.Translations == nil {
			d.Translations = map[string]surveys.Translation{}
		}
		d.Translations[lang] = drawTranslation(t, d)
	}
	d.Normalise()
	return d
}

func drawQuestion(t *rapid.T, d *surveys.Document, i int) surveys.Question {
	q := surveys.Question{
		ID:   rapid.SampledFrom([]string{"q", "null", "yes", "Q-_"}).Draw(t, "id") + fmt.Sprint(i),
		Kind: rapid.SampledFrom([]surveys.Kind{surveys.Scale, surveys.Recommend, surveys.Choice, surveys.Choices, surveys.Ranking, surveys.Text}).Draw(t, "kind"),
		Text: drawText(t, "text"), Help: drawMaybe(t, "help"), Required: rapid.Bool().Draw(t, "required"),
	}
	switch q.Kind {
	case surveys.Scale:
		q.Points = rapid.SampledFrom([]int{5, 7}).Draw(t, "points")
		q.Reversed = rapid.Bool().Draw(t, "reversed")
		constructs := []string{"", surveys.Openness, surveys.Engagement}
		for _, c := range d.Constructs {
			constructs = append(constructs, c.ID)
		}
		q.Construct = rapid.SampledFrom(constructs).Draw(t, "construct")
		if rapid.Bool().Draw(t, "labelled") {
			for range q.Points {
				q.Labels = append(q.Labels, drawText(t, "label"))
			}
		}
	case surveys.Choice, surveys.Choices, surveys.Ranking:
		ids := []string{"1", "no", "null", "0x1F", "w1", "2024-01-02", "true", "1e3"}
		for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 2, 4, rapid.ID[string]).Draw(t, "options") {
			q.Options = append(q.Options, surveys.Option{ID: id, Text: drawText(t, "option")})
		}
		q.Other = q.Kind != surveys.Ranking && rapid.Bool().Draw(t, "other")
	}
	if i > 0 && rapid.Bool().Draw(t, "conditional") {
		q.ShowIf = drawCondition(t, &d.Questions[rapid.IntRange(0, i-1).Draw(t, "on")])
	}
	return q
}

func drawCondition(t *rapid.T, on *surveys.Question) *surveys.Condition {
	var possible []string
	switch on.Kind {
	case surveys.Scale, surveys.Recommend:
		low, high := on.Range()
		for n := low; n <= high; n++ {
			possible = append(possible, fmt.Sprint(n))
		}
	case surveys.Choice, surveys.Choices:
		for _, o := range on.Options {
			possible = append(possible, o.ID)
		}
		if on.Other {
			possible = append(possible, surveys.OtherOption)
		}
	default:
		return nil
	}
	return &surveys.Condition{Question: on.ID, In: rapid.SliceOfNDistinct(rapid.SampledFrom(possible), 1, 2, rapid.ID[string]).Draw(t, "in")}
}

func drawTranslation(t *rapid.T, d *surveys.Document) surveys.Translation {
	other := func(original string) string {
		if original == "" {
			return ""
		}
		return drawText(t, "translation")
	}
	tr := surveys.Translation{Title: other(d.Title), Intro: other(d.Intro), Questions: map[string]surveys.QuestionTranslation{}}
	for _, q := range d.Questions {
		qt := surveys.QuestionTranslation{Text: other(q.Text), Help: other(q.Help)}
		for _, l := range q.Labels {
			qt.Labels = append(qt.Labels, other(l))
		}
		for _, o := range q.Options {
			if qt.Options == nil {
				qt.Options = map[string]string{}
			}
			qt.Options[o.ID] = other(o.Text)
		}
		tr.Questions[q.ID] = qt
	}
	return tr
}
