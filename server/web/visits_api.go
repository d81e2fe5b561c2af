package web

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/visits"
)

type apiFollowUp struct {
	Text  string      `json:"text"`
	Owner string      `json:"owner,omitempty"`
	Due   surveys.Day `json:"due,omitempty"`
	Done  surveys.Day `json:"done,omitempty"`
}

type apiVisit struct {
	ID         visits.ID     `json:"id"`
	UID        string        `json:"uid"`
	Department string        `json:"department"`
	Day        surveys.Day   `json:"day"`
	Start      string        `json:"start,omitempty"`
	Minutes    int           `json:"minutes,omitempty"`
	Place      string        `json:"place,omitempty"`
	Associates []string      `json:"associates"`
	Purpose    string        `json:"purpose,omitempty"`
	State      visits.State  `json:"state"`
	Reason     string        `json:"reason,omitempty"`
	Heard      string        `json:"heard,omitempty"`
	Helped     string        `json:"helped,omitempty"`
	Change     string        `json:"change,omitempty"`
	FollowUps  []apiFollowUp `json:"followups"`
}

// apiVisits lists visits; programs see every department.
func (s *Server) apiVisits(c *fiber.Ctx) error {
	department, err := s.departmentQuery(c)
	if err != nil {
		return err
	}
	list, err := visits.List(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	departments, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	names, err := s.namesOfChanges(c)
	if err != nil {
		return err
	}
	items := []apiVisit{}
	for _, v := range list {
		if department != 0 && v.Department != department {
			continue
		}
		item := apiVisit{ID: v.ID, UID: v.UID, Department: departments[v.Department], Day: v.Day, Start: v.Start, Minutes: v.Minutes, Place: v.Place,
			Associates: append([]string{}, v.Associates...), Purpose: v.Purpose, State: v.State, Reason: v.Reason, Heard: v.Heard, Helped: v.Helped,
			Change: names[v.Change], FollowUps: []apiFollowUp{}}
		for _, f := range v.FollowUps {
			item.FollowUps = append(item.FollowUps, apiFollowUp{f.Text, f.Owner, f.Due, f.Done})
		}
		items = append(items, item)
	}
	return c.JSON(map[string]any{"visits": items})
}
