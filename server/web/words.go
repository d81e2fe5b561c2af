package web

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
	shares "golang.org/x/text/number"

	"soundings/analytics/stats"
)

// words are the program's own sentences: for respondents the files active.<language>.toml of static/locales, for staff
// the files staff/<area>.<language>.toml, with the plural forms of CLDR.
//
// A survey may be written in a language the program does not speak. Its page then carries the survey's language and
// direction, and the program's own sentences are English.
type words struct {
	bundle *i18n.Bundle
	tags   []language.Tag // English first: what is spoken to a stranger to all of them
	names  []string       // of tags, as in the file names
	all    languages      // the same, for pages that belong to no survey
}

const longestAccept = 1000 // bytes of an Accept-Language header that are looked at

// Where the words for respondents and for staff are, below static/locales.
const (
	respondentWords = "active.*.toml"
	staffWords      = "staff/*.*.toml"
)

func newWords(files fs.FS, pattern string) (*words, error) {
	w := &words{bundle: i18n.NewBundle(language.English)}
	w.bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	found, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, fmt.Errorf("web: words: %w", err)
	}
	for _, file := range found {
		if _, err := w.bundle.LoadMessageFileFS(files, file); err != nil {
			return nil, fmt.Errorf("web: words: %s: %w", file, err)
		}
		name := strings.TrimPrefix(path.Ext(strings.TrimSuffix(file, ".toml")), ".")
		if slices.Contains(w.names, name) {
			continue // another area in the same language
		}
		tag, err := language.Parse(name)
		if err != nil {
			return nil, fmt.Errorf("web: words: %s: %w", file, err)
		}
		at := len(w.tags)
		if tag == language.English {
			at = 0
		}
		w.tags, w.names = slices.Insert(w.tags, at, tag), slices.Insert(w.names, at, name)
	}
	if len(w.tags) == 0 || w.tags[0] != language.English {
		return nil, fmt.Errorf("web: words: English is missing from %s", pattern)
	}
	w.all = newLanguages(w.names)
	return w, nil
}

// speech is what one page is written in.
type speech struct {
	Lang   string // of the page, for <html lang>
	Dir    string // "ltr" or "rtl"
	Spoken string // of the program's own sentences: Lang, or "en" where the program does not speak Lang

	localizer *i18n.Localizer
	numbers   *message.Printer
}

// in gives the words for a page in a language. A distant relative of the language is no help to a reader, so only a
// close match counts; everything else is answered in English.
func (w *words) in(lang string) *speech {
	tag := language.Make(lang)
	_, best, confidence := w.all.matcher.Match(tag)
	if confidence < language.High {
		best = 0
	}
	return &speech{
		Lang: lang, Dir: direction(tag), Spoken: w.names[best],
		localizer: i18n.NewLocalizer(w.bundle, w.names[best]),
		numbers:   message.NewPrinter(w.tags[best]),
	}
}

// T says a sentence; pairs are names and values for it: T("only_if", "Answers", a, "Question", q).
func (s *speech) T(key string, pairs ...any) (string, error) {
	data, err := named(key, pairs)
	if err != nil {
		return "", err
	}
	return s.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data})
}

// N says a sentence in the plural form for a count, which the sentence may use as Count; pairs are as for T.
func (s *speech) N(key string, count int, pairs ...any) (string, error) {
	data, err := named(key, pairs)
	if err != nil {
		return "", err
	}
	data["Count"] = s.Number(count)
	return s.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: count, TemplateData: data})
}

func named(key string, pairs []any) (map[string]any, error) {
	data := make(map[string]any, len(pairs)/2+1)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("web: words: %s: %v is not a name", key, pairs[i])
		}
		data[name] = pairs[i+1]
	}
	return data, nil
}

// Number writes a whole number as the language does.
func (s *speech) Number(n int) string { return s.numbers.Sprint(n) }

// Date writes a day as the language does, in UTC.
func (s *speech) Date(t time.Time) (string, error) {
	t = t.UTC()
	month, err := s.T(fmt.Sprintf("month_%d", t.Month()))
	if err != nil {
		return "", err
	}
	return s.T("date", "Day", s.digits(t.Format("2")), "Month", month, "Year", s.digits(t.Format("2006")))
}

// Moment writes a day and a time of day, in UTC.
func (s *speech) Moment(t time.Time) (string, error) {
	day, err := s.Date(t)
	if err != nil {
		return "", err
	}
	return s.T("moment", "Date", day, "Time", s.digits(t.UTC().Format("15:04")))
}

// digits writes the digits of a date or an hour as the language does, which Arabic does with its own.
func (s *speech) digits(text string) string {
	zero, _ := utf8.DecodeRuneInString(s.Number(0))
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return zero + r - '0'
		}
		return r
	}, text)
}

// Percent writes a share of 1 in whole percent as the language does: 54%, 54 %, %54.
func (s *speech) Percent(share float64) string {
	return s.numbers.Sprint(shares.Percent(stats.Whole(100*share)/100, shares.MaxFractionDigits(0)))
}

// Decimal writes a number with so many decimals as the language does: 0.83, 0,83.
func (s *speech) Decimal(x float64, digits int) string {
	return s.numbers.Sprint(shares.Decimal(x, shares.MinFractionDigits(digits), shares.MaxFractionDigits(digits)))
}

// phrases says sentences one after the other and keeps the first failure, so that a page can be put together without
// looking at an error a line.
type phrases struct {
	*speech
	err error
}

func (p *phrases) say(key string, pairs ...any) string {
	text, err := p.T(key, pairs...)
	p.err = cmp.Or(p.err, err)
	return text
}

func (p *phrases) count(key string, n int, pairs ...any) string {
	text, err := p.N(key, n, pairs...)
	p.err = cmp.Or(p.err, err)
	return text
}

// oneOf lists alternatives: a, b or c.
func (p *phrases) oneOf(items []string) string {
	last := len(items) - 1
	if last < 1 {
		return strings.Join(items, "")
	}
	return p.say("list_or", "First", strings.Join(items[:last], p.say("list_comma")), "Last", items[last])
}

// allOf lists what belongs together: a, b and c.
func (p *phrases) allOf(items []string) string {
	last := len(items) - 1
	if last < 1 {
		return strings.Join(items, "")
	}
	return p.say("list_and", "First", strings.Join(items[:last], p.say("list_comma")), "Last", items[last])
}

// languages is a set a page can be had in, the one for everybody else first. It remembers what it chose for the headers
// it saw, because working one out takes as long as all the rest of sending a form.
type languages struct {
	names   []string
	matcher language.Matcher
	mu      *sync.RWMutex
	chosen  map[string]string // by header
}

const mostHeaders = 100 // remembered by one set

func newLanguages(names []string) languages {
	tags := make([]language.Tag, len(names))
	for i, name := range names {
		tags[i] = language.Make(name)
	}
	return languages{names, language.NewMatcher(tags), &sync.RWMutex{}, map[string]string{}}
}

// wish is how somebody asks for a language: by name, and by the Accept-Language header of the browser.
type wish struct{ name, accept string }

// choose picks the language asked for by name, else the best for the browser, else the first.
func (l languages) choose(w wish) string {
	if name := exactly(l.names, w.name, ""); name != "" {
		return name
	}
	l.mu.RLock()
	name, known := l.chosen[w.accept]
	l.mu.RUnlock()
	if known {
		return name
	}
	_, best, confidence := l.matcher.Match(accepted(w.accept)...)
	if confidence == language.No {
		best = 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.chosen) < mostHeaders {
		l.chosen[strings.Clone(w.accept)] = l.names[best] // a copy: the router's strings do not last
	}
	return l.names[best]
}

// exactly is the one of the languages with that name, or instead.
func exactly(names []string, name, instead string) string {
	for _, known := range names {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return instead
}

// accepted reads an Accept-Language header, most wanted first. A tag nobody knows spoils the whole header for
// the parser, so then the parts are read one by one.
func accepted(header string) []language.Tag {
	header = header[:min(len(header), longestAccept)]
	tags, _, err := language.ParseAcceptLanguage(header)
	if err == nil {
		return tags
	}
	type wish struct {
		tag language.Tag
		q   float32
	}
	var wishes []wish
	for part := range strings.SplitSeq(header, ",") {
		if tags, q, err := language.ParseAcceptLanguage(part); err == nil && len(tags) == 1 {
			wishes = append(wishes, wish{tags[0], q[0]})
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int { return cmp.Compare(b.q, a.q) })
	tags = nil
	for _, w := range wishes {
		tags = append(tags, w.tag)
	}
	return tags
}

// direction tells which way a language is written.
func direction(tag language.Tag) string {
	script, _ := tag.Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg", "Mand", "Samr":
		return "rtl"
	}
	return "ltr"
}

// nameOf is a language's name in itself, as a menu shows it.
func nameOf(lang string) string {
	name := display.Self.Name(language.Make(lang))
	if name == "" {
		return lang
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}
