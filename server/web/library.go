package web

import (
	"fmt"
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/drafts"
	"soundings/surveys/library"
)

// libraryPage lists the surveys that come with the program.
type libraryPage struct {
	frame
	Cards []libraryCard
}

// libraryCard is what one needs to know before choosing a survey of the library.
type libraryCard struct {
	Name       string
	Heading    string
	Words      writing // of the heading and the questions
	About      library.About
	Questions  string
	Minutes    string
	Constructs string
	Languages  string
}

// libraryPaper is one survey of the library, question by question.
type libraryPaper struct {
	frame
	libraryCard
	Intro string
	Items []paperItem
}

// paperItem is one question as its author sees it on paper.
type paperItem struct {
	Text      string
	Help      string
	Kind      string
	Construct string
	Reversed  bool
	Options   []string
	Condition string
}

func (s *Server) showLibrary(c *fiber.Ctx) error {
	all, err := library.All()
	if err != nil {
		return err
	}
	page := libraryPage{frame: s.frame(c, "library_title", "library")}
	p := phrases{speech: page.speech}
	for _, survey := range all {
		page.Cards = append(page.Cards, cardOf(&p, survey))
	}
	if p.err != nil {
		return p.err
	}
	return s.page(c, "staff/library", page)
}

func cardOf(p *phrases, survey library.Survey) libraryCard {
	doc := survey.Document
	words := writingOf(exactly(doc.Languages(), p.Spoken, doc.Language))
	return libraryCard{
		Name: survey.Name, Heading: textsOf(doc, words.Tag).title(), Words: words, About: survey.About(p.Spoken),
		Questions:  p.count("library_questions", len(doc.Questions)),
		Minutes:    p.count("library_minutes", doc.Minutes()),
		Constructs: constructNames(p, doc),
		Languages:  languageNames(p, doc.Languages()),
	}
}

func constructNames(p *phrases, doc *surveys.Document) string {
	var names []string
	for _, id := range doc.ConstructIDs() {
		names = append(names, constructName(p, doc, id))
	}
	return p.allOf(names)
}

// constructName is a construct as people know it: the program's own two are named in the reader's language.
func constructName(p *phrases, doc *surveys.Document, id string) string {
	for _, c := range doc.Constructs {
		if c.ID == id {
			return c.Name
		}
	}
	return p.measure(id)
}

func languageNames(p *phrases, langs []string) string {
	names := make([]string, len(langs))
	for i, lang := range langs {
		names[i] = nameOf(lang)
	}
	return p.allOf(names)
}

func (s *Server) showLibrarySurvey(c *fiber.Ctx) error {
	survey, err := library.Find(utils.CopyString(c.Params("name")))
	if err != nil {
		return err
	}
	page := libraryPaper{frame: s.frame(c, "library_title", "library")}
	p := phrases{speech: page.speech}
	page.libraryCard = cardOf(&p, survey)
	texts := textsOf(survey.Document, page.Words.Tag)
	page.Intro = texts.intro()
	page.Items = paper(&p, survey.Document, texts)
	if p.err != nil {
		return p.err
	}
	return s.page(c, "staff/library_survey", page)
}

// paper writes the questions of a document down, with all that respondents do not see.
func paper(p *phrases, doc *surveys.Document, texts texts) []paperItem {
	var items []paperItem
	for i := range doc.Questions {
		q := &doc.Questions[i]
		item := paperItem{Text: texts.text(q), Help: texts.help(q), Kind: kindName(p, q), Reversed: q.Reversed}
		if q.Construct != "" {
			item.Construct = constructName(p, doc, q.Construct)
		}
		for _, o := range q.Options {
			item.Options = append(item.Options, texts.option(q, o))
		}
		for i := range q.Labels {
			item.Options = append(item.Options, texts.label(q, i))
		}
		if q.Other {
			item.Options = append(item.Options, p.say("library_other"))
		}
		if q.ShowIf != nil {
			if on, ok := doc.Question(q.ShowIf.Question); ok {
				item.Condition = texts.text(on)
			}
		}
		items = append(items, item)
	}
	return items
}

func kindName(p *phrases, q *surveys.Question) string {
	switch q.Kind {
	case surveys.Scale:
		return p.count("library_kind_scale", q.Points)
	case surveys.Recommend:
		return p.say("library_kind_recommend")
	case surveys.Choice:
		return p.say("library_kind_choice")
	case surveys.Choices:
		return p.say("library_kind_choices")
	case surveys.Ranking:
		return p.say("library_kind_ranking")
	case surveys.Text:
		return p.say("library_kind_text")
	}
	return string(q.Kind)
}

// useLibrarySurvey begins a draft with a survey of the library and leads to the editor.
func (s *Server) useLibrarySurvey(c *fiber.Ctx) error {
	survey, err := library.Find(utils.CopyString(c.Params("name")))
	if err != nil {
		return err
	}
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	doc := *survey.Document
	if doc.Purpose == surveys.AboutChange {
		doc.Change = form.First("change")
	}
	d, err := drafts.Create(c.UserContext(), s.Store, 0, doc, s.stamp(c))
	if err != nil {
		return err
	}
	audited(c).Subject = fmt.Sprintf("draft %d", d.ID)
	return c.Redirect(draftAddress(d.ID), http.StatusSeeOther)
}
