package web

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/ideas"
	"soundings/surveys/store"
)

// staffIdea is one idea, for IT.
type staffIdea struct {
	frame
	Idea       *ideas.Idea
	Writing    writing // of its texts
	Lead       string
	Into       *ideaLine // what it is merged into
	Facts      []changeFact
	Replies    []staffReply // newest first
	Change     *ideaChange
	CanKeep    bool
	CanPart    bool // make it an idea by itself again
	CanPromote bool
	OnBoard    string // its public address; "" where it has none
	Promise    string // address of the form of a promise about it, for those who may make one
	Statuses   []option
	Typed      string // the reply, as typed
	Theirs     string // somebody has replied meanwhile
	Reason     string // for hiding, as typed
	Search     string // for what to merge into
	Candidates []ideaLine
	Departs    []option // departments to move it to
	Changes    []option // that it can be part of
	Faults     map[string]string
}

// staffReply is a reply with who wrote it.
type staffReply struct{ Status, Mark, Date, Text, Said string }

// mergeMost is how many ideas are offered to merge into.
const mergeMost = 8

func (s *Server) showIdea(c *fiber.Ctx) error {
	idea, err := s.ideaOf(c)
	if err != nil {
		return err
	}
	page, p, err := s.staffIdea(c, idea)
	if err != nil {
		return err
	}
	return s.finish(c, "staff/idea", p, page)
}

func (s *Server) staffIdea(c *fiber.Ctx, idea ideas.Idea) (*staffIdea, *phrases, error) {
	f := s.frame(c, "ideas_title", "ideas")
	p := &phrases{speech: f.speech}
	page := &staffIdea{frame: f, Idea: &idea, Writing: writingOf(idea.Language), CanKeep: mayKeepIdea(f.User, &idea) && idea.MergedInto == 0, CanPromote: mayPromote(f.User, &idea),
		Lead: p.say("idea_lead", "Supporters", p.supporters(idea.Supporters), "Status", p.say("idea_"+string(idea.Status()))), Faults: map[string]string{}}
	page.CanPart = mayKeepIdea(f.User, &idea) && idea.MergedInto != 0
	if s.house().Board.On() && idea.Public() {
		page.OnBoard = ideaPath(idea.ID)
	}
	if f.May("converse") && idea.Public() {
		page.Promise = promiseAbout(ideaSource(&idea), idea.Department)
	}
	offers, names, err := s.boardDepartments(c.UserContext())
	if err != nil {
		return nil, nil, err
	}
	page.Facts = p.staffIdeaFacts(&idea, names)
	for _, r := range slices.Backward(idea.Replies) {
		page.Replies = append(page.Replies, staffReply{p.say("idea_" + string(r.Status)), string(r.Status), p.date(r.On.Time()), r.Text, p.say("change_said", "Who", r.Said.By, "Date", p.date(r.Said.At))})
	}
	for _, status := range ideas.Statuses()[1:] {
		page.Statuses = append(page.Statuses, option{string(status), p.say("idea_" + string(status)), status == idea.Status()})
	}
	for _, o := range offers {
		if f.User.Sees(o.ID) && (idea.Signed != "" || o.Unsigned == o.ID) {
			page.Departs = append(page.Departs, option{idText(int64(o.ID)), o.Name, o.ID == idea.Department})
		}
	}
	if err := s.mergeable(c, page, p, names); err != nil {
		return nil, nil, err
	}
	return page, p, s.promotable(c, page, p)
}

func (p *phrases) staffIdeaFacts(i *ideas.Idea, names map[surveys.DepartmentID]string) []changeFact {
	from, signed := p.say("idea_from_nobody"), p.say("idea_anonymous")
	if i.Department != 0 {
		from = names[i.Department]
	}
	if i.Signed != "" {
		signed = i.Signed
	}
	place := p.say("idea_place_" + string(i.Place))
	if i.MergedInto != 0 {
		place = p.say("idea_place_merged")
	}
	facts := []changeFact{{p.say("ideas_department"), from}, {p.say("idea_signed"), signed}, {p.say("idea_on"), p.date(i.On.Time())}, {p.say("idea_language"), nameOf(i.Language)}, {p.say("idea_place"), place}}
	if i.Reason != "" {
		facts = append(facts, changeFact{p.say("idea_reason"), i.Reason})
	}
	return facts
}

// mergeable offers the ideas that this one may be merged into: those that are searched for, else those that are alike.
func (s *Server) mergeable(c *fiber.Ctx, page *staffIdea, p *phrases, names map[surveys.DepartmentID]string) error {
	all, err := s.ideasFor(c.UserContext(), page.User)
	if err != nil {
		return err
	}
	if at := slices.IndexFunc(all, func(i ideas.Idea) bool { return i.ID == page.Idea.MergedInto }); at >= 0 {
		line := p.ideaLine(&all[at], names)
		page.Into = &line
	}
	others := slices.DeleteFunc(all, func(i ideas.Idea) bool {
		return i.ID == page.Idea.ID || i.MergedInto != 0 || i.Place == ideas.Hidden || !mayKeepIdea(page.User, &i)
	})
	raw := utils.CopyString(c.Query("q"))
	page.Search = strings.TrimSpace(strings.ToValidUTF8(raw[:min(len(raw), longestQuery)], ""))
	if page.Search == "" {
		others = ideas.Alike(page.Idea.Title, others, mergeMost)
	} else {
		others = slices.DeleteFunc(others, func(i ideas.Idea) bool { return !i.Matches(page.Search) })
	}
	for i := range others[:min(len(others), mergeMost)] {
		page.Candidates = append(page.Candidates, p.ideaLine(&others[i], names))
	}
	return nil
}

// promotable tells what change the idea became, or which it could be part of.
func (s *Server) promotable(c *fiber.Ctx, page *staffIdea, p *phrases) error {
	list, err := s.changesFor(c.UserContext(), page.User)
	if err != nil {
		return err
	}
	for i := range list {
		text, lang := list[i].In(p.Spoken)
		if list[i].ID == page.Idea.Change {
			page.Change = &ideaChange{text.Title, lang, changeAddress(list[i].ID)}
		}
		if mayWrite(page.User, &list[i]) {
			page.Changes = append(page.Changes, option{Value: fmt.Sprint(list[i].ID), Text: text.Title})
		}
	}
	return nil
}

// keepIdea lets a form about an idea change it. What it is refused for is shown beside its field, with what again puts back.
func (s *Server) keepIdea(c *fiber.Ctx, change func(tx *store.Tx, idea ideas.Idea, form surveys.Form) error, again func(page *staffIdea, form surveys.Form)) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	idea, err := s.keptIdea(c)
	if err != nil {
		return err
	}
	refusal := s.Store.Transact(c.UserContext(), "web: idea", func(tx *store.Tx) error { return change(tx, idea, form) })
	if refusal != nil {
		return s.refuseStaffIdea(c, idea, refusal, func(page *staffIdea) { again(page, form) })
	}
	return seeOther(c, staffIdeaPath(idea.ID))
}

// refuseStaffIdea shows the page of an idea again because of what was typed into one of its forms.
func (s *Server) refuseStaffIdea(c *fiber.Ctx, idea ideas.Idea, refusal error, again func(page *staffIdea)) error {
	var known *surveys.Error
	if !errors.As(refusal, &known) || len(known.Faults) == 0 && known.Kind != surveys.Conflict {
		return refusal
	}
	page, p, err := s.staffIdea(c, idea)
	if err != nil {
		return err
	}
	for _, f := range known.Faults {
		page.Faults[f.Path] = p.staffIdeaFault(f)
	}
	if again(page); len(known.Faults) == 0 {
		page.Theirs = p.say("idea_theirs")
	}
	c.Status(failureOf(refusal).Status)
	return s.finish(c, "staff/idea", p, page)
}

func (p *phrases) staffIdeaFault(f surveys.Fault) string {
	var pairs []any
	for _, name := range []string{"limit", "length"} {
		if n, err := strconv.Atoi(f.Args[name]); err == nil {
			pairs = append(pairs, name, p.Number(n))
		}
	}
	return p.fault("idea_fault_", f, pairs...)
}

func (s *Server) postIdeaReply(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	idea, err := s.keptIdea(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	reply := ideas.Reply{Status: ideas.Status(tidy(form.First("status"))), Text: tidy(form.First("reply")), On: today, Said: surveys.Stamp(s.stamp(c))}
	seen, err := strconv.Atoi(form.First("seen"))
	if err != nil {
		seen = -1 // nobody's page; a conflict shows what is stored
	}
	stored, refusal := ideas.Answer(c.UserContext(), s.Store, idea.ID, seen, reply)
	if refusal != nil {
		return s.refuseStaffIdea(c, stored, refusal, func(page *staffIdea) {
			page.Typed = reply.Text
			for i := range page.Statuses {
				page.Statuses[i].Selected = page.Statuses[i].Value == string(reply.Status)
			}
		})
	}
	return seeOther(c, staffIdeaPath(idea.ID))
}

func (s *Server) postIdeaHide(c *fiber.Ctx) error {
	return s.keepIdea(c, func(tx *store.Tx, idea ideas.Idea, form surveys.Form) error {
		return ideas.Hide(tx, idea.ID, tidy(form.First("reason")))
	}, func(page *staffIdea, form surveys.Form) { page.Reason = tidy(form.First("reason")) })
}

func (s *Server) postIdeaShow(c *fiber.Ctx) error {
	return s.keepIdea(c, func(tx *store.Tx, idea ideas.Idea, _ surveys.Form) error { return ideas.Show(tx, idea.ID) }, typedNothing)
}

func (s *Server) postIdeaMerge(c *fiber.Ctx) error {
	return s.keepIdea(c, func(tx *store.Tx, idea ideas.Idea, form surveys.Form) error {
		into := ideas.ID(0)
		if chosen := numbersIn[ideas.ID](form["into"]); len(chosen) > 0 {
			into = chosen[0]
		}
		other, err := ideas.ByID(c.UserContext(), s.Store, into)
		if err == nil && !mayKeepIdea(current(c).User, &other) {
			return notYours()
		}
		audited(c).Subject = fmt.Sprintf("idea %d, idea %d", idea.ID, into)
		return ideas.Merge(tx, idea.ID, into)
	}, typedNothing)
}

func (s *Server) postIdeaSeparate(c *fiber.Ctx) error {
	return s.keepIdea(c, func(tx *store.Tx, idea ideas.Idea, _ surveys.Form) error { return ideas.Separate(tx, idea.ID) }, typedNothing)
}

func (s *Server) postIdeaDepartment(c *fiber.Ctx) error {
	return s.keepIdea(c, func(tx *store.Tx, idea ideas.Idea, form surveys.Form) error {
		moved := idea
		moved.Department = 0
		if chosen := numbersIn[surveys.DepartmentID](form["department"]); len(chosen) > 0 {
			moved.Department = chosen[0]
		}
		if !mayKeepIdea(current(c).User, &moved) {
			return notYours()
		}
		return ideas.Move(tx, idea.ID, moved.Department)
	}, typedNothing)
}

// typedNothing is for forms in which there is nothing to type.
func typedNothing(*staffIdea, surveys.Form) {}

// postIdeaChange makes an idea part of a change that there is already.
func (s *Server) postIdeaChange(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	idea, err := s.promotableIdea(c)
	if err != nil {
		return err
	}
	chosen := numbersIn[changes.ID](form["change"])
	if len(chosen) == 0 {
		return seeOther(c, staffIdeaPath(idea.ID))
	}
	change, err := changes.ByID(c.UserContext(), s.Store, chosen[0])
	if err != nil {
		return err
	}
	if !mayWrite(current(c).User, &change) {
		return notYours()
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	audited(c).Subject = fmt.Sprintf("idea %d, change %d", idea.ID, change.ID)
	err = s.Store.Transact(c.UserContext(), "web: idea", func(tx *store.Tx) error {
		return ideas.Promoted(idea.ID, today, surveys.Stamp(s.stamp(c)))(tx, change.ID)
	})
	if err != nil {
		return err
	}
	return seeOther(c, staffIdeaPath(idea.ID))
}

// promotableIdea is the idea of the address, if this person may make it a change.
func (s *Server) promotableIdea(c *fiber.Ctx) (ideas.Idea, error) {
	idea, err := s.keptIdea(c)
	if err == nil && (idea.Change != 0 || idea.MergedInto != 0) {
		return idea, &surveys.Error{Kind: surveys.Conflict, Op: "web: promote", Message: "This idea has become a change already, or is part of another idea."}
	}
	return idea, err
}

// showPromote is the form of a new change that says what an idea says.
func (s *Server) showPromote(c *fiber.Ctx) error {
	idea, err := s.promotableIdea(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	f := s.frame(c, "change_new_title", "ideas")
	change := changes.Change{Language: idea.Language, Owner: f.User.Email, Text: changes.Text{Title: idea.Title, What: idea.Text}, Everybody: idea.Department == 0 && !f.User.Limited}
	if idea.Department != 0 {
		change.Departments = []surveys.DepartmentID{idea.Department}
	}
	page, err := s.changeForm(c, f, change, changes.Entry{Stage: changes.Idea, On: today}, nil)
	if err != nil {
		return err
	}
	return s.page(c, "staff/change_form", page)
}

func (s *Server) postPromote(c *fiber.Ctx) error {
	idea, err := s.promotableIdea(c)
	if err != nil {
		return err
	}
	return s.createChange(c, func(today surveys.Day) []changes.Also {
		return []changes.Also{ideas.Promoted(idea.ID, today, surveys.Stamp(s.stamp(c)))}
	})
}
