package web

import (
	"context"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/decisions"
	"soundings/surveys/people"
)

// decidedView is an outcome as those who were asked read it.
type decidedView struct {
	To          string // the departments
	Title       string // the question
	Words       writing
	Option      string // what was decided
	OptionWords writing
	Date        string
	Wished      string // whether most wished it, where that may be said
	Reason      string
	ReasonWords writing
	departments []surveys.DepartmentID // whom it is for; none: all that the change concerns
	apart       []surveys.DepartmentID // for which something else was decided since
}

// isFor reports whether an outcome is the one of a department; 0 is any.
func (v *decidedView) isFor(d surveys.DepartmentID) bool {
	return d == 0 || !slices.Contains(v.apart, d) && (len(v.departments) == 0 || slices.Contains(v.departments, d))
}

// decided lists the outcomes in force of the decisions of a change, for anybody in the organisation to read: the latest decision
// first, and of each what is for all before what is for single departments.
func (s *Server) decided(ctx context.Context, p *phrases, change *changes.Change) ([]decidedView, error) {
	list, err := decisions.Of(ctx, s.Store, change.ID)
	list = slices.DeleteFunc(list, func(d decisions.Decision) bool { return len(d.Outcomes()) == 0 })
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return s.decidedOf(ctx, p, []changes.Change{*change}, map[changes.ID][]decisions.Decision{change.ID: list})
}

// decidedOf is what was decided of some changes, the last of them first.
func (s *Server) decidedOf(ctx context.Context, p *phrases, list []changes.Change, of map[changes.ID][]decisions.Decision) (views []decidedView, err error) {
	asked, err := s.answers(ctx)
	if err != nil {
		return nil, err
	}
	departments, err := people.Departments(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	for i := range slices.Backward(list) {
		some, err := p.decidedIn(ctx, asked.inWaves(&list[i], of[list[i].ID]), departments)
		if err != nil {
			return nil, err
		}
		views = append(views, some...)
	}
	return views, nil
}

func (p *phrases) decidedIn(ctx context.Context, found []matter, departments []surveys.Department) (views []decidedView, err error) {
	for i := range slices.Backward(found) {
		for _, e := range found[i].Outcomes() {
			wish, err := found[i].wished(ctx, e, func(surveys.DepartmentID) bool { return true })
			if err != nil {
				return nil, err
			}
			view := p.decidedView(&found[i], e, departments)
			if view.To == "" {
				continue // each has one of its own by now
			}
			view.Wished = p.say("about_wished_" + asWished(e, wish))
			views = append(views, view)
		}
	}
	return views, p.err
}

// tellable are the changes that anybody may read about of which something was decided, and their decisions.
func (s *Server) tellable(ctx context.Context) (list []changes.Change, of map[changes.ID][]decisions.Decision, err error) {
	if list, err = changes.List(ctx, s.Store); err != nil {
		return nil, nil, err
	}
	all, err := decisions.List(ctx, s.Store)
	if err != nil {
		return nil, nil, err
	}
	of = map[changes.ID][]decisions.Decision{}
	for _, d := range all {
		if len(d.Outcomes()) > 0 {
			of[d.Change] = append(of[d.Change], d)
		}
	}
	return slices.DeleteFunc(list, func(c changes.Change) bool { return !c.Public || len(of[c.ID]) == 0 }), of, nil
}

// decidedEverywhere lists the outcomes for a department, or with 0 for any, of all changes that may be read about.
func (s *Server) decidedEverywhere(ctx context.Context, p *phrases, department surveys.DepartmentID) (views []decidedView, err error) {
	list, of, err := s.tellable(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	views, err = s.decidedOf(ctx, p, list, of)
	return slices.DeleteFunc(views, func(v decidedView) bool { return !v.isFor(department) }), err
}

func (p *phrases) decidedView(m *matter, e decisions.Entry, departments []surveys.Department) decidedView {
	text, lang := m.In(p.Spoken)
	option, optionLang := p.decidedText(m, e)
	view := decidedView{Title: text.Title, Words: writingOf(lang), Option: option, OptionWords: writingOf(optionLang), Date: p.date(e.On.Time()), Reason: e.Reason, ReasonWords: writingOf(m.Language)}
	if e.Department == 0 {
		for _, own := range m.Outcomes() {
			if own.Department != 0 {
				view.apart = append(view.apart, own.Department)
			}
		}
	}
	switch {
	case e.Department != 0:
		view.departments = []surveys.DepartmentID{e.Department}
	case !m.Everybody:
		view.departments = m.Departments
	case !m.change.Everybody:
		view.departments = m.change.Departments
	default:
		view.To = p.say("heard_everybody")
		return view
	}
	var names []string
	for _, d := range departments {
		if slices.Contains(view.departments, d.ID) && view.isFor(d.ID) {
			names = append(names, d.Name)
		}
	}
	view.To = strings.Join(names, p.say("list_comma"))
	return view
}
