package web

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/promises"
)

// mostOnProfile is how many promises a department's profile lists.
const mostOnProfile = 6

// promisesAbout is what another page says about promises.
type promisesAbout struct {
	Lines []promiseLine
	All   string // address of all of them; "" where there are no more
	Make  string // address of the form of another, for those who may make one
}

// profilePromises lists what was promised to a department: what is open, and the latest of what was kept.
func (s *Server) profilePromises(c *fiber.Ctx, f frame, p *phrases, d surveys.Department) (*promisesAbout, error) {
	about, err := s.promisesAbout(c, f, p, func(one *promises.Promise) bool {
		state := one.Now().State
		return one.Concerns(d.ID) && (state == promises.Open || state == promises.Kept)
	})
	if err != nil {
		return nil, err
	}
	about.Lines = about.Lines[:min(len(about.Lines), mostOnProfile)]
	if len(about.Lines) > 0 {
		about.All = "/promises?department=" + idText(int64(d.ID))
	}
	if f.May("converse") && !d.Archived {
		about.Make = promiseAbout(promises.Source{}, d.ID)
	}
	return about, nil
}

// changePromises lists the promises that name a change, in the departments that somebody may see.
func (s *Server) changePromises(c *fiber.Ctx, f frame, p *phrases, change *changes.Change) (*promisesAbout, error) {
	about, err := s.promisesAbout(c, f, p, func(one *promises.Promise) bool { return one.Change == change.ID })
	if err == nil && f.May("converse") && !change.Now().Stage.Ended() {
		about.Make = "/promises/new?change=" + idText(int64(change.ID))
	}
	return about, err
}

func (s *Server) promisesAbout(c *fiber.Ctx, f frame, p *phrases, keep func(*promises.Promise) bool) (*promisesAbout, error) {
	today, err := s.today(c.UserContext())
	if err != nil {
		return nil, err
	}
	list, err := s.promisesFor(c.UserContext(), f.User)
	if err != nil {
		return nil, err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return nil, err
	}
	about := &promisesAbout{}
	promises.ByUrgency(list)
	for i := range list {
		if keep(&list[i]) {
			about.Lines = append(about.Lines, p.promiseLine(&list[i], names, today))
		}
	}
	return about, p.err
}
