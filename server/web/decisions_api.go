package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/decisions"
)

type apiDecisionText struct {
	Title   string            `json:"title"`
	About   string            `json:"about,omitempty"`
	Options map[string]string `json:"options"`
}

type apiDecisionEntry struct {
	State      decisions.State `json:"state"`
	On         surveys.Day     `json:"on"`
	Department string          `json:"department,omitempty"` // of an outcome for one of them
	Option     string          `json:"option,omitempty"`
	Words      string          `json:"words,omitempty"`
	Unasked    bool            `json:"unasked,omitempty"`
	Reason     string          `json:"reason,omitempty"`
}

// apiOutcome is an outcome in force. Wished is most, often, otherwise, tied, untold or unasked.
type apiOutcome struct {
	apiDecisionEntry
	Wished string `json:"wished"`
}

type apiDecision struct {
	ID           decisions.ID               `json:"id"`
	Name         string                     `json:"name"`
	Kind         decisions.Kind             `json:"kind"`
	Title        string                     `json:"title"`
	About        string                     `json:"about,omitempty"`
	Language     string                     `json:"language"`
	Options      []decisions.Option         `json:"options"`
	Translations map[string]apiDecisionText `json:"translations,omitempty"`
	Everybody    bool                       `json:"everybody"`
	Departments  []string                   `json:"departments"`
	Question     string                     `json:"question"`
	Waves        []surveys.WaveID           `json:"waves"` // that have asked it or are asking, the newest first
	State        decisions.State            `json:"state"`
	Outcomes     []apiOutcome               `json:"outcomes"`
	History      []apiDecisionEntry         `json:"history"`
}

// apiDecisions lists what a change leaves open; programs see every department.
func (s *Server) apiDecisions(c *fiber.Ctx) error {
	change, err := changes.ByName(c.UserContext(), s.Store, utils.CopyString(c.Params("name")))
	if err != nil {
		return err
	}
	list, err := decisions.Of(c.UserContext(), s.Store, change.ID)
	if err != nil {
		return err
	}
	matters, err := s.matters(c.UserContext(), &change, list)
	if err != nil {
		return err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	items := make([]apiDecision, len(matters))
	for i := range matters {
		if items[i], err = decisionItem(c, &matters[i], names); err != nil {
			return err
		}
	}
	return c.JSON(map[string]any{"decisions": items})
}

func decisionItem(c *fiber.Ctx, m *matter, names map[surveys.DepartmentID]string) (apiDecision, error) {
	item := apiDecision{ID: m.ID, Name: m.Name, Kind: m.Kind, Title: m.Title, About: m.About, Language: m.Language, Options: m.Options, Everybody: m.Everybody, Departments: []string{},
		Question: m.Question(), Waves: []surveys.WaveID{}, State: m.Now().State, Outcomes: []apiOutcome{}}
	for _, d := range m.Departments {
		item.Departments = append(item.Departments, names[d])
	}
	if m.running != nil {
		item.Waves = append(item.Waves, m.running.ID)
	}
	for _, w := range m.closed {
		item.Waves = append(item.Waves, w.ID)
	}
	for lang, t := range m.Translations {
		if item.Translations == nil {
			item.Translations = map[string]apiDecisionText{}
		}
		item.Translations[lang] = apiDecisionText(t.Text)
	}
	entry := func(e decisions.Entry) apiDecisionEntry {
		return apiDecisionEntry{e.State, e.On, names[e.Department], e.Option, e.Words, e.Unasked, e.Reason}
	}
	for _, e := range m.History {
		item.History = append(item.History, entry(e))
	}
	for _, e := range m.Outcomes() {
		wish, err := m.wished(c.UserContext(), e, func(surveys.DepartmentID) bool { return true })
		if err != nil {
			return item, err
		}
		item.Outcomes = append(item.Outcomes, apiOutcome{entry(e), asWished(e, wish)})
	}
	return item, nil
}
