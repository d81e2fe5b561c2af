package web

import (
	"cmp"
	"html"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"soundings/static"
	"soundings/surveys"
	"soundings/surveys/document"
	"soundings/surveys/store/storetest"
)

// Every word of a page is from the file of its language, or was written by the author, the organisation or the
// respondent. Whatever is left over is of another language, or stands in the code.
func TestAPageInALanguageHoldsOnlyWordsOfThatLanguage(t *testing.T) {
	all := spoken(t).names
	for _, lang := range all {
		t.Run(lang, func(t *testing.T) {
			h := newHolder(t, storetest.SQLite(t))
			known := newVocabulary(t, lang, everyKind(t, all...), all)
			for name, page := range h.everyPage(t, lang, all) {
				for _, left := range known.strangers(page) {
					t.Errorf("%s in %s holds %q", name, lang, left)
				}
			}
		})
	}
}

func TestAStrangeWordOnAPageIsFound(t *testing.T) {
	known := newVocabulary(t, "de", everyKind(t, "en", "de"), []string{"en", "de"})
	for page, want := range map[string]string{
		`<p>Ihre Abteilung</p><p>Your department</p>`:                 "Your department",
		`<button aria-label="Send my answers">Meine Antworten senden`: "Send my answers",
		`<p>Ihr Beleg Envoyer</p>`:                                    "Envoyer",
		`<p>Ihr Beleg 你好</p>`:                                         "你好",
		`<p>Ihr Beleg</p>`:                                            "",
	} {
		if got := strings.Join(known.strangers(page), "; "); got != want {
			t.Errorf("%s: found %q, want %q", page, got, want)
		}
	}
}

// everyPage meets and renders everything a respondent can be shown in a language.
func (h *holder) everyPage(t *testing.T, lang string, all []string) map[string]string {
	t.Helper()
	h.code, h.wave = h.open(everyKind(t, all...))
	h.other, _ = h.open(changed(t, everyKind(t, all...), func(d *surveys.Document) { d.Minimum = 6 }))
	h.receipt = surveys.NewReceipt()
	pages := h.walk(t, lang)
	for name, page := range h.constructed(t, lang) {
		pages[name] = page
	}
	h.close(h.wave)
	for name, page := range h.finished(t, lang) {
		pages[name] = page
	}
	return pages
}

// vocabulary is what may stand on the pages of one language, the longest first.
type vocabulary []string

func newVocabulary(t *testing.T, lang string, survey []byte, all []string) vocabulary {
	t.Helper()
	v := vocabulary{ // what people have written and the house's names
		"Harbour Group", "Spring 2026", "Finance", "Legal & Tax <b>", "Staff", "Lead",
		"After the audit", "No time", "Thanks", "for asking", "q.nosuch", "lang",
	}
	for _, name := range all {
		v = append(v, nameOf(name))
	}
	for _, forms := range sentences(t, lang) {
		for _, text := range forms {
			for _, piece := range blank.Split(text, -1) {
				v = append(v, strings.TrimSpace(piece))
			}
		}
	}
	// Hebrew writes a word of its own before the month without a space.
	day, err := spoken(t).in(lang).Date(time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	v = append(v, day)
	doc, err := document.Parse(survey)
	if err != nil {
		t.Fatal(err)
	}
	texts := textsOf(doc, lang)
	v = append(v, texts.title(), texts.intro())
	for i := range doc.Questions {
		q := &doc.Questions[i]
		v = append(v, texts.text(q), texts.help(q))
		for n := range q.Labels {
			v = append(v, texts.label(q, n))
		}
		for _, o := range q.Options {
			v = append(v, texts.option(q, o))
		}
	}
	for i := range v {
		v[i] = unbroken.Replace(v[i])
	}
	v = slices.DeleteFunc(v, func(s string) bool { return !strings.ContainsFunc(s, unicode.IsLetter) })
	slices.SortFunc(v, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return slices.Compact(v)
}

// forScripts is an attribute that a template of its own puts into a tag.
var forScripts = regexp.MustCompile(`data-\w+=""`)

var secrets = regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z-]{20,}|[0-9A-Z]{26}`)

// unbroken takes out where a word may break.
var unbroken = strings.NewReplacer("\u00ad", "")

// strangers are the words of a page that are not of the vocabulary.
func (v vocabulary) strangers(page string) (left []string) {
	pieces := strings.Split(tags.ReplaceAllString(machine.ReplaceAllString(page, ""), "\n"), "\n")
	for _, m := range inTags.FindAllStringSubmatch(page, -1) {
		pieces = append(pieces, m[1])
	}
	for _, piece := range pieces {
		text := secrets.ReplaceAllString(unbroken.Replace(html.UnescapeString(piece)), "")
		text = strings.NewReplacer("{option}", " ", "{n}", " ").Replace(text)
		for _, known := range v {
			text = without(text, known)
		}
		if text = strings.TrimSpace(strings.Trim(text, " .,:·()“”„«»")); strings.ContainsFunc(text, unicode.IsLetter) {
			left = append(left, text)
		}
	}
	slices.Sort(left)
	return slices.Compact(left)
}

// without takes a phrase out of a text wherever it stands by itself and not within a word.
func without(text, phrase string) string {
	first, _ := utf8.DecodeRuneInString(phrase)
	last, _ := utf8.DecodeLastRuneInString(phrase)
	for from := 0; ; {
		at := strings.Index(text[from:], phrase)
		if at < 0 {
			return text
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(phrase):])
		if spelled(first) && spelled(before) || spelled(last) && spelled(after) {
			from = at + len(phrase)
			continue
		}
		text = text[:at] + " " + text[at+len(phrase):]
		from = at + 1
	}
}

// spelled reports whether a letter is of a script that puts spaces between words.
func spelled(r rune) bool {
	return unicode.IsLetter(r) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

func TestWordsThatARespondentsPageSaysExist(t *testing.T) {
	names, err := fs.Glob(static.Templates(), "answer/*.html")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	known := sentences(t, "en")
	for _, name := range names {
		text, err := fs.ReadFile(static.Templates(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range saidInTemplate.FindAllStringSubmatch(string(text), -1) {
			if known[m[1]] == nil {
				t.Errorf("%s says %s, which there are no words for", name, m[1])
			}
		}
		plain := forScripts.ReplaceAllString(entity.ReplaceAllString(action.ReplaceAllString(string(text), ""), ""), "")
		for _, word := range letters.FindAllString(tag.ReplaceAllString(machine.ReplaceAllString(plain, ""), " "), -1) {
			t.Errorf("%s says %q in every language", name, word)
		}
	}
}

// The names of months are written out. The languages differ in their order and in what stands between.
func TestADayIsWrittenAsTheLanguageWritesIt(t *testing.T) {
	w := spoken(t)
	may := time.Date(2026, time.May, 9, 15, 4, 0, 0, time.UTC)
	for lang, want := range map[string]string{ // CLDR, long dates
		"en": "9 May 2026", "de": "9. Mai 2026", "fr": "9 mai 2026", "es": "9 de mayo de 2026", "pt": "9 de maio de 2026",
		"it": "9 maggio 2026", "nl": "9 mei 2026", "pl": "9 maja 2026", "tr": "9 Mayıs 2026", "uk": "9 травня 2026 р.",
		"ja": "2026年5月9日", "zh-Hans": "2026年5月9日", "ar": "٩ مايو ٢٠٢٦", "he": "9 במאי 2026",
	} {
		s := w.in(lang)
		if got, err := s.Date(may); strings.ReplaceAll(got, "\u00a0", " ") != want || err != nil {
			t.Errorf("%s: %q, %v, want %q", lang, got, err, want)
		}
		hour := "15:04"
		if lang == "ar" {
			hour = "١٥:٠٤"
		}
		if got, err := s.Moment(may); !strings.Contains(got, hour) || err != nil {
			t.Errorf("%s: %q, %v", lang, got, err)
		}
	}
	if got := w.in("ar").Number(1234); got != "١٬٢٣٤" {
		t.Errorf("a number in Arabic is %q", got)
	}
}
