package web

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/promises"
)

// promiseForm is the form of a new promise, or of one that is edited.
type promiseForm struct {
	frame
	Action      string
	New         bool
	Heading     string
	Promise     promises.Promise // as typed
	Entry       promises.Entry   // of a new promise, as typed
	Said        changeField
	Answer      changeField
	Languages   []option
	Sources     []sourceGroup
	Source      string // the value of the chosen one
	Departments []option
	CanAll      bool // offer all departments
	Changes     []option
	Staff       []string
	Today       surveys.Day
	Faults      map[string]string // sentences by field
	Refused     string
	Theirs      *theirs
}

func (s *Server) showNewPromise(c *fiber.Ctx) error {
	f := s.frame(c, "promise_new_title", "promises")
	one := promises.Promise{Language: f.Spoken, Owner: f.User.Email, Shown: true, Everybody: !f.User.Limited, Source: readSource(utils.CopyString(c.Query("source")))}
	department, err := numberQuery(c, "department")
	if err != nil {
		return err
	}
	if id := surveys.DepartmentID(department); id != 0 {
		if !f.User.Sees(id) {
			return notYours()
		}
		one.Everybody, one.Departments = false, []surveys.DepartmentID{id}
	}
	change, err := numberQuery(c, "change")
	if err != nil {
		return err
	}
	one.Change = changes.ID(change)
	return s.promiseForm(c, f, one, promises.Entry{State: promises.Open}, nil, nil)
}

func (s *Server) postNewPromise(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "promise_new_title", "promises")
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	typed, err := s.typedPromise(c.UserContext(), f, form, promises.Promise{})
	if err != nil {
		return err
	}
	if f.User.Limited && !mayWritePromise(f.User, &typed) {
		return notYours()
	}
	entry := typedStep(form, promises.State(form.First("state")))
	made, err := promises.Make(c.UserContext(), s.Store, typed, entry, surveys.Stamp(s.stamp(c)), today)
	if err != nil {
		return s.refusePromise(c, f, typed, entry, nil, err)
	}
	s.boards.forget()
	audited(c).Subject = fmt.Sprintf("promise %d", made.ID)
	return seeOther(c, promiseAddress(made.ID))
}

// typedStep reads what becomes of a promise.
func typedStep(form surveys.Form, state promises.State) promises.Entry {
	return promises.Entry{State: state, On: typedDay(form.First("on")), Due: typedDay(form.First("due")), Note: tidy(form.First("note"))}
}

// promiseOf is the promise of the address, if this person may read it.
func (s *Server) promiseOf(c *fiber.Ctx) (promises.Promise, error) {
	id, err := pathID(c, "promise")
	if err != nil {
		return promises.Promise{}, err
	}
	one, err := promises.ByID(c.UserContext(), s.Store, promises.ID(id))
	if err == nil && !mayReadPromise(current(c).User, &one) {
		return promises.Promise{}, notYours()
	}
	return one, err
}

// writablePromise is the promise of the address, if this person may write it.
func (s *Server) writablePromise(c *fiber.Ctx) (promises.Promise, error) {
	one, err := s.promiseOf(c)
	if err == nil && !mayWritePromise(current(c).User, &one) {
		return promises.Promise{}, notYours()
	}
	return one, err
}

func (s *Server) showEditPromise(c *fiber.Ctx) error {
	one, err := s.writablePromise(c)
	if err != nil {
		return err
	}
	return s.promiseForm(c, s.frame(c, "promise_edit_title", "promises"), one, promises.Entry{}, nil, nil)
}

func (s *Server) postEditPromise(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	stored, err := s.writablePromise(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "promise_edit_title", "promises")
	typed, err := s.typedPromise(c.UserContext(), f, form, stored)
	if err != nil {
		return err
	}
	typed.ID, typed.Version, typed.History = stored.ID, versionOf(form), stored.History
	if f.User.Limited && len(typed.Departments) > 0 && !mayWritePromise(f.User, &typed) {
		return notYours()
	}
	saved, err := promises.Save(c.UserContext(), s.Store, typed, surveys.Stamp(s.stamp(c)))
	if err != nil {
		return s.refusePromise(c, f, typed, promises.Entry{}, &saved, err)
	}
	s.boards.forget()
	return seeOther(c, promiseAddress(saved.ID))
}

// typedPromise reads the form. What is no id of a department names none.
func (s *Server) typedPromise(ctx context.Context, f frame, form surveys.Form, stored promises.Promise) (promises.Promise, error) {
	one := promises.Promise{Text: promiseTextOf(form), Language: tidy(form.First("language")), Owner: tidy(form.First("owner")), Source: readSource(tidy(form.First("source"))),
		Everybody: form.First("everybody") == "yes", Shown: form.First("shown") != ""}
	if id, err := strconv.ParseInt(form.First("change"), 10, 64); err == nil {
		one.Change = changes.ID(id)
	}
	one.Departments = numbersIn[surveys.DepartmentID](form["department"])
	if sourceValue(one.Source) == sourceValue(stored.Source) {
		one.Source.Words = stored.Source.Words
		return one, nil
	}
	groups, err := s.sources(ctx, f)
	for _, g := range groups {
		for _, o := range g.Options {
			if o.Value == sourceValue(one.Source) {
				one.Source.Words = o.Text
			}
		}
	}
	return one, err
}

func promiseTextOf(form surveys.Form) promises.Text {
	return promises.Text{Said: tidy(form.First("said")), Answer: tidy(form.First("answer"))}
}

// refusePromise shows the form once more with everything that was typed: beside its faults, or beside what somebody else
// has saved meanwhile. Saving again then overwrites that knowingly.
func (s *Server) refusePromise(c *fiber.Ctx, f frame, typed promises.Promise, entry promises.Entry, stored *promises.Promise, refusal error) error {
	p := &phrases{speech: f.speech}
	faults, faulty := p.promiseFaults(refusal)
	if !faulty && (stored == nil || surveys.KindOf(refusal) != surveys.Conflict) {
		return refusal
	}
	var beside *theirs
	if !faulty {
		typed.Version = stored.Version
		names, err := s.departmentNames(c.UserContext())
		if err != nil {
			return err
		}
		titles, err := s.changeTitles(c)
		if err != nil {
			return err
		}
		beside = p.promiseTheirs(&typed, stored, names, titles)
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	return s.promiseForm(c, f, typed, entry, faults, beside)
}

// promiseFaults gives the sentences for what is wrong, by field; ok is false for an error that is not about one.
func (p *phrases) promiseFaults(err error) (map[string]string, bool) {
	return p.roomFaults("promise_fault_", err)
}

// promiseTheirs lists what differs between what is typed and what is stored.
func (p *phrases) promiseTheirs(typed, stored *promises.Promise, names map[surveys.DepartmentID]string, titles map[changes.ID]string) *theirs {
	at, err := p.Moment(stored.Saved.At)
	if err != nil && p.err == nil {
		p.err = err
	}
	t := &theirs{Lead: p.say("change_theirs", "Who", stored.Saved.By, "When", at)}
	add := func(key, mine, other string) {
		if strings.TrimSpace(mine) != strings.TrimSpace(other) {
			t.Pairs = append(t.Pairs, theirPair{p.say(key), other})
		}
	}
	add("promise_said", typed.Text.Said, stored.Text.Said)
	add("promise_answer", typed.Answer, stored.Answer)
	add("promise_source", sourceValue(typed.Source), sourceValue(stored.Source))
	add("change_departments", p.promisedTo(typed, names), p.promisedTo(stored, names))
	add("change_owner", typed.Owner, stored.Owner)
	add("promise_change", titles[typed.Change], titles[stored.Change])
	add("change_language", nameOf(typed.Language), nameOf(stored.Language))
	add("promise_shown", p.yesNo(typed.Shown), p.yesNo(stored.Shown))
	return t
}

func (s *Server) promiseForm(c *fiber.Ctx, f frame, one promises.Promise, entry promises.Entry, faults map[string]string, beside *theirs) error {
	p := &phrases{speech: f.speech}
	page := &promiseForm{frame: f, New: one.ID == 0, Action: "/promises/new", Heading: p.say("promise_new_title"), Promise: one, Entry: entry,
		Source: sourceValue(one.Source), CanAll: !f.User.Limited, Languages: languageOptions(s.words.names, one.Language), Faults: faults, Theirs: beside}
	if !page.New {
		page.Action, page.Heading = promiseAddress(one.ID)+"/edit", p.say("promise_edit_title")
	}
	if len(faults) > 0 {
		page.Refused = p.count("change_refused", len(faults))
	}
	fields := p.promiseTexts(one.Text, one.Language, faults)
	page.Said, page.Answer = fields[0], fields[1]
	if err := s.fillPromiseForm(c, page); err != nil {
		return err
	}
	return s.finish(c, "staff/promise_form", p, page)
}

// promiseTexts are the fields that are translated.
func (p *phrases) promiseTexts(t promises.Text, lang string, faults map[string]string) []changeField {
	return []changeField{
		{ID: "said", Label: p.say("promise_said"), Hint: p.say("promise_said_hint"), Value: t.Said, Fault: faults["said"], Lang: lang, Most: promises.LongestSaid, Rows: 3},
		{ID: "answer", Label: p.say("promise_answer"), Hint: p.say("promise_answer_hint"), Value: t.Answer, Fault: faults["answer"], Lang: lang, Most: promises.LongestAnswer, Rows: 3},
	}
}

// fillPromiseForm adds what the database has to offer: the day, people, departments, changes and sources.
func (s *Server) fillPromiseForm(c *fiber.Ctx, page *promiseForm) (err error) {
	if page.Today, err = s.today(c.UserContext()); err != nil {
		return err
	}
	if page.Staff, err = s.staffAddresses(c); err != nil {
		return err
	}
	departments, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	for _, d := range departments {
		chosen := slices.Contains(page.Promise.Departments, d.ID)
		if chosen || !d.Archived && page.User.Sees(d.ID) {
			page.Departments = append(page.Departments, option{idText(int64(d.ID)), d.Name, chosen})
		}
	}
	if page.Changes, err = s.changeChoices(c, page.Promise.Change, page.Faults["change"] == ""); err != nil {
		return err
	}
	if page.Sources, err = s.sources(c.UserContext(), page.frame); err != nil {
		return err
	}
	for _, g := range page.Sources {
		for i := range g.Options {
			if g.Options[i].Value == page.Source {
				g.Options[i].Selected = true
				return nil
			}
		}
	}
	if page.Source != "" && page.Faults["source"] == "" { // one that has gone, or that this person cannot choose
		text := page.Promise.Source.Words
		if text == "" {
			text = page.Promise.Source.Ref
		}
		p := &phrases{speech: page.speech}
		page.Sources = append(page.Sources, sourceGroup{p.say("promise_source_now"), []option{{page.Source, text, true}}})
		err = p.err
	}
	return err
}
