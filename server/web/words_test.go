package web

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"soundings/static"
	"soundings/surveys/changes"
	"soundings/surveys/ideas"
	"soundings/surveys/promises"
)

func spoken(t *testing.T) *words {
	t.Helper()
	w, err := newWords(static.Locales(), respondentWords)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// sentences reads a file of words as it is: a text for each key, or a text for each plural form.
func sentences(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	return formsOf(t, "active."+lang+".toml")
}

var blank = regexp.MustCompile(`\{\{\.\w+\}\}|\{\w+\}`)

func TestTheProgramSpeaksTheLanguagesItPromises(t *testing.T) {
	got := slices.Clone(spoken(t).names)
	if got[0] != "en" {
		t.Errorf("the first language is %s, want en", got[0])
	}
	slices.Sort(got)
	want := []string{"ar", "de", "en", "es", "fr", "he", "it", "ja", "nl", "pl", "pt", "tr", "uk", "zh-Hans"}
	if !slices.Equal(got, want) {
		t.Errorf("languages are %v, want %v", got, want)
	}
}

func TestEveryLanguageHasExactlyTheSentencesOfEnglish(t *testing.T) {
	english := sentences(t, "en")
	for _, lang := range spoken(t).names {
		own := sentences(t, lang)
		for key, forms := range english {
			if len(own[key]) == 0 {
				t.Errorf("%s lacks %s", lang, key)
				continue
			}
			want := blank.FindAllString(forms[""]+forms["other"], -1)
			slices.Sort(want)
			for form, text := range own[key] {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s is empty", lang, key)
				}
				got := blank.FindAllString(text, -1)
				slices.Sort(got)
				// "one minute" and "two people" may leave out the number.
				if !slices.Equal(got, want) && (form == "" || form == "other" || len(got) > 0) {
					t.Errorf("%s: %s (%s) fills in %v, English %v", lang, key, form, got, want)
				}
			}
		}
		for key := range own {
			if english[key] == nil {
				t.Errorf("%s has %s, which English lacks", lang, key)
			}
		}
	}
}

func TestEveryNumberHasItsPluralInEveryLanguage(t *testing.T) {
	w := spoken(t)
	for key, forms := range sentences(t, "en") {
		if forms["other"] == "" {
			continue
		}
		for _, lang := range w.names {
			s := w.in(lang)
			for n := range 201 {
				text, err := s.N(key, n)
				if err != nil || text == "" {
					t.Fatalf("%s in %s for %d: %q, %v", key, lang, n, text, err)
				}
			}
		}
	}
}

// CLDR: Polish 2-4 few, 5-21 many, 22 few; Arabic 2 two, 3-10 few, 11-99 many; Ukrainian 21 one.
func TestPluralsFollowTheLanguage(t *testing.T) {
	w := spoken(t)
	for _, c := range []struct {
		lang string
		n    int
		want string
	}{
		{"pl", 1, "Jedna odpowiedź wymaga sprawdzenia."},
		{"pl", 3, "3 odpowiedzi wymagają sprawdzenia."},
		{"pl", 22, "22 odpowiedzi wymagają sprawdzenia."},
		{"pl", 5, "5 odpowiedzi wymaga sprawdzenia."},
		{"uk", 21, "Перегляньте, будь ласка, ще раз 21 відповідь."},
		{"ar", 2, "يرجى مراجعة إجابتين مرة أخرى."},
		{"ar", 3, "يرجى مراجعة ٣ إجابات مرة أخرى."},
		{"en", 1, "One answer needs another look."},
		{"en", 2, "2 answers need another look."},
	} {
		if got, err := w.in(c.lang).N("faults", c.n); err != nil || got != c.want {
			t.Errorf("%s, %d: %q, %v, want %q", c.lang, c.n, got, err, c.want)
		}
	}
}

// A sentence nobody says is a sentence nobody keeps right.
func TestEverySentenceIsUsed(t *testing.T) {
	var source strings.Builder
	templates, err := fs.Glob(static.Templates(), "answer/*.html")
	if err != nil {
		t.Fatal(err)
	}
	letters, err := fs.Glob(static.Templates(), "mail/*.html")
	if err != nil {
		t.Fatal(err)
	}
	templates = append(templates, letters...)
	for _, name := range templates {
		text, err := fs.ReadFile(static.Templates(), name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	text := source.String()
	for _, points := range []int{5, 7} { // put together in formBuilder.point
		for n := 1; n <= points; n++ {
			text += fmt.Sprintf(`"agree%d_%d"`, points, n)
		}
	}
	for _, stage := range changes.Stages() { // put together in showAbout
		text += fmt.Sprintf(`"about_%s"`, wordKey(string(stage)))
	}
	for _, status := range ideas.Statuses() { // put together in ideaCard
		text += fmt.Sprintf(`"idea_%s"`, status)
	}
	for _, state := range promises.States() { // put together in heardGroups
		text += fmt.Sprintf(`"heard_%s"`, state)
	}
	for _, wish := range []string{"unasked", "tied", "untold", "otherwise", "most", "often"} { // put together with asWished
		text += fmt.Sprintf(`"about_wished_%s"`, wish)
	}
	for month := 1; month <= 12; month++ { // put together in speech.Date
		text += fmt.Sprintf(`"month_%d"`, month)
	}
	for _, key := range slices.Sorted(maps.Keys(sentences(t, "en"))) {
		if !strings.Contains(text, `"`+key+`"`) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

func TestAMissingSentenceIsAnError(t *testing.T) {
	s := spoken(t).in("de")
	if text, err := s.T("no_such_sentence"); err == nil {
		t.Errorf("T gave %q without an error", text)
	}
	p := phrases{speech: s}
	p.say("no_such_sentence")
	p.say("send")
	if p.err == nil {
		t.Error("phrases forgot the first failure")
	}
}

func TestTheLanguageOfAPageIsTheBestTheSurveyHas(t *testing.T) {
	for _, c := range []struct {
		name   string
		has    []string
		wanted string
		accept string
		want   string
	}{
		{"asked for by name", []string{"en", "de"}, "de", "en", "de"},
		{"asked for in capitals", []string{"en", "pt-BR"}, "PT-br", "", "pt-BR"},
		{"asked for one it lacks", []string{"en", "de"}, "fr", "de", "de"},
		{"asked for nonsense", []string{"en", "de"}, "\"><script>", "", "en"},
		{"ru meets ru-RU", []string{"en", "ru-RU"}, "", "ru", "ru-RU"},
		{"ru-RU meets ru", []string{"en", "ru"}, "", "ru-RU,ru;q=0.9", "ru"},
		{"Austria meets de", []string{"en", "de"}, "", "de-AT", "de"},
		{"Taiwan meets traditional", []string{"en", "zh-Hans", "zh-Hant"}, "", "zh-TW", "zh-Hant"},
		{"quality counts", []string{"en", "de", "fr"}, "", "fr;q=0.3, de;q=0.7", "de"},
		{"none of them", []string{"de", "fr"}, "", "ja", "de"},
		{"no header", []string{"de", "fr"}, "", "", "de"},
		{"a broken header", []string{"de", "fr"}, "", ";;q=,,", "de"},
		{"an unknown tag beside a known one", []string{"en", "de"}, "", "xx, de;q=0.5", "de"},
		{"Ukrainian is not Russian", []string{"en", "ru"}, "", "uk", "en"},
	} {
		if got := newLanguages(c.has).choose(wish{c.wanted, c.accept}); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestASurveyInALanguageTheProgramDoesNotSpeakGetsEnglishSentences(t *testing.T) {
	w := spoken(t)
	for lang, want := range map[string]string{
		"de": "de", "de-CH": "de", "pt-BR": "pt", "iw": "he", "zh-CN": "zh-Hans",
		"sv": "en", "ru": "en", "zh-Hant": "en", "fa": "en",
	} {
		s := w.in(lang)
		if s.Spoken != want || s.Lang != lang {
			t.Errorf("%s is spoken to in %s on a page in %s, want %s", lang, s.Spoken, s.Lang, want)
		}
	}
}

func TestArabicAndHebrewRunFromRightToLeft(t *testing.T) {
	for lang, want := range map[string]string{"ar": "rtl", "he": "rtl", "fa-IR": "rtl", "ur": "rtl", "en": "ltr", "tr": "ltr", "az-Arab": "rtl", "ja": "ltr"} {
		if got := direction(language.Make(lang)); got != want {
			t.Errorf("%s is written %s, want %s", lang, got, want)
		}
	}
}

func TestLanguagesAreNamedInThemselves(t *testing.T) {
	for lang, want := range map[string]string{"de": "Deutsch", "fr": "Français", "uk": "Українська", "zh-Hans": "简体中文", "he": "עברית"} {
		if got := nameOf(lang); got != want {
			t.Errorf("%s is named %q, want %q", lang, got, want)
		}
	}
}
