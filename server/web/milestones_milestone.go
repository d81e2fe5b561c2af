package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/surveys"
	"soundings/surveys/milestones"
)

// milestonePage is one milestone: how it stands and why, its history, and its forms.
type milestonePage struct {
	frame
	Milestone milestones.Milestone
	Name      string
	Headline  string
	Quarter   string
	Back      string
	State     stateWords // zero of one that was withdrawn
	Unclear   bool       // the words alone do not say why
	Figure    string
	Because   string
	Source    pageLink // where the figure stands with all that belongs to it
	Facts     []changeFact
	History   []stageLine
	CanWrite  bool
	Over      bool // its quarter is over: the target stays
	Most      int
	Staff     []string

	// As typed.
	Target, Reason, Owner, Note string
	Away                        string // why it is to be withdrawn
	Faults                      map[string]string
	AwayFault                   string
	Refused                     string
	Theirs                      *theirs
}

// milestoneOf is the milestone of the address, if this person may read it.
func (s *Server) milestoneOf(c *fiber.Ctx) (milestones.Milestone, error) {
	id, err := pathID(c, "milestone")
	if err != nil {
		return milestones.Milestone{}, err
	}
	m, err := milestones.ByID(c.UserContext(), s.Store, milestones.ID(id))
	if err == nil && !mayReadMilestone(current(c).User, &m) {
		return milestones.Milestone{}, notYours()
	}
	return m, err
}

// writableMilestone is the milestone of the address, if this person may write it.
func (s *Server) writableMilestone(c *fiber.Ctx) (milestones.Milestone, error) {
	m, err := s.milestoneOf(c)
	if err == nil && !mayWriteMilestone(current(c).User, &m) {
		return milestones.Milestone{}, notYours()
	}
	return m, err
}

func (s *Server) showMilestone(c *fiber.Ctx) error {
	m, err := s.milestoneOf(c)
	if err != nil {
		return err
	}
	page, p, err := s.milestonePage(c, m)
	if err != nil {
		return err
	}
	return s.finish(c, "staff/milestone", p, page)
}

func (s *Server) milestonePage(c *fiber.Ctx, m milestones.Milestone) (*milestonePage, *phrases, error) {
	f := s.frame(c, "milestone_title", "milestones")
	p := &phrases{speech: f.speech}
	at, err := s.dated(c.UserContext())
	if err != nil {
		return nil, nil, err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return nil, nil, err
	}
	now := m.Now()
	page := &milestonePage{frame: f, Milestone: m, Name: p.milestoneName(&m, names), Quarter: p.quarter(m.Quarter), Back: milestonesAddress(m.Quarter), Over: m.Quarter.Last() < at.today,
		CanWrite: mayWriteMilestone(f.User, &m), Most: m.Measure.Most(), Target: strconv.Itoa(now.Target), Owner: m.Owner, Note: m.Note}
	page.Headline = p.say("milestone_withdrawn", "Name", page.Name)
	page.Facts = []changeFact{{p.say("milestone_quarter"), page.Quarter}, {p.say("visit_department"), p.milestonePlace(m.Department, names)},
		{p.say("milestone_measured"), p.say("milestone_measured_" + string(m.Measure))}, {p.say("change_owner"), m.Owner}}
	for _, e := range slices.Backward(m.History) {
		line := stageLine{Stage: p.say("milestone_was_withdrawn"), Date: p.date(e.On.Time()), Reason: e.Reason, Said: p.say("change_said", "Who", e.Said.By, "Date", p.date(e.Said.At))}
		if !e.Withdrawn() {
			line.Stage = p.say("milestone_target", "Target", p.target(m.Measure, e.Target))
		}
		page.History = append(page.History, line)
	}
	if page.Staff, err = s.staffAddresses(c); err != nil || m.Withdrawn() {
		return page, p, err
	}
	standings, err := s.Results.Standings(c.UserContext(), []milestones.Milestone{m}, at.zone, at.today)
	if err != nil {
		return nil, nil, err
	}
	s.stands(p, page, &standings[0], at.today)
	return page, p, nil
}

// stands says how the milestone stands, why, and where that can be seen.
func (s *Server) stands(p *phrases, page *milestonePage, now *analytics.Standing, today surveys.Day) {
	page.State, page.Unclear = p.stateWords(now.State), now.State == milestones.Unclear
	page.Headline = p.say("milestone_headline", "Name", page.Name, "State", page.State.Name)
	page.Figure, page.Because = p.standing(now), p.because(now, today)
	department := ""
	if now.Department != 0 {
		department = "department=" + idText(int64(now.Department))
	}
	switch now.Measure {
	case milestones.Visits:
		page.Source = pageLink{visitsAddress(now.Quarter, now.Department), p.say("visits_title")}
	case milestones.Promises:
		page.Source = pageLink{"/promises?" + department, p.say("promises_title")}
	case milestones.Ideas:
		page.Source = pageLink{"/ideas?" + department, p.say("ideas_title")}
	case milestones.Champions:
		page.Source = pageLink{"/champions", p.say("champions_title")}
	default:
		if now.Wave != nil {
			page.Source = pageLink{resultsAddress(now.Wave.ID, "", nil), p.say("milestone_results", "Wave", now.Wave.Label)}
		}
	}
}

// postMilestone saves owner, note and target.
func (s *Server) postMilestone(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	m, err := s.writableMilestone(c)
	if err != nil {
		return err
	}
	at, err := s.dated(c.UserContext())
	if err != nil {
		return err
	}
	typed, target := m, m.Now().Target
	typed.Version, typed.Owner, typed.Note = versionOf(form), tidy(form.First("owner")), tidy(form.First("note"))
	if _, there := form["target"]; there {
		target = typedTarget(form)
	}
	reason := tidy(form.First("reason"))
	stored, refusal := milestones.Save(c.UserContext(), s.Store, typed, target, reason, surveys.Stamp(s.stamp(c)), at.today)
	if refusal == nil {
		return seeOther(c, milestoneAddress(m.ID))
	}
	return s.refuseMilestone(c, stored, refusal, func(page *milestonePage, faults map[string]string) {
		page.Owner, page.Note, page.Reason, page.Faults = typed.Owner, typed.Note, reason, faults
		if _, there := form["target"]; there {
			page.Target = tidy(form.First("target"))
		}
	})
}

// postWithdrawMilestone takes a milestone away.
func (s *Server) postWithdrawMilestone(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	m, err := s.writableMilestone(c)
	if err != nil {
		return err
	}
	at, err := s.dated(c.UserContext())
	if err != nil {
		return err
	}
	reason := tidy(form.First("reason"))
	stored, refusal := milestones.Withdraw(c.UserContext(), s.Store, m.ID, versionOf(form), reason, surveys.Stamp(s.stamp(c)), at.today)
	if refusal == nil {
		return seeOther(c, milestonesAddress(m.Quarter))
	}
	return s.refuseMilestone(c, stored, refusal, func(page *milestonePage, faults map[string]string) {
		page.Away, page.AwayFault = reason, faults["reason"]
	})
}

// refuseMilestone shows the milestone as it is stored, with what was typed in its forms: beside its faults, or beside what
// somebody else has saved meanwhile. Saving again then overwrites that knowingly.
func (s *Server) refuseMilestone(c *fiber.Ctx, stored milestones.Milestone, refusal error, typed func(page *milestonePage, faults map[string]string)) error {
	words := &phrases{speech: s.frame(c, "", "").speech}
	faults, faulty := words.roomFaults("milestone_fault_", refusal)
	if words.err != nil {
		return words.err
	}
	if !faulty && surveys.KindOf(refusal) != surveys.Conflict {
		return refusal
	}
	page, p, err := s.milestonePage(c, stored)
	if err != nil {
		return err
	}
	typed(page, faults)
	if faulty {
		page.Refused = p.count("change_refused", len(faults))
	} else if page.Theirs, err = p.milestoneTheirs(page); err != nil {
		return err
	}
	c.Status(failureOf(refusal).Status)
	return s.finish(c, "staff/milestone", p, page)
}

// milestoneTheirs lists what differs between what is typed and what is stored.
func (p *phrases) milestoneTheirs(page *milestonePage) (*theirs, error) {
	m := &page.Milestone
	at, err := p.Moment(m.Saved.At)
	if err != nil {
		return nil, err
	}
	t := &theirs{Lead: p.say("change_theirs", "Who", m.Saved.By, "When", at)}
	for _, pair := range []struct{ key, mine, other string }{{"milestone_target_name", page.Target, strconv.Itoa(m.Now().Target)}, {"change_owner", page.Owner, m.Owner}, {"milestone_note", page.Note, m.Note}} {
		if pair.mine != pair.other {
			t.Pairs = append(t.Pairs, theirPair{p.say(pair.key), pair.other})
		}
	}
	return t, nil
}
