package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/milestones"
	"soundings/surveys/visits"
)

type apiMilestoneEntry struct {
	Target    int         `json:"target,omitempty"`
	Withdrawn bool        `json:"withdrawn,omitempty"`
	On        surveys.Day `json:"on"`
	Reason    string      `json:"reason,omitempty"`
}

type apiMilestone struct {
	ID         milestones.ID       `json:"id"`
	Quarter    string              `json:"quarter"`
	Department string              `json:"department,omitempty"`
	Everybody  bool                `json:"everybody"`
	Measure    milestones.Measure  `json:"measure"`
	Owner      string              `json:"owner"`
	Note       string              `json:"note,omitempty"`
	Withdrawn  bool                `json:"withdrawn"`
	Target     int                 `json:"target,omitempty"`
	State      milestones.State    `json:"state,omitempty"`
	Reached    *apiReached         `json:"reached,omitempty"`
	History    []apiMilestoneEntry `json:"history"`
}

// apiReached is the figure that a milestone is judged by, in the whole numbers of the pages.
type apiReached struct {
	Count *int           `json:"count,omitempty"`
	Kept  *int           `json:"kept,omitempty"`
	Due   *int           `json:"due,omitempty"`
	Wave  surveys.WaveID `json:"wave,omitempty"`
	Rate  *int           `json:"rate,omitempty"`
	Mean  *int           `json:"mean,omitempty"`
	Low   *int           `json:"low,omitempty"`
	High  *int           `json:"high,omitempty"`
	N     int            `json:"n,omitempty"`
}

// apiMilestones lists milestones with how they stand; programs see every department.
func (s *Server) apiMilestones(c *fiber.Ctx) error {
	department, err := s.departmentQuery(c)
	if err != nil {
		return err
	}
	at, err := s.dated(c.UserContext())
	if err != nil {
		return err
	}
	var quarter visits.Quarter
	if utils.CopyString(c.Query("quarter")) != "" {
		if quarter, err = quarterQuery(c, at.today); err != nil {
			return err
		}
	}
	list, err := milestones.List(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(m milestones.Milestone) bool {
		return quarter.Number != 0 && m.Quarter != quarter || department != 0 && m.Department != department
	})
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	standings, err := s.Results.Standings(c.UserContext(), list, at.zone, at.today)
	if err != nil {
		return err
	}
	items := []apiMilestone{}
	for i := range standings {
		items = append(items, milestoneItem(&standings[i], names))
	}
	return c.JSON(map[string]any{"milestones": items})
}

func milestoneItem(s *analytics.Standing, names map[surveys.DepartmentID]string) apiMilestone {
	item := apiMilestone{ID: s.ID, Quarter: s.Quarter.String(), Department: names[s.Department], Everybody: s.Department == 0, Measure: s.Measure, Owner: s.Owner, Note: s.Note, Withdrawn: s.Withdrawn()}
	for _, e := range s.History {
		item.History = append(item.History, apiMilestoneEntry{e.Target, e.Withdrawn(), e.On, e.Reason})
	}
	if !item.Withdrawn {
		item.Target, item.State, item.Reached = s.Target, s.State, reachedItem(s)
	}
	return item
}

func reachedItem(s *analytics.Standing) *apiReached {
	printed := func(x float64) *int { n := int(stats.Whole(x)); return &n }
	switch {
	case s.Measure.Counted():
		return &apiReached{Count: &s.Count}
	case s.Measure == milestones.Promises:
		due := s.Share.Due()
		return &apiReached{Kept: &s.Share.Kept, Due: &due}
	case s.Wave == nil:
		return nil
	}
	r := &apiReached{Wave: s.Wave.ID}
	switch g := s.Group; {
	case s.Measure == milestones.Response && s.Presence.Shown() && s.Presence.HasRate:
		r.Rate, r.N = printed(100*s.Presence.Rate), s.Presence.N
	case s.Measure == milestones.Openness && g.Coarse != nil:
		r.Low, r.High = printed(g.Coarse.MeanLow), printed(g.Coarse.MeanHigh)
	case s.Measure == milestones.Openness && g.Shown():
		if r.Mean, r.N = printed(g.Mean), g.N; g.HasInterval {
			r.Low, r.High = printed(g.Low), printed(g.High)
		}
	}
	return r
}
