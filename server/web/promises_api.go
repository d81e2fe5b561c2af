package web

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/promises"
)

type apiPromiseText struct {
	Said   string `json:"said"`
	Answer string `json:"answer"`
}

type apiPromiseSource struct {
	Kind  promises.SourceKind `json:"kind"`
	Ref   string              `json:"ref"`
	Words string              `json:"words,omitempty"`
}

type apiPromiseEntry struct {
	State promises.State `json:"state"`
	On    surveys.Day    `json:"on"`
	Due   surveys.Day    `json:"due,omitempty"`
	Note  string         `json:"note,omitempty"`
}

type apiPromise struct {
	ID promises.ID `json:"id"`
	apiPromiseText
	Language     string                    `json:"language"`
	Translations map[string]apiPromiseText `json:"translations,omitempty"`
	Source       *apiPromiseSource         `json:"source,omitempty"`
	Owner        string                    `json:"owner"`
	Everybody    bool                      `json:"everybody"`
	Departments  []string                  `json:"departments"`
	Change       string                    `json:"change,omitempty"`
	Shown        bool                      `json:"shown"`
	State        promises.State            `json:"state"`
	Due          surveys.Day               `json:"due,omitempty"`
	History      []apiPromiseEntry         `json:"history"`
}

// apiPromises lists promises; programs see every department.
func (s *Server) apiPromises(c *fiber.Ctx) error {
	department, err := s.departmentQuery(c)
	if err != nil {
		return err
	}
	list, err := promises.List(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	departments, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	about, err := s.namesOfChanges(c)
	if err != nil {
		return err
	}
	items := []apiPromise{}
	for i := range list {
		if department == 0 || list[i].Concerns(department) {
			items = append(items, promiseItem(&list[i], departments, about))
		}
	}
	return c.JSON(map[string]any{"promises": items})
}

func promiseItem(one *promises.Promise, departments map[surveys.DepartmentID]string, about map[changes.ID]string) apiPromise {
	item := apiPromise{ID: one.ID, apiPromiseText: apiPromiseText(one.Text), Language: one.Language, Owner: one.Owner, Everybody: one.Everybody, Departments: []string{},
		Change: about[one.Change], Shown: one.Shown, State: one.Now().State, Due: one.Now().Due}
	if source := one.Source; source.Kind != "" {
		item.Source = &apiPromiseSource{source.Kind, source.Ref, source.Words}
	}
	for _, d := range one.Departments {
		item.Departments = append(item.Departments, departments[d])
	}
	for _, e := range one.History {
		item.History = append(item.History, apiPromiseEntry{e.State, e.On, e.Due, e.Note})
	}
	for lang, t := range one.Translations {
		if item.Translations == nil {
			item.Translations = map[string]apiPromiseText{}
		}
		item.Translations[lang] = apiPromiseText(t.Text)
	}
	return item
}

// namesOfChanges are the names by which survey documents call changes.
func (s *Server) namesOfChanges(c *fiber.Ctx) (map[changes.ID]string, error) {
	all, err := changes.List(c.UserContext(), s.Store)
	names := map[changes.ID]string{}
	for _, change := range all {
		names[change.ID] = change.Name
	}
	return names, err
}
