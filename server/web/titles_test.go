package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
)

func TestASurveyIsCalledAsItsReaderDoes(t *testing.T) {
	doc := &surveys.Document{Title: "Pulse", Language: "en", Translations: map[string]surveys.Translation{"de": {Title: "Puls"}}}
	for _, c := range []struct {
		doc  *surveys.Document
		want surveyTitle
	}{
		{doc, surveyTitle{"Puls", ""}},
		{&surveys.Document{Title: "Pouls", Language: "fr"}, surveyTitle{"Pouls", "fr"}},
		{&surveys.Document{Title: "Puls", Language: "de"}, surveyTitle{"Puls", ""}},
	} {
		p := staffSpeech(t, "de")
		if got := p.titled(c.doc); got != c.want {
			t.Errorf("%s is called %+v, want %+v", c.doc.Title, got, c.want)
		}
	}
}

// What an author has written stands in the language it is written in on the pages where it is written, and nowhere else.
func TestOnlyPagesForAuthorsNameASurveyInItsOwnLanguage(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	own := regexp.MustCompile(`Document\.Title\b`)
	writing := []string{"draft.go", "surveys.go", "translations.go"}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") && !slices.Contains(writing, name) && own.Match(text) {
			t.Errorf("%s names a survey without its reader's language", name)
		}
	}
}

func TestAPageRoundsHalvesOfEveryFigureAlike(t *testing.T) {
	p := staffSpeech(t, "en")
	for n := range 100 {
		half := float64(n) + .5
		if percent := p.Percent(half / 100); percent != whole(half)+"%" || percent != p.Number(n+1)+"%" || signed(-half) != "−"+whole(half) {
			t.Errorf("%v is %s in percent, %s on the scale and %s as a difference", half, percent, whole(half), signed(-half))
		}
	}
}
