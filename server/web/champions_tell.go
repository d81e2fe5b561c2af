package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/changes"
)

// changeChampions is what the story of a change says about champions of the departments concerned.
type changeChampions struct {
	*championsBeside
	Told    string // how many were told at this stage
	Tell    string // on the button that tells the others; "" where nobody is to be told
	Reports []reportLine
}

// untold lists the champions that a member of staff can tell of a change at its stage, and counts those who were told.
func (s *Server) untold(c *fiber.Ctx, change *changes.Change) (all, untold []champions.Champion, told int, err error) {
	list, _, err := s.championsFor(c.UserContext(), current(c).User)
	if err != nil {
		return nil, nil, 0, err
	}
	letters, err := champions.Told(c.UserContext(), s.Store, change.ID)
	if err != nil {
		return nil, nil, 0, err
	}
	all = champions.Concerned(list, change)
	untold = slices.DeleteFunc(slices.Clone(all), func(one champions.Champion) bool {
		return slices.ContainsFunc(letters, func(l champions.Letter) bool { return l.Champion == one.ID && l.Stage == change.Now().Stage })
	})
	return all, untold, len(all) - len(untold), nil
}

// changeChampions sums up who can carry word of a change, and what they reported.
func (s *Server) changeChampions(c *fiber.Ctx, f frame, p *phrases, change *changes.Change, names map[surveys.DepartmentID]string) (*changeChampions, error) {
	all, untold, told, err := s.untold(c, change)
	if err != nil {
		return nil, err
	}
	view := &changeChampions{championsBeside: p.championsBeside(f, all, names)}
	if told > 0 {
		view.Told = p.count("champions_told", told)
	}
	if !view.Names {
		return view, p.err
	}
	mails, err := s.mails(c.UserContext())
	if err != nil {
		return nil, err
	}
	if mails && len(untold) > 0 && champions.Early(change.Now().Stage) {
		view.Tell = p.count("champions_tell", len(untold))
	}
	who := map[champions.ID]string{}
	for _, one := range all {
		who[one.ID] = one.Name
	}
	view.Reports, err = s.reportLines(c, p, f, func(r champions.Report) bool { return r.Change == change.ID && who[r.Champion] != "" }, who)
	return view, err
}

// postTell mails the champions concerned who were not told of a change at its stage yet.
func (s *Server) postTell(c *fiber.Ctx) error {
	change, err := s.changeOf(c)
	if err != nil {
		return err
	}
	_, untold, _, err := s.untold(c, &change)
	if err != nil {
		return err
	}
	mails, err := s.mails(c.UserContext())
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	if mails && champions.Early(change.Now().Stage) {
		if _, err := champions.Tell(c.UserContext(), s.Store, untold, change.ID, change.Now().Stage, current(c).User.Email, today); err != nil {
			return err
		}
	}
	return seeOther(c, changeAddress(change.ID)+"#champions")
}
