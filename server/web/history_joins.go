package web

import (
	"cmp"
	"errors"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/history"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// historyJoins is a form that joins something of the files to something of ours, and what was joined.
type historyJoins struct {
	From []option
	To   []option
	Done []historyJoin
}

type historyJoin struct{ From, To string }

// historyJoins puts what was joined on the page, and what can be.
func (s *Server) historyJoins(c *fiber.Ctx, p *phrases, page *historyPage, v *historyView) error {
	if !page.CanImport {
		return nil
	}
	db := s.Store.Read(c.UserContext())
	names, err := history.Names(db)
	if err != nil {
		return err
	}
	joined, err := history.JoinedNames(db)
	if err != nil {
		return err
	}
	meanings, err := history.ReadMeanings(db)
	if err != nil {
		return err
	}
	departments, err := people.DepartmentsIn(db)
	if err != nil {
		return err
	}
	called := map[surveys.DepartmentID]string{0: p.say("trend_organisation")}
	page.Names.To = []option{{"0", called[0], false}}
	for _, d := range departments {
		called[d.ID] = d.Name
		page.Names.To = append(page.Names.To, option{strconv.FormatInt(int64(d.ID), 10), d.Name, false})
	}
	for _, name := range names {
		if !meanings.Of(name).Known() {
			page.Names.From = append(page.Names.From, option{name, name, false})
		}
	}
	for _, j := range joined {
		page.Names.Done = append(page.Names.Done, historyJoin{j.Name, called[j.Department]})
	}
	return s.measureJoins(c, p, page, v)
}

func (s *Server) measureJoins(c *fiber.Ctx, p *phrases, page *historyPage, v *historyView) error {
	targets, err := s.historyTargets(c, p)
	if err != nil {
		return err
	}
	page.Own.To = targets
	joined, err := history.JoinedMeasures(s.Store.Read(c.UserContext()))
	if err != nil {
		return err
	}
	for _, k := range v.kept {
		if !slices.Contains(page.Removable, k.Measure) {
			page.Removable = append(page.Removable, k.Measure)
		}
		at := slices.IndexFunc(joined, func(j history.JoinedMeasure) bool { return history.Key(j.Measure) == history.Key(k.Measure) })
		if at < 0 && !slices.ContainsFunc(page.Own.From, func(o option) bool { return o.Value == k.Measure }) {
			page.Own.From = append(page.Own.From, option{k.Measure, k.Measure, false})
		}
	}
	for _, j := range joined {
		to := j.Target
		if at := slices.IndexFunc(targets, func(o option) bool { return o.Value == j.Target }); at >= 0 {
			to = targets[at].Text
		}
		page.Own.Done = append(page.Own.Done, historyJoin{j.Measure, to})
	}
	return nil
}

// historyTargets are what a measure can begin the trend of: constructs, and questions with a number.
func (s *Server) historyTargets(c *fiber.Ctx, p *phrases) (list []option, err error) {
	add := func(value, text string) {
		if !slices.ContainsFunc(list, func(o option) bool { return o.Value == value }) {
			list = append(list, option{value, text, false})
		}
	}
	add(surveys.Openness, p.measure(surveys.Openness))
	add(surveys.Engagement, p.measure(surveys.Engagement))
	all, err := s.Results.Waves(c.UserContext(), 0)
	if err != nil {
		return nil, err
	}
	for _, w := range all {
		for _, id := range w.Questionnaire.Document.ConstructIDs() {
			add(id, p.measure(id))
		}
		for _, q := range w.Questionnaire.Document.Questions {
			if q.Kind == surveys.Scale {
				add(questionPrefix+q.ID, p.say("trend_question", "Text", q.Text))
			}
		}
	}
	return list, nil
}

// changeHistory runs a change and goes back to the page; where it was refused, it shows the page with what is wrong.
func (s *Server) changeHistory(c *fiber.Ctx, change func(tx *store.Tx, form surveys.Form) error) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	if !mayImport(current(c).User) {
		return notYours()
	}
	err = s.Store.Transact(c.UserContext(), "history", func(tx *store.Tx) error { return change(tx, form) })
	var known *surveys.Error
	if errors.As(err, &known) && len(known.Faults) > 0 {
		c.Status(statuses[known.Kind])
		return s.showHistoryWith(c, known.Faults)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/history", fiber.StatusSeeOther)
}

func (s *Server) postHistoryName(c *fiber.Ctx) error {
	return s.changeHistory(c, func(tx *store.Tx, form surveys.Form) error {
		id, err := strconv.ParseInt(form.First("department"), 10, 64)
		if err != nil {
			id = -1 // there is no such department
		}
		return history.JoinName(tx, form.First("name"), surveys.DepartmentID(id))
	})
}

func (s *Server) postHistoryNameSeparate(c *fiber.Ctx) error {
	return s.changeHistory(c, func(tx *store.Tx, form surveys.Form) error { return history.SeparateName(tx, form.First("name")) })
}

func (s *Server) postHistoryMeasure(c *fiber.Ctx) error {
	p := &phrases{speech: s.frame(c, "", "").speech}
	targets, err := s.historyTargets(c, p)
	if err = cmp.Or(err, p.err); err != nil {
		return err
	}
	return s.changeHistory(c, func(tx *store.Tx, form surveys.Form) error {
		if !slices.ContainsFunc(targets, func(o option) bool { return o.Value == form.First("target") }) {
			return &surveys.Error{Kind: surveys.Invalid, Op: "history", Faults: surveys.Faults{{Path: "target", Code: history.FaultTarget, Detail: "there is no such measure"}}}
		}
		return history.JoinMeasure(tx, form.First("measure"), form.First("target"))
	})
}

func (s *Server) postHistoryMeasureSeparate(c *fiber.Ctx) error {
	return s.changeHistory(c, func(tx *store.Tx, form surveys.Form) error { return history.SeparateMeasure(tx, form.First("measure")) })
}

func (s *Server) postHistoryRemove(c *fiber.Ctx) error {
	return s.changeHistory(c, func(tx *store.Tx, form surveys.Form) error { return history.Remove(tx, form.First("measure")) })
}
