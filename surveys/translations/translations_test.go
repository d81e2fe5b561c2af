package translations

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/document"
	"soundings/surveys/library"
)

var naughty = []string{"", " ", "Café", "日本語", "مرحبا, كيف", "'; DROP TABLE drafts; --", "<b>&amp;</b>", "a\nb", "\u202eabc", "=1+1", "+49 30", "-1", "@x",
	"\tx", "'=1", "''", "'", "'s morgens", "\"quoted\"", "a,b;c\td", "ends with \"", "\ufeffmark", "😀😀", "%s%n", "{{.}}", "\nfirst", "null", "key"}

func laptops(t testing.TB) *surveys.Document {
	t.Helper()
	s, err := library.Find("open-decisions")
	if err != nil {
		t.Fatal(err)
	}
	return s.Document
}

// What Texts lists is exactly what a document needs: with all of it a language has no fault, without any one of it it has.
func TestWhatIsListedIsWhatPublishingNeeds(t *testing.T) {
	doc := laptops(t)
	doc.Questions[4].Labels = []string{"a", "b", "c", "d", "e"}
	doc.Translations = nil
	all := map[string]string{}
	for _, text := range Texts(doc, "ar") {
		all[text.Key] = "ع " + text.Key
	}
	Set(doc, "ar", all)
	if faults := doc.Validate(); len(faults) > 0 || len(Missing(doc, "ar")) > 0 {
		t.Fatalf("with every text there are %v, missing %v", faults, Missing(doc, "ar"))
	}
	for key := range all {
		short := *doc
		Set(&short, "ar", map[string]string{key: " "})
		faults := short.Validate()
		if len(faults) != 1 || faults[0].Path != "translations.ar."+key {
			t.Errorf("without %s: %v", key, faults)
		}
		if missing := Missing(&short, "ar"); len(missing) != 1 || missing[0].Key != key {
			t.Errorf("without %s: missing are %v", key, missing)
		}
	}
	if faults := doc.Validate(); len(faults) > 0 {
		t.Errorf("the document changed with its copies: %v", faults)
	}
}

func TestTextsOfALibrarySurveyAreCountedRight(t *testing.T) {
	// title, intro, 8 questions, 1 help text, 4 + 4 + 4 + 3 options
	if got := len(Texts(laptops(t), "de")); got != 26 {
		t.Errorf("%d texts, want 26", got)
	}
	if missing := Missing(laptops(t), "de"); len(missing) > 0 {
		t.Errorf("missing in German: %v", missing)
	}
}

func TestRemovingALanguageTakesItsTextsAndNoOthers(t *testing.T) {
	doc := laptops(t)
	Set(doc, "ar", map[string]string{"title": "ع"})
	Remove(doc, "de")
	if got := doc.Languages(); !reflect.DeepEqual(got, []string{"en", "ar"}) {
		t.Errorf("languages %q", got)
	}
}

// A file that is exported, opened, saved and imported again says the same, whatever the texts are.
func TestAFileBringsEveryTextBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		doc := laptops(t)
		doc.Questions[4].Labels = make([]string, 5)
		text := rapid.OneOf(rapid.SampledFrom(naughty), rapid.String())
		for i := range doc.Questions[4].Labels {
			doc.Questions[4].Labels[i] = text.Draw(rt, "label")
		}
		doc.Questions[0].Text, doc.Intro = text.Draw(rt, "question"), text.Draw(rt, "intro")
		values := map[string]string{}
		for _, t := range Texts(doc, "he") {
			values[t.Key] = text.Draw(rt, t.Key)
		}
		Set(doc, "he", values)
		var file bytes.Buffer
		if err := Export(&file, doc, "he"); err != nil {
			rt.Fatal(err)
		}
		src := rapid.SampledFrom([][]byte{file.Bytes(), bytes.TrimPrefix(file.Bytes(), mark), resaved(rt, file.Bytes(), ';'), resaved(rt, file.Bytes(), '\t')}).Draw(rt, "saved")
		got, err := Import(src, doc, "he")
		var known *surveys.Error
		if errors.As(err, &known) && known.Faults[0].Code == FaultNothing {
			got, err = nil, nil
		}
		if err != nil {
			rt.Fatalf("%v\n%s", err, src)
		}
		for key, value := range values {
			if strings.TrimSpace(value) != "" && got[key] != plain(value) {
				rt.Errorf("%s came back as %q, was %q", key, got[key], value)
			}
		}
	})
}

// resaved is the file as a spreadsheet of another country saves it.
func resaved(t *rapid.T, src []byte, comma rune) []byte {
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(src, mark))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = comma, true
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestNoCellOfAFileIsAFormula(t *testing.T) {
	doc := laptops(t)
	doc.Title = "=HYPERLINK(\"http://evil\")"
	values := map[string]string{}
	for i, text := range Texts(doc, "he") {
		values[text.Key] = naughty[i%len(naughty)]
	}
	Set(doc, "he", values)
	var file bytes.Buffer
	if err := Export(&file, doc, "he"); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file.Bytes(), mark))).ReadAll()
	if err != nil || len(rows) != 27 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("%q begins like a formula", cell)
			}
		}
	}
}

// Lines are counted by hand; the header is line 1.
func TestEveryFaultOfAFileIsNamedWithItsLine(t *testing.T) {
	const head = "key,original,translation\n"
	long := strings.Repeat("x", surveys.LongestTitle+1)
	for _, tt := range []struct{ name, src, want string }{
		{"unknown key", head + "titel,T,U\ntitle,\"When, how and who first? Your department decides.\",U\n", "2 unknown titel"},
		{"changed original", head + "title,Another title,U\n", "2 changed title"},
		{"twice, after a text of two lines", head + "\nquestions.pilot.options.later,\"No, rather later\",\"a\nb\"\nquestions.pilot.options.later,\"No, rather later\",c\n", "5 twice questions.pilot.options.later"},
		{"too long", head + "title,\"When, how and who first? Your department decides.\"," + long + "\n", "2 too_long title"},
		{"every fault", head + "x,,\ny,,a\ntitle,T,U\n", "2 unknown x\n3 unknown y\n4 changed title"},
		{"no column", "key,translation\ntitle,U\n", "1 column original"},
		{"no columns", "title,T,U\n", "1 column key\n1 column original\n1 column translation"},
		{"no CSV", head + "title,\"T\n", "2 syntax "},
		{"a stray quotation mark", head + "title,a\"b,c\n", "2 syntax "},
		{"not UTF-8", head + "title,T,\xff\n", "2 not_text "},
		{"nothing", "", "1 nothing "},
		{"only a header", head, "1 nothing "},
		{"no translation", head + "title,\"When, how and who first? Your department decides.\",\n", "1 nothing "},
	} {
		values, err := Import([]byte(tt.src), laptops(t), "ar")
		var known *surveys.Error
		if !errors.As(err, &known) || known.Kind != surveys.Invalid || values != nil {
			t.Errorf("%s: %v, %v", tt.name, values, err)
			continue
		}
		var lines []string
		for _, f := range known.Faults {
			lines = append(lines, fmt.Sprintf("%d %s %s", f.Line, f.Code, f.Path))
		}
		if got := strings.Join(lines, "\n"); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestAnEmptyTranslationInAFileTakesNothingAway(t *testing.T) {
	values, err := Import([]byte("translation;key;original;\n;title;When, how and who first? Your department decides.;\nنعم;questions.pilot.options.gladly;Yes, gladly;\n;;;\n"), laptops(t), "ar")
	if err != nil || !reflect.DeepEqual(values, map[string]string{"questions.pilot.options.gladly": "نعم"}) {
		t.Errorf("%v, %v", values, err)
	}
}

// Every language of every survey of the library can leave as a file and come back; the document stays the same.
func TestLibrarySurveysSurviveTheFile(t *testing.T) {
	for _, name := range library.Names() {
		s, err := library.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		before, err := document.Format(s.Document)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := Export(&file, s.Document, "de"); err != nil {
			t.Fatal(err)
		}
		values, err := Import(file.Bytes(), s.Document, "de")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		Remove(s.Document, "de")
		Set(s.Document, "de", values)
		after, err := document.Format(s.Document)
		if err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s is another survey now: %v", name, err)
		}
	}
}
