package web

import (
	"context"
	"fmt"
	"slices"

	"soundings/analytics"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/changes"
	"soundings/surveys/decisions"
	"soundings/surveys/drafts"
)

// matter is a decision with what was asked about it.
type matter struct {
	decisions.Decision
	change  *changes.Change
	asked   map[surveys.SurveyID]bool // whose waves ask, or have asked
	running *analytics.Wave           // the newest wave that is asking now; nil for none
	closed  []analytics.Wave          // those that have asked, the newest first
	answers *answers                  // what was answered in them
	planned *catalog.Survey           // published, and no wave of it has asked yet; nil for none
	drafts  []drafts.Draft            // that ask it
	written []drafts.Draft            // all that are being written about the change
}

// answers reads what was answered in waves, each once for all decisions that it asked.
type answers struct {
	results *analytics.Reader
	waves   []analytics.Wave // all there are, the oldest first
	known   map[surveys.WaveID]*analytics.WaveResults
}

func (s *Server) answers(ctx context.Context) (*answers, error) {
	waves, err := s.Results.Waves(ctx, 0)
	return &answers{s.Results, waves, map[surveys.WaveID]*analytics.WaveResults{}}, err
}

// of is what a wave was answered, by department.
func (a *answers) of(ctx context.Context, wave surveys.WaveID) (*analytics.WaveResults, error) {
	if res := a.known[wave]; res != nil {
		return res, nil
	}
	res, err := a.results.WaveResults(ctx, analytics.WaveQuery{Wave: wave, By: analytics.ByDepartment})
	if err == nil {
		a.known[wave] = res
	}
	return res, err
}

// mayReadDecision reports whether somebody who may read about the change may read a decision of it.
func mayReadDecision(u accounts.User, d *decisions.Decision) bool {
	return u.SeesSome(d.Everybody, d.Departments)
}

// mayWriteDecision reports whether somebody may write a decision, ask it and withdraw it: of those limited to departments,
// nobody whose words would reach others too.
func mayWriteDecision(u accounts.User, d *decisions.Decision) bool {
	return u.Role.May(accounts.EditSurveys) && u.SeesAll(d.Everybody, d.Departments)
}

// mayDecide reports whether somebody may write down what was decided for a department, or, with 0, for all.
func mayDecide(u accounts.User, d *decisions.Decision, department surveys.DepartmentID) bool {
	if department != 0 {
		return u.Role.May(accounts.EditSurveys) && u.Sees(department)
	}
	return mayWriteDecision(u, d)
}

// inWaves finds the waves that asked about decisions of a change: all that is told outside of staff pages.
func (a *answers) inWaves(change *changes.Change, list []decisions.Decision) []matter {
	made := make([]matter, len(list))
	for i, d := range list {
		m := &made[i]
		m.Decision, m.change, m.asked, m.answers = d, change, map[surveys.SurveyID]bool{}, a
		for _, w := range slices.Backward(a.waves) {
			if m.IsAskedBy(w.Questionnaire.Document, change.Name) {
				m.took(w)
			}
		}
	}
	return made
}

// matters finds what was asked about decisions of a change, and what is written to ask it.
func (s *Server) matters(ctx context.Context, change *changes.Change, list []decisions.Decision) ([]matter, error) {
	if len(list) == 0 {
		return nil, nil
	}
	asked, err := s.answers(ctx)
	if err != nil {
		return nil, err
	}
	published, err := s.Catalog.List(ctx)
	if err != nil {
		return nil, err
	}
	written, err := drafts.List(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	written = slices.DeleteFunc(written, func(d drafts.Draft) bool { return d.Document.Change != change.Name })
	made := asked.inWaves(change, list)
	for i := range made {
		m := &made[i]
		m.written = written
		for j := range published {
			if one := &published[j]; m.IsAskedBy(one.Newest.Document, change.Name) && !m.asked[one.ID] {
				m.planned = one
			}
		}
		for _, one := range written {
			if m.IsAskedBy(&one.Document, change.Name) && !m.asked[one.Survey] {
				m.drafts = append(m.drafts, one)
			}
		}
	}
	return made, nil
}

// took notes a wave that asks or has asked.
func (m *matter) took(w analytics.Wave) {
	m.asked[w.Survey] = true
	switch {
	case w.State == surveys.Closed:
		m.closed = append(m.closed, w)
	case m.running == nil:
		m.running = &w
	}
}

// concerns reports whether an outcome in force is the one of a department.
func (m *matter) concerns(e decisions.Entry) func(surveys.DepartmentID) bool {
	return func(d surveys.DepartmentID) bool {
		own, ok := m.Outcome(d)
		return ok && own.Department == e.Department && m.Asks(d) && m.change.Concerns(d)
	}
}

// wished tells what the departments that an outcome is for chose most, of those that somebody sees.
func (m *matter) wished(ctx context.Context, e decisions.Entry, sees func(surveys.DepartmentID) bool) (analytics.Wish, error) {
	of := m.concerns(e)
	return m.wish(ctx, func(d surveys.DepartmentID) bool { return of(d) && sees(d) })
}

// wish tells what departments chose most in the waves that have closed.
func (m *matter) wish(ctx context.Context, of func(surveys.DepartmentID) bool) (analytics.Wish, error) {
	newest := make([]*analytics.WaveResults, len(m.closed))
	for i, w := range m.closed {
		var err error
		if newest[i], err = m.answers.of(ctx, w.ID); err != nil {
			return analytics.Wish{}, err
		}
	}
	return analytics.Wished(newest, m.Question(), of), nil
}

// decisionsCard is what a change leaves open, on its page.
type decisionsCard struct {
	Headline string
	Lines    []decisionLine
	New      string // address of the form of a new one; "" for those who may not
}

// decisionLine is one decision among others.
type decisionLine struct {
	Href, Title, Lang string
	Kind              string
	Stands            string
	Late              bool
	Outcomes          []outcomeLine
}

// outcomeLine is what was decided for some departments, and whether it is what they wished.
type outcomeLine struct {
	For    string // the departments
	Option string
	Wished string
	Reason string
	Date   string
	Lang   string // of option and reason
}

func decisionAddress(d *decisions.Decision) string {
	return fmt.Sprintf("%s/decisions/%d", changeAddress(d.Change), d.ID)
}

// decisionsFor lists the decisions of a change that somebody may read, with what was asked about them.
func (s *Server) decisionsFor(ctx context.Context, u accounts.User, change *changes.Change) ([]matter, error) {
	list, err := decisions.Of(ctx, s.Store, change.ID)
	if err != nil {
		return nil, err
	}
	return s.matters(ctx, change, slices.DeleteFunc(list, func(d decisions.Decision) bool { return !mayReadDecision(u, &d) }))
}

// changeDecisions is the card of a change's page.
func (s *Server) changeDecisions(ctx context.Context, f frame, p *phrases, change *changes.Change, names map[surveys.DepartmentID]string) (*decisionsCard, error) {
	list, err := s.decisionsFor(ctx, f.User, change)
	if err != nil {
		return nil, err
	}
	card := &decisionsCard{}
	made, open := 0, 0
	for i := range list {
		m := &list[i]
		switch m.Now().State {
		case decisions.Decided:
			made++
		case decisions.Open, decisions.Asked:
			open++
		case decisions.Withdrawn:
		}
		line, err := p.decisionLine(ctx, f, m, names)
		if err != nil {
			return nil, err
		}
		card.Lines = append(card.Lines, line)
	}
	card.Headline = p.decisionsHeadline(made, open)
	if f.User.Role.May(accounts.EditSurveys) && !change.Now().Stage.Ended() {
		card.New = changeAddress(change.ID) + "/decisions/new"
	}
	return card, p.err
}

func (p *phrases) decisionsHeadline(made, open int) string {
	switch {
	case made+open == 0:
		return p.say("decisions_none")
	case open == 0:
		return p.count("decisions_all_made", made)
	case made == 0:
		return p.count("decisions_all_open", open)
	}
	return p.say("decisions_some", "Made", p.count("decisions_made", made), "Open", p.count("decisions_open", open))
}

func (p *phrases) decisionLine(ctx context.Context, f frame, m *matter, names map[surveys.DepartmentID]string) (decisionLine, error) {
	text, lang := m.In(p.Spoken)
	line := decisionLine{Href: decisionAddress(&m.Decision), Title: text.Title, Lang: lang, Kind: p.say("decision_kind_" + string(m.Kind))}
	line.Stands, line.Late = p.decisionStands(m)
	var err error
	line.Outcomes, err = p.outcomeLines(ctx, m, f.User, names)
	return line, err
}

// outcomeLines are the outcomes in force that somebody may read: that for all, then those of single departments.
func (p *phrases) outcomeLines(ctx context.Context, m *matter, u accounts.User, names map[surveys.DepartmentID]string) (lines []outcomeLine, err error) {
	for _, e := range m.Outcomes() {
		if e.Department != 0 && !u.Sees(e.Department) {
			continue
		}
		wish, err := m.wished(ctx, e, u.Sees)
		if err != nil {
			return nil, err
		}
		line := outcomeLine{For: p.decidedFor(m, e, names), Wished: p.say("decision_wished_" + asWished(e, wish)), Reason: e.Reason, Date: p.date(e.On.Time())}
		line.Option, line.Lang = p.decidedText(m, e)
		lines = append(lines, line)
	}
	return lines, p.err
}

// decidedFor names the departments that an outcome is for.
func (p *phrases) decidedFor(m *matter, e decisions.Entry, names map[surveys.DepartmentID]string) string {
	if e.Department != 0 {
		return names[e.Department]
	}
	return p.decides(m, names)
}

// decides names the departments that decide.
func (p *phrases) decides(m *matter, names map[surveys.DepartmentID]string) string {
	if m.Everybody {
		return p.concerned(m.change, names)
	}
	list := make([]string, len(m.Departments))
	for i, d := range m.Departments {
		list[i] = names[d]
	}
	slices.Sort(list)
	return p.both(list)
}

// decidedText is what was decided, in the reader's language if it is there.
func (p *phrases) decidedText(m *matter, e decisions.Entry) (text, lang string) {
	if o, ok := m.Option(e.Option); ok {
		texts, lang := m.In(p.Spoken)
		return p.optionOf(o, texts), lang
	}
	return e.Words, m.Language
}

// optionOf writes an option down. A window has its days beside its name, if it has one.
func (p *phrases) optionOf(o decisions.Option, texts decisions.Text) string {
	name := texts.Options[o.ID]
	if o.From == "" {
		return name
	}
	days := p.date(o.From.Time())
	if o.Until != o.From {
		days += " – " + p.date(o.Until.Time())
	}
	if name == "" {
		return days
	}
	return name + " (" + days + ")"
}

// asWished tells whether an outcome is what most wished, as the last part of the key of its words.
func asWished(e decisions.Entry, w analytics.Wish) string {
	switch {
	case e.Unasked:
		return "unasked"
	case w.Tied:
		return "tied"
	case w.Option == "":
		return "untold"
	case w.Option != e.Option:
		return "otherwise"
	case w.Majority():
		return "most"
	}
	return "often"
}

// decisionStands says where a decision stands, and whether something is overdue.
func (p *phrases) decisionStands(m *matter) (text string, late bool) {
	now := m.Now()
	switch {
	case now.State == decisions.Withdrawn:
		return p.say("decision_stands_withdrawn", "Date", p.date(now.On.Time())), false
	case len(m.Outcomes()) > 0:
		return p.say("decision_stands_decided", "Date", p.date(m.Outcomes()[len(m.Outcomes())-1].On.Time())), false
	case m.running != nil:
		return p.say("decision_stands_asking", "Wave", m.running.Label), false
	case len(m.closed) > 0:
		return p.say("decision_stands_answered", "Date", p.date(m.closed[0].Closed)), true
	case m.planned != nil:
		return p.say("decision_stands_planned", "Survey", p.titled(m.planned.Newest.Document).Text), false
	case len(m.drafts) > 0:
		return p.say("decision_stands_draft"), false
	}
	return p.say("decision_stands_open"), false
}
