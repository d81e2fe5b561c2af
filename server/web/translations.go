package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"golang.org/x/text/language"

	"soundings/surveys"
	"soundings/surveys/drafts"
	"soundings/surveys/translations"
)

// translationsPage lists the languages of a draft.
type translationsPage struct {
	frame
	draftHead
	Languages []languageRow
	Offered   []option
	Fault     string
}

// draftHead says which draft a page is about.
type draftHead struct {
	Draft   drafts.ID
	Version int
	Heading string
	Own     writing // the language the draft is written in
}

// writing is a language as a page needs it.
type writing struct {
	Tag  string
	Name string
	Dir  string
}

// languageRow is how far one translation is.
type languageRow struct {
	writing
	Done     int
	Total    int
	Progress string
	Complete bool
	Foreign  bool // the program's own sentences are English on its pages
}

// translationPage is one translation beside the original.
type translationPage struct {
	frame
	draftHead
	Into     languageRow
	Groups   []textGroup
	Missing  []missingText
	Faults   int
	Notice   string // key of what has just happened
	Conflict bool
	By       string // who saved the draft in between
	File     string // as it was refused
	Refused  []string
}

type textGroup struct {
	Heading string
	Fields  []textField
}

// textField is one text and its translation. Stored is what another author has saved meanwhile.
type textField struct {
	ID       string
	Name     string
	Label    string
	Original string
	Value    string
	Rows     int
	Missing  bool
	Fault    string
	Stored   string
}

type missingText struct{ ID, Name string }

// textPrefix is in front of the key of a text in the name of its field.
const textPrefix = "t."

// offeredLanguages can be added by choosing: those the program speaks, and others of Europe and Asia.
func offeredLanguages() []string {
	return strings.Fields("ar bg bn ca cs da de el en es et fa fi fr ga he hi hr hu id is it ja ko lt lv mk ms mt nb nl pl pt pt-BR ro ru sk sl sq sr sv ta th tr uk ur vi zh-Hans zh-Hant")
}

func writingOf(tag string) writing {
	return writing{tag, nameOf(tag), direction(language.Make(tag))}
}

// openDraft finds the draft of the address, if it can still be written.
func (s *Server) openDraft(c *fiber.Ctx) (drafts.Draft, error) {
	d, err := s.draftOf(c)
	if err == nil && (d.Deleted || d.Published != 0) {
		return drafts.Draft{}, &surveys.Error{Kind: surveys.Conflict, Op: "web", Code: "draft_gone", Message: "This draft has been published or deleted."}
	}
	return d, err
}

// openDraftForm is openDraft for a form about it.
func (s *Server) openDraftForm(c *fiber.Ctx) (drafts.Draft, surveys.Form, error) {
	d, err := s.openDraft(c)
	if err != nil {
		return d, nil, err
	}
	form, err := staffForm(c)
	return d, form, err
}

func translationAddress(id drafts.ID, lang string) string {
	return draftAddress(id) + "/translations/" + url.PathEscape(lang)
}

func headOf(d drafts.Draft) draftHead {
	return draftHead{Draft: d.ID, Version: d.Version, Heading: strings.TrimSpace(d.Document.Title), Own: writingOf(d.Document.Language)}
}

func (s *Server) showTranslations(c *fiber.Ctx) error {
	d, err := s.openDraft(c)
	if err != nil {
		return err
	}
	return s.translationsOf(c, d, "")
}

func (s *Server) translationsOf(c *fiber.Ctx, d drafts.Draft, fault string) error {
	page := translationsPage{frame: s.frame(c, "translation_title", "surveys"), draftHead: headOf(d), Fault: fault}
	p := phrases{speech: page.speech}
	doc := d.Publishable()
	for _, lang := range doc.Languages()[1:] {
		page.Languages = append(page.Languages, s.languageRow(&p, &doc, lang))
	}
	for _, lang := range offeredLanguages() {
		if !slices.ContainsFunc(doc.Languages(), func(has string) bool { return strings.EqualFold(has, lang) }) {
			page.Offered = append(page.Offered, option{Value: lang, Text: nameOf(lang)})
		}
	}
	slices.SortFunc(page.Offered, func(a, b option) int { return strings.Compare(a.Text, b.Text) })
	if p.err != nil {
		return p.err
	}
	return s.page(c, "staff/translations", page)
}

func (s *Server) languageRow(p *phrases, doc *surveys.Document, lang string) languageRow {
	total, missing := len(translations.Texts(doc, lang)), len(translations.Missing(doc, lang))
	return languageRow{
		writing: writingOf(lang), Done: total - missing, Total: total, Complete: missing == 0,
		Foreign:  s.words.in(lang).Spoken == "en" && !strings.HasPrefix(strings.ToLower(lang), "en"),
		Progress: p.say("translation_progress", "Done", p.Number(total-missing), "Total", p.Number(total)),
	}
}

// addLanguage begins a translation. One that is there already is opened.
func (s *Server) addLanguage(c *fiber.Ctx) error {
	d, form, err := s.openDraftForm(c)
	if err != nil {
		return err
	}
	lang := exactly(offeredLanguages(), form.First("language"), "")
	if lang == "" || strings.EqualFold(lang, d.Document.Language) {
		c.Status(http.StatusUnprocessableEntity)
		return s.translationsOf(c, d, "translation_choose")
	}
	if _, there := d.Document.Translations[lang]; !there {
		_, err := drafts.Change(c.UserContext(), s.Store, d.ID, d.Version, s.stamp(c), func(d *drafts.Draft) {
			translations.Set(&d.Document, lang, nil)
		})
		if err != nil {
			return err
		}
	}
	return c.Redirect(translationAddress(d.ID, lang), http.StatusSeeOther)
}

func (s *Server) removeLanguage(c *fiber.Ctx) error {
	d, lang, form, err := s.openTranslationForm(c)
	if err != nil {
		return err
	}
	_, err = drafts.Change(c.UserContext(), s.Store, d.ID, versionOf(form), s.stamp(c), func(d *drafts.Draft) {
		translations.Remove(&d.Document, lang)
	})
	if err != nil {
		return err
	}
	return c.Redirect(draftAddress(d.ID)+"/translations", http.StatusSeeOther)
}

// versionOf is the version of the draft that a form was made from; 0 is none, and then nothing is stored.
func versionOf(form surveys.Form) int {
	version, err := strconv.Atoi(form.First("version"))
	if err != nil {
		return 0
	}
	return version
}

// openTranslation finds the draft of the address and one of its translations.
func (s *Server) openTranslation(c *fiber.Ctx) (drafts.Draft, string, error) {
	d, err := s.openDraft(c)
	if err != nil {
		return d, "", err
	}
	asked, err := url.PathUnescape(utils.CopyString(c.Params("lang")))
	if _, there := d.Document.Translations[asked]; err != nil || !there {
		return d, "", &surveys.Error{Kind: surveys.NotFound, Op: "web", Message: "This draft is not translated into that language."}
	}
	return d, asked, nil
}

// openTranslationForm is openTranslation for a form about it.
func (s *Server) openTranslationForm(c *fiber.Ctx) (drafts.Draft, string, surveys.Form, error) {
	d, lang, err := s.openTranslation(c)
	if err != nil {
		return d, "", nil, err
	}
	form, err := staffForm(c)
	return d, lang, form, err
}

func (s *Server) showTranslation(c *fiber.Ctx) error {
	d, lang, err := s.openTranslation(c)
	if err != nil {
		return err
	}
	page, err := s.translationPage(c, d, lang, nil)
	if err != nil {
		return err
	}
	page.Notice = map[string]string{"saved": "translation_saved", "imported": "translation_imported"}[c.Query("done")]
	return s.page(c, "staff/translation", page)
}

// postTranslation saves what was typed. If another author has saved the draft meanwhile, nothing is stored: the page shows
// what was typed with what is stored beside it, and saving it again takes what was typed.
func (s *Server) postTranslation(c *fiber.Ctx) error {
	d, lang, form, err := s.openTranslationForm(c)
	if err != nil {
		return err
	}
	typed := map[string]string{}
	for name, values := range form {
		if key, ok := strings.CutPrefix(name, textPrefix); ok {
			typed[key] = tidyText(values[0])
		}
	}
	page, err := s.translationPage(c, d, lang, typed)
	if err != nil {
		return err
	}
	if page.Faults > 0 {
		c.Status(http.StatusUnprocessableEntity)
		return s.page(c, "staff/translation", page)
	}
	stored, err := drafts.Change(c.UserContext(), s.Store, d.ID, versionOf(form), s.stamp(c), func(d *drafts.Draft) {
		translations.Set(&d.Document, lang, typed)
	})
	if surveys.KindOf(err) == surveys.Conflict && stored.ID != 0 && !stored.Deleted && stored.Published == 0 {
		page, failure := s.translationPage(c, stored, lang, typed)
		if failure != nil {
			return failure
		}
		page.Conflict, page.By = true, stored.Saved.By
		c.Status(http.StatusConflict)
		return s.page(c, "staff/translation", page)
	}
	if err != nil {
		return err
	}
	return c.Redirect(translationAddress(d.ID, lang)+"?done=saved", http.StatusSeeOther)
}

// tidyText is a text as it is kept: without the blanks around it, with line ends as everywhere else.
func tidyText(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n"))
}

// translationPage shows a translation: what was typed where something was, otherwise what is stored.
func (s *Server) translationPage(c *fiber.Ctx, d drafts.Draft, lang string, typed map[string]string) (translationPage, error) {
	page := translationPage{frame: s.frame(c, "translation_title", "surveys"), draftHead: headOf(d)}
	p := phrases{speech: page.speech}
	doc := d.Publishable()
	page.Into = s.languageRow(&p, &doc, lang)
	group := -2
	for i, text := range translations.Texts(&doc, lang) {
		if text.Question != group {
			group = text.Question
			page.Groups = append(page.Groups, textGroup{Heading: groupName(&p, &doc, group)})
		}
		f := textField{ID: "t-" + strconv.Itoa(i), Name: textPrefix + text.Key, Label: partName(&p, text), Original: text.Original, Value: text.Translation}
		f.Rows = 1 + min(8, max(utf8.RuneCountInString(text.Original)/60, strings.Count(text.Original, "\n")))
		if value, ok := typed[text.Key]; ok && value != text.Translation {
			f.Value, f.Stored = value, text.Translation
		}
		if n := utf8.RuneCountInString(f.Value); n > text.Longest {
			f.Fault = p.say("translation_too_long", "Count", p.Number(n), "Most", p.Number(text.Longest))
			page.Faults++
		}
		if strings.TrimSpace(f.Value) == "" {
			f.Missing = true
			page.Missing = append(page.Missing, missingText{f.ID, p.say("translation_where", "Group", page.Groups[len(page.Groups)-1].Heading, "Part", f.Label)})
		}
		last := &page.Groups[len(page.Groups)-1]
		last.Fields = append(last.Fields, f)
	}
	return page, p.err
}

func groupName(p *phrases, doc *surveys.Document, question int) string {
	if question < 0 {
		return p.say("translation_beginning")
	}
	return p.say("translation_question", "Number", p.Number(question+1))
}

func partName(p *phrases, t translations.Text) string {
	switch t.Part {
	case translations.Title:
		return p.say("translation_part_title")
	case translations.Intro:
		return p.say("translation_part_intro")
	case translations.Question:
		return p.say("translation_part_question")
	case translations.Help:
		return p.say("translation_part_help")
	case translations.Label:
		return p.say("translation_part_label", "Number", p.Number(t.Place+1))
	case translations.Option:
		return p.say("translation_part_option", "Number", p.Number(t.Place+1))
	}
	return string(t.Part)
}

// importFaults says what is wrong with a file, a sentence a line.
func importFaults(p *phrases, err error) []string {
	var known *surveys.Error
	if !errors.As(err, &known) || known.Kind != surveys.Invalid {
		return nil
	}
	var list []string
	for _, f := range known.Faults {
		list = append(list, p.say("translation_line", "Line", p.Number(f.Line), "What", p.fault("translation_fault_", f, "Key", shortened(f.Path))))
	}
	return list
}
