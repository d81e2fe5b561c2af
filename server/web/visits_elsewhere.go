package web

import (
	"html/template"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/visits"
)

// profileVisits is what a department's profile says about visits to it.
type profileVisits struct {
	Last    string // when it was visited; "" for never
	Address string // of that visit
	Purpose string
	Heard   template.HTML
	Next    pageLink
	Plan    string // address of the form of another, for those who may plan one
}

// profileVisits sums up the visits to one department.
func (s *Server) profileVisits(c *fiber.Ctx, f frame, p *phrases, d surveys.Department) (*profileVisits, error) {
	today, err := s.today(c.UserContext())
	if err != nil {
		return nil, err
	}
	list, err := visits.List(c.UserContext(), s.Store)
	if err != nil {
		return nil, err
	}
	row := visits.NewBoard(list, []surveys.Department{d}, visits.QuarterOf(today), today).Rows[0]
	v := &profileVisits{}
	if row.Last != nil {
		v.Last, v.Address = p.say("visits_last", "Ago", p.daysAgo(row.Days), "Date", p.date(row.Last.Day.Time())), visitAddress(row.Last.ID)
		v.Purpose, v.Heard = row.Last.Purpose, p.markdown(row.Last.Heard)
	}
	if row.Next != nil {
		v.Next = pageLink{visitAddress(row.Next.ID), p.say("visits_next", "Date", p.date(row.Next.Day.Time()))}
	}
	if f.May("converse") && !d.Archived {
		v.Plan = "/visits/new?department=" + idText(int64(d.ID))
	}
	return v, p.err
}

// changeVisits is what the story of a change says about visits.
type changeVisits struct {
	About     []visitLine // those about it, the newest first
	Meanwhile string      // how many others were made to those concerned
	Plan      string      // address of the form of one about it
}

// changeVisits lists the visits about a change and counts those made meanwhile, in the departments that somebody may see.
func (s *Server) changeVisits(c *fiber.Ctx, f frame, p *phrases, change *changes.Change, names map[surveys.DepartmentID]string) (*changeVisits, error) {
	today, err := s.today(c.UserContext())
	if err != nil {
		return nil, err
	}
	list, err := s.visitsFor(c.UserContext(), f.User)
	if err != nil {
		return nil, err
	}
	v := &changeVisits{}
	var others []visits.Visit
	for i := range list {
		if list[i].Change != change.ID {
			others = append(others, list[i])
		} else if list[i].State != visits.CalledOff {
			v.About = append(v.About, p.visitLine(&list[i], names, today))
		}
	}
	slices.Reverse(v.About)
	first, last := change.History[0].On, change.Now()
	until := surveys.Day("")
	if last.Stage.Ended() {
		until = last.On
	}
	if n := len(visits.Meanwhile(others, change.Concerns, first, until)); n > 0 {
		v.Meanwhile = p.count("visits_meanwhile", n)
	}
	if f.May("converse") && !last.Stage.Ended() {
		v.Plan = "/visits/new?change=" + idText(int64(change.ID))
	}
	return v, p.err
}
