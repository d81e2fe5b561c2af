package web

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/ideas"
)

type apiReply struct {
	Status ideas.Status `json:"status"`
	Reply  string       `json:"reply,omitempty"`
	On     surveys.Day  `json:"on"`
	By     string       `json:"by"`
}

type apiIdea struct {
	ID         ideas.ID     `json:"id"`
	Title      string       `json:"title"`
	Text       string       `json:"text,omitempty"`
	Language   string       `json:"language"`
	Department *string      `json:"department"` // null: of none in particular
	Signed     string       `json:"signed,omitempty"`
	On         surveys.Day  `json:"on"`
	Place      ideas.Place  `json:"place"`
	Reason     string       `json:"reason,omitempty"`
	Status     ideas.Status `json:"status"`
	Replies    []apiReply   `json:"replies"`
	Supporters int          `json:"supporters"`
	MergedInto ideas.ID     `json:"merged_into,omitempty"`
	Change     string       `json:"change,omitempty"` // its name
}

func (s *Server) apiIdeas(c *fiber.Ctx) error {
	department, err := s.departmentQuery(c)
	if err != nil {
		return err
	}
	list, err := ideas.List(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	known, err := changes.List(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	became := map[changes.ID]string{}
	for _, change := range known {
		became[change.ID] = change.Name
	}
	items := []apiIdea{}
	for _, i := range list {
		if department != 0 && i.Department != department {
			continue
		}
		item := apiIdea{ID: i.ID, Title: i.Title, Text: i.Text, Language: i.Language, Signed: i.Signed, On: i.On, Place: i.Place, Reason: i.Reason, Status: i.Status(),
			Replies: []apiReply{}, Supporters: i.Supporters, MergedInto: i.MergedInto, Change: became[i.Change]}
		if name, ok := names[i.Department]; ok {
			item.Department = &name
		}
		for _, r := range i.Replies {
			item.Replies = append(item.Replies, apiReply{r.Status, r.Text, r.On, r.Said.By})
		}
		items = append(items, item)
	}
	return c.JSON(map[string]any{"ideas": items})
}
