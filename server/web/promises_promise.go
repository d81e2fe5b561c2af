package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/promises"
)

// promisePage is one promise and what became of it.
type promisePage struct {
	frame
	Promise  promises.Promise
	Text     promises.Text // in the reader's language, if it is there
	Words    writing       // of Text
	Headline string
	CanWrite bool
	Late     bool
	Facts    []changeFact
	Source   pageLink // where it was said; without Href there is no page for it
	About    pageLink // the change it is about
	Heard    string   // address of the page on which those concerned read it; "" where they do not
	History  []stageLine
	Steps    []stepForm
	Texts    []textLine
	More     []option // languages to add
	Origin   string   // the language the promise is written in
	Today    surveys.Day
	Theirs   string // somebody has saved the promise meanwhile
}

// stepForm is the form of something that becomes of a promise, as typed.
type stepForm struct {
	Name   string // last part of its address
	Title  string
	Hint   string // about the note
	Due    bool   // asks for a day to come, else for one that has come
	Entry  promises.Entry
	Faults map[string]string
	Open   bool
}

// steps are what can become of a promise, by the last part of the address of the form.
func steps() map[string]promises.State {
	return map[string]promises.State{"keep": promises.Kept, "break": promises.Broken, "decline": promises.Declined, "postpone": promises.Open}
}

func (s *Server) showPromise(c *fiber.Ctx) error {
	one, err := s.promiseOf(c)
	if err != nil {
		return err
	}
	page, err := s.promisePage(c, one)
	if err != nil {
		return err
	}
	return s.page(c, "staff/promise", page)
}

func (s *Server) promisePage(c *fiber.Ctx, one promises.Promise) (*promisePage, error) {
	f := s.frame(c, "promise_title", "promises")
	p := &phrases{speech: f.speech}
	text, lang := one.In(p.Spoken)
	page := &promisePage{frame: f, Promise: one, Text: text, Words: writingOf(lang), CanWrite: mayWritePromise(f.User, &one), Origin: nameOf(one.Language)}
	var err error
	if page.Today, err = s.today(c.UserContext()); err != nil {
		return nil, err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return nil, err
	}
	page.Headline, page.Late = p.promiseStands(&one, page.Today)
	page.Facts = []changeFact{{p.say("change_departments"), p.promisedTo(&one, names)}, {p.say("change_owner"), one.Owner}, {p.say("promise_shown"), p.yesNo(one.Shown)}}
	for _, e := range slices.Backward(one.History) {
		line := stageLine{Stage: p.say("promise_state_" + string(e.State)), Date: p.date(e.On.Time()), Reason: e.Note, Said: p.say("change_said", "Who", e.Said.By, "Date", p.date(e.Said.At))}
		if e.State == promises.Open {
			line.Stage = p.say("promise_due", "Date", p.date(e.Due.Time()))
		}
		page.History = append(page.History, line)
	}
	page.Steps = p.steps(one.Now(), page.Today)
	page.Texts, page.More = s.languagesOf(one.Languages(), func(lang string) bool { return one.Translations[lang].Outdated })
	if one.Shown {
		page.Heard = heardAddress(&one, p.Spoken)
	}
	if page.Source, err = s.sourceLink(c, p, one.Source); err != nil {
		return nil, err
	}
	titles, err := s.changeTitles(c)
	if err != nil {
		return nil, err
	}
	if title := titles[one.Change]; title != "" {
		page.About = pageLink{changeAddress(one.Change), title}
	}
	return page, p.err
}

// heardAddress is the public page with the promises of the department that one was made to, or of all.
func heardAddress(one *promises.Promise, lang string) string {
	query := url.Values{"lang": {lang}}
	if !one.Everybody && len(one.Departments) > 0 {
		query.Set("department", idText(int64(one.Departments[0])))
	}
	return "/heard?" + query.Encode()
}

// steps offers what can become of a promise that stands so, in the order in which it is likely.
func (p *phrases) steps(now promises.Entry, today surveys.Day) (list []stepForm) {
	for _, name := range []string{"keep", "postpone", "break", "decline"} {
		if state := steps()[name]; now.State.May(state) {
			list = append(list, stepForm{Name: name, Title: p.say("promise_step_" + name), Hint: p.say("promise_step_" + name + "_hint"), Due: state == promises.Open,
				Entry: promises.Entry{State: state, On: today}})
		}
	}
	return list
}

// postStep appends to the history of a promise.
func (s *Server) postStep(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	one, err := s.writablePromise(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	path := utils.CopyString(c.Path())
	name := path[strings.LastIndex(path, "/")+1:]
	entry := typedStep(form, steps()[name])
	stored, refusal := promises.Step(c.UserContext(), s.Store, one.ID, versionOf(form), entry, surveys.Stamp(s.stamp(c)), today)
	if refusal == nil {
		s.boards.forget()
		return seeOther(c, promiseAddress(one.ID))
	}
	p := &phrases{speech: s.frame(c, "", "").speech}
	faults, faulty := p.promiseFaults(refusal)
	if !faulty && surveys.KindOf(refusal) != surveys.Conflict {
		return refusal
	}
	page, err := s.promisePage(c, stored)
	if err != nil {
		return err
	}
	for i := range page.Steps {
		if step := &page.Steps[i]; step.Name == name {
			step.Entry, step.Faults, step.Open = entry, faults, true
		}
	}
	page.Theirs = faults["state"]
	if !faulty {
		page.Theirs = p.promiseTheirs(&stored, &stored, nil, nil).Lead
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	return s.page(c, "staff/promise", page)
}

// promiseTextPage is a promise in one more language, beside the original.
type promiseTextPage struct {
	textPage
	Promise promises.Promise
}

func (s *Server) promiseTextPage(c *fiber.Ctx, one promises.Promise, lang string, typed promises.Text, faults map[string]string) (*promiseTextPage, error) {
	f := s.frame(c, "promise_text_title", "promises")
	p := &phrases{speech: f.speech}
	stored, exists := one.Translations[lang]
	back := promiseAddress(one.ID)
	page := &promiseTextPage{textPage{frame: f, Words: writingOf(lang), Exists: exists, Stale: stored.Outdated, Version: one.Version, Action: textAddress(back, lang), Back: back,
		Heading: p.say("promise_text_heading", "Language", nameOf(lang)),
		Fields:  p.promiseTexts(typed, lang, faults), Origin: p.promiseTexts(one.Text, one.Language, nil)}, one}
	return page, p.err
}

// showNewPromiseText leads to the language that was chosen from the list.
func (s *Server) showNewPromiseText(c *fiber.Ctx) error {
	one, err := s.writablePromise(c)
	if err != nil {
		return err
	}
	return seeText(c, promiseAddress(one.ID))
}

func (s *Server) showPromiseText(c *fiber.Ctx) error {
	one, err := s.writablePromise(c)
	if err != nil {
		return err
	}
	lang, err := textLanguage(c, one.Language)
	if err != nil {
		return err
	}
	page, err := s.promiseTextPage(c, one, lang, one.Translations[lang].Text, nil)
	if err != nil {
		return err
	}
	return s.page(c, "staff/promise_text", page)
}

func (s *Server) postPromiseText(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	one, err := s.writablePromise(c)
	if err != nil {
		return err
	}
	lang, err := textLanguage(c, one.Language)
	if err != nil {
		return err
	}
	typed := promiseTextOf(form)
	stored, refusal := promises.Translate(c.UserContext(), s.Store, one.ID, versionOf(form), lang, typed, surveys.Stamp(s.stamp(c)))
	if refusal == nil {
		s.boards.forget()
		return seeOther(c, promiseAddress(one.ID)+"#languages")
	}
	p := &phrases{speech: s.frame(c, "", "").speech}
	faults, faulty := p.promiseFaults(refusal)
	if !faulty && surveys.KindOf(refusal) != surveys.Conflict {
		return refusal
	}
	page, err := s.promiseTextPage(c, stored, lang, typed, faults)
	if err != nil {
		return err
	}
	if faulty {
		page.Refused = p.count("change_refused", len(faults))
	} else {
		mine, other := stored, stored
		mine.Text, other.Text = typed, stored.Translations[lang].Text
		page.Theirs = p.promiseTheirs(&mine, &other, nil, nil)
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	return s.page(c, "staff/promise_text", page)
}
