package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/decisions"
	"soundings/surveys/promises"
)

// decisionPage is one decision: what was asked, what the departments answered, and what was decided.
type decisionPage struct {
	frame
	Change   changeName
	Decision decisions.Decision
	Heading  string
	Words    writing // of heading, about and options
	Lead     string
	Late     bool
	About    string
	Options  []string
	CanWrite bool
	Outcomes []outcomeLine
	Unmade   string // departments for which nothing is decided yet
	Result   *decisionResult
	Earlier  []pageLink // results of the waves before
	Running  *pageLink  // the wave that is asking now
	Plan     *pageLink  // the form of a wave of the survey that asks it
	Drafts   []pageLink // that ask it
	Ask      *askForm   // nil for those who may not, and for what is withdrawn
	Decide   *decideForm
	Withdraw *withdrawForm
	History  []stageLine // newest first
	Facts    []changeFact
	Public   string // address of the page on which those concerned read it; "" where they do not
	Promise  string // address of the form of a promise about it; "" for those who may not
	Texts    []textLine
	More     []option // languages to add
	Origin   string   // the language the decision is written in
	Refused  string   // how many fields of the form that was sent need another look
	Theirs   string   // somebody has saved the decision meanwhile
}

// decisionResult is how the newest wave that has closed answered.
type decisionResult struct {
	Crumb  string
	Href   string // of the question among the results of the wave
	Most   string // what most chose
	Figure *figure
	Spread spreadTable
	Note   string
}

// decideForm is the form of an outcome, as typed.
type decideForm struct {
	Departments []option // 0 is all
	Options     []option
	Entry       decisions.Entry
	Asked       bool
	Open        bool
	Today       surveys.Day
	Faults      map[string]string
}

// withdrawForm is the form of a withdrawal, as typed.
type withdrawForm struct {
	Reason, Fault string
	Open          bool
}

func (s *Server) showDecision(c *fiber.Ctx) error {
	m, err := s.decisionOf(c)
	if err != nil {
		return err
	}
	page, err := s.decisionPage(c, m)
	if err != nil {
		return err
	}
	return s.page(c, "staff/decision", page)
}

func (s *Server) decisionPage(c *fiber.Ctx, m *matter) (*decisionPage, error) {
	f := s.frame(c, "decision_title_page", "changes")
	p := &phrases{speech: f.speech}
	text, lang := m.In(p.Spoken)
	page := &decisionPage{frame: f, Change: p.changeName(m.change), Decision: m.Decision, Heading: text.Title, Words: writingOf(lang), About: text.About,
		CanWrite: mayWriteDecision(f.User, &m.Decision), Origin: nameOf(m.Language)}
	page.Lead, page.Late = p.decisionStands(m)
	for _, o := range m.Options {
		page.Options = append(page.Options, p.optionOf(o, text))
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return nil, err
	}
	if page.Outcomes, err = p.outcomeLines(c.UserContext(), m, f.User, names); err != nil {
		return nil, err
	}
	if len(page.Outcomes) == 1 {
		page.Lead = p.say("decision_stands_decided_as", "Option", page.Outcomes[0].Option, "Wished", page.Outcomes[0].Wished)
	}
	page.Unmade = p.unmade(m, f, names)
	page.Facts = []changeFact{{p.say("decision_kind"), p.say("decision_kind_" + string(m.Kind))}, {p.say("decision_departments"), p.decides(m, names)}, {p.say("decision_question"), m.Question()}}
	page.History = p.decisionHistory(m, f.User, names)
	if page.Result, err = s.decisionResult(c, p, m); err != nil {
		return nil, err
	}
	p.ways(page, m)
	if err := s.decisionForms(c, p, page, m, names); err != nil {
		return nil, err
	}
	page.Texts, page.More = s.languagesOf(m.Languages(), func(lang string) bool { return m.Translations[lang].Outdated })
	return page, p.err
}

// unmade names the departments that somebody sees for which nothing is decided, where something is for others.
func (p *phrases) unmade(m *matter, f frame, names map[surveys.DepartmentID]string) string {
	var list []string
	for _, id := range m.Departments {
		if _, ok := m.Outcome(id); !ok && f.User.Sees(id) {
			list = append(list, names[id])
		}
	}
	switch outcomes := m.Outcomes(); {
	case len(outcomes) == 0 || outcomes[0].Department == 0:
		return ""
	case m.Everybody:
		return p.say("decision_unmade_rest")
	case len(list) == 0:
		return ""
	}
	slices.Sort(list)
	return p.say("decision_unmade", "Departments", p.both(list))
}

// decisionHistory is what happened, as far as somebody may read it: an outcome for a department that is not theirs is not
// theirs either.
func (p *phrases) decisionHistory(m *matter, u accounts.User, names map[surveys.DepartmentID]string) (lines []stageLine) {
	for _, e := range slices.Backward(m.History) {
		if e.Department != 0 && !u.Sees(e.Department) {
			continue
		}
		line := stageLine{Stage: p.say("decision_state_" + string(e.State)), Date: p.date(e.On.Time()), Reason: e.Reason, Said: p.say("change_said", "Who", e.Said.By, "Date", p.date(e.Said.At))}
		switch e.State {
		case decisions.Decided:
			option, _ := p.decidedText(m, e)
			line.Stage = p.say("decision_decided_for", "Option", option, "Departments", p.decidedFor(m, e, names))
		case decisions.Asked:
			line.Stage = p.say("decision_asked_in", "Survey", e.Words)
		case decisions.Open, decisions.Withdrawn:
		}
		lines = append(lines, line)
	}
	return lines
}

// decisionResult is how departments answered in the newest wave that has closed, as the page of the question tells it, of
// those that decide; nil where none has.
func (s *Server) decisionResult(c *fiber.Ctx, p *phrases, m *matter) (*decisionResult, error) {
	if len(m.closed) == 0 {
		return nil, nil
	}
	v, err := s.resultsView(c)
	if err != nil {
		return nil, err
	}
	if err := v.read(c.UserContext(), analytics.WaveQuery{Wave: m.closed[0].ID, By: analytics.ByDepartment}); err != nil {
		return nil, err
	}
	measured, ok := v.res.Measure("", m.Question())
	if !ok {
		return nil, nil
	}
	v.order = slices.DeleteFunc(v.order, func(i int) bool { return !m.Asks(v.res.Units[i].Department.ID) })
	r := &decisionResult{Crumb: v.crumb(), Href: v.address("/questions/" + url.PathEscape(m.Question())), Figure: v.questionFigure(measured), Spread: v.spreadTable(measured), Note: v.compared(measured)}
	wish, err := m.wish(c.UserContext(), func(d surveys.DepartmentID) bool {
		return m.Asks(d) && m.change.Concerns(d) && v.frame.User.Sees(d)
	})
	r.Most = p.chosenMost(m, wish)
	return r, cmp.Or(err, v.err)
}

// chosenMost says what most chose, with its number, among the departments that are shown.
func (p *phrases) chosenMost(m *matter, w analytics.Wish) string {
	o, ok := m.Option(w.Option)
	switch {
	case w.Tied:
		return p.say("decision_most_tied")
	case !ok:
		return p.say("decision_most_untold")
	}
	text, _ := m.In(p.Spoken)
	key := "decision_most_often"
	if w.Majority() {
		key = "decision_most"
	}
	return p.say(key, "Option", p.optionOf(o, text), "Share", p.count("results_of_n", w.N, "Answers", p.Number(w.Share.Count)))
}

// ways leads to where it is asked.
func (p *phrases) ways(page *decisionPage, m *matter) {
	for _, w := range m.closed[min(1, len(m.closed)):] {
		page.Earlier = append(page.Earlier, pageLink{resultsAddress(w.ID, "/questions/"+url.PathEscape(m.Question()), nil), w.Label})
	}
	if m.running != nil {
		page.Running = &pageLink{fmt.Sprintf("/waves/%d", m.running.ID), m.running.Label}
	}
	if m.planned != nil && page.May("run waves") {
		q := url.Values{"survey": {idText(int64(m.planned.ID))}}
		for _, d := range m.Departments {
			q.Add("department", idText(int64(d)))
		}
		page.Plan = &pageLink{"/waves/new?" + q.Encode(), p.titled(m.planned.Newest.Document).Text}
	}
	if page.May("edit surveys") {
		for _, d := range m.drafts {
			page.Drafts = append(page.Drafts, pageLink{draftAddress(d.ID), p.draftTitled(&d)})
		}
	}
	if m.change.Public {
		page.Public = aboutAddress(m.change, p.Spoken)
	}
	if page.May("converse") {
		page.Promise = promiseAbout(decisionSource(&m.Decision), 0) + "&change=" + idText(int64(m.Change))
	}
}

func decisionSource(d *decisions.Decision) promises.Source {
	return promises.Source{Kind: promises.Decision, Ref: d.Name}
}

// decisionForms adds the forms that this person may send.
func (s *Server) decisionForms(c *fiber.Ctx, p *phrases, page *decisionPage, m *matter, names map[surveys.DepartmentID]string) (err error) {
	if m.Now().State == decisions.Withdrawn {
		return nil
	}
	if page.CanWrite {
		page.Withdraw = &withdrawForm{}
		if page.Ask, err = p.askForm(m); err != nil {
			return err
		}
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	form := &decideForm{Today: today, Entry: decisions.Entry{On: today}, Asked: m.running != nil || len(m.closed) > 0, Open: len(m.closed) > 0 && len(m.Outcomes()) == 0}
	for id, name := range names {
		if m.Asks(id) && m.change.Concerns(id) && mayDecide(page.User, &m.Decision, id) {
			form.Departments = append(form.Departments, option{Value: idText(int64(id)), Text: name})
		}
	}
	slices.SortFunc(form.Departments, func(a, b option) int { return cmp.Compare(a.Text, b.Text) })
	if mayDecide(page.User, &m.Decision, 0) {
		form.Departments = slices.Insert(form.Departments, 0, option{Value: "0", Text: p.say("decision_for_all", "Departments", p.decides(m, names))})
	}
	if len(form.Departments) == 0 {
		return nil
	}
	text, _ := m.In(p.Spoken)
	for _, o := range m.Options {
		form.Options = append(form.Options, option{Value: o.ID, Text: p.optionOf(o, text)})
	}
	page.Decide = form
	return nil
}

// again shows what was typed once more.
func (f *decideForm) again(e decisions.Entry, faults map[string]string) {
	f.Entry, f.Faults, f.Open = e, faults, true
	for i := range f.Departments {
		f.Departments[i].Selected = f.Departments[i].Value == idText(int64(e.Department))
	}
}

func (s *Server) postDecisionOutcome(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	m, err := s.decisionOf(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	e := decisions.Entry{Option: tidy(form.First("outcome")), Words: tidy(form.First("words")), Reason: tidy(form.First("reason")), On: typedDay(form.First("on")), Unasked: form.First("unasked") != ""}
	if id, err := strconv.ParseInt(form.First("department"), 10, 64); err == nil {
		e.Department = surveys.DepartmentID(id)
	}
	if !mayDecide(current(c).User, &m.Decision, e.Department) {
		return notYours()
	}
	stored, refusal := decisions.Decide(c.UserContext(), s.Store, m.ID, versionOf(form), e, surveys.Stamp(s.stamp(c)), today)
	if refusal == nil {
		return seeOther(c, decisionAddress(&m.Decision))
	}
	return s.refuseStep(c, m, stored, refusal, func(page *decisionPage, faults map[string]string) {
		if page.Decide != nil {
			page.Decide.again(e, faults)
		}
	})
}

func (s *Server) postDecisionWithdraw(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	m, err := s.writableDecision(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	why := tidy(form.First("why"))
	stored, refusal := decisions.Withdraw(c.UserContext(), s.Store, m.ID, versionOf(form), why, surveys.Stamp(s.stamp(c)), today)
	if refusal == nil {
		return seeOther(c, decisionAddress(&m.Decision))
	}
	return s.refuseStep(c, m, stored, refusal, func(page *decisionPage, faults map[string]string) {
		if page.Withdraw != nil {
			*page.Withdraw = withdrawForm{why, faults["why"], true}
		}
	})
}

// refuseStep shows the page once more with what was typed in one of its forms, which again puts there.
func (s *Server) refuseStep(c *fiber.Ctx, m *matter, stored decisions.Decision, refusal error, again func(page *decisionPage, faults map[string]string)) error {
	p := &phrases{speech: s.frame(c, "", "").speech}
	faults, faulty := p.decisionFaults(refusal)
	if !faulty && surveys.KindOf(refusal) != surveys.Conflict || stored.ID == 0 {
		return refusal
	}
	now, err := s.matter(c.UserContext(), m.change, stored)
	if err != nil {
		return err
	}
	page, err := s.decisionPage(c, now)
	if err != nil {
		return err
	}
	again(page, faults)
	if faulty {
		page.Refused = p.count("change_refused", len(faults))
	} else {
		page.Theirs = p.decisionTheirs(now, now, nil).Lead
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	return s.page(c, "staff/decision", page)
}
