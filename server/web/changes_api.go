package web

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
)

type apiChangeText struct {
	Title     string `json:"title"`
	Why       string `json:"why"`
	What      string `json:"what"`
	StillOpen string `json:"still_open,omitempty"`
}

type apiChangeLink struct {
	Label string `json:"label,omitempty"`
	URL   string `json:"url"`
}

type apiChangeEntry struct {
	Stage  changes.Stage `json:"stage"`
	On     surveys.Day   `json:"on"`
	Reason string        `json:"reason,omitempty"`
}

type apiChange struct {
	ID   changes.ID `json:"id"`
	Name string     `json:"name"`
	apiChangeText
	Language     string                   `json:"language"`
	Translations map[string]apiChangeText `json:"translations,omitempty"`
	Owner        string                   `json:"owner"`
	Risks        string                   `json:"risks,omitempty"`
	Links        []apiChangeLink          `json:"links,omitempty"`
	Everybody    bool                     `json:"everybody"`
	Departments  []string                 `json:"departments"`
	SuggestedBy  []string                 `json:"suggested_by,omitempty"` // departments whose idea it was
	Pitches      []apiPitch               `json:"pitches"`
	GoLive       surveys.Day              `json:"go_live,omitempty"`
	Public       bool                     `json:"public"`
	Stage        changes.Stage            `json:"stage"`
	History      []apiChangeEntry         `json:"history"`
}

func (s *Server) apiChanges(c *fiber.Ctx) error {
	list, err := changes.List(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	suggested, _, err := s.suggesters(c.UserContext())
	if err != nil {
		return err
	}
	books, bands, err := s.pitchesOf(c.UserContext())
	if err != nil {
		return err
	}
	items := make([]apiChange, len(list))
	for i, change := range list {
		items[i] = apiChange{ID: change.ID, Name: change.Name, apiChangeText: apiChangeText(change.Text), Language: change.Language, Owner: change.Owner,
			Risks: change.Risks, Everybody: change.Everybody, Departments: []string{}, SuggestedBy: suggested[change.ID], Pitches: apiPitches(books[change.ID], names, bands), GoLive: change.GoLive, Public: change.Public, Stage: change.Now().Stage}
		for _, d := range change.Departments {
			items[i].Departments = append(items[i].Departments, names[d])
		}
		for _, l := range change.Links {
			items[i].Links = append(items[i].Links, apiChangeLink(l))
		}
		for _, e := range change.History {
			items[i].History = append(items[i].History, apiChangeEntry{e.Stage, e.On, e.Reason})
		}
		for lang, t := range change.Translations {
			if items[i].Translations == nil {
				items[i].Translations = map[string]apiChangeText{}
			}
			items[i].Translations[lang] = apiChangeText(t.Text)
		}
	}
	return c.JSON(map[string]any{"changes": items})
}
