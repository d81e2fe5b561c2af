package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/people"
)

type apiChampions struct {
	Department string `json:"department"`
	Champions  int    `json:"champions"`
}

type apiConsent struct {
	By      string      `json:"by,omitempty"`
	On      surveys.Day `json:"on"`
	How     string      `json:"how,omitempty"`
	Wording string      `json:"wording"`
}

type apiChampion struct {
	Name        string      `json:"name"`
	Email       string      `json:"email"`
	Department  string      `json:"department"`
	Topics      []string    `json:"topics"`
	Language    string      `json:"language"`
	Since       surveys.Day `json:"since"`
	LastContact surveys.Day `json:"last_contact,omitempty"`
	Consent     apiConsent  `json:"consent"`
}

// tokenLocal is the key of the API token of a request, set by allow only.
const tokenLocal = "token"

// apiChampions counts champions by department. Who they are is for tokens that may carry the conversation.
func (s *Server) apiChampions(c *fiber.Ctx) error {
	department, err := s.departmentQuery(c)
	if err != nil {
		return err
	}
	list, err := champions.List(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	departments, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	departments = slices.DeleteFunc(departments, func(d surveys.Department) bool { return department != 0 && d.ID != department })
	role, _ := c.Locals(tokenLocal).(accounts.Role)
	counts, who := []apiChampions{}, []apiChampion{}
	for _, row := range champions.NewBoard(list, departments, "").Rows {
		counts = append(counts, apiChampions{row.Department.Name, len(row.Champions)})
		for _, one := range row.Champions {
			who = append(who, apiChampion{one.Name, one.Email, row.Department.Name, append([]string{}, one.Topics...), one.Language, one.Since, one.LastContact,
				apiConsent{one.Consent.By, one.Consent.On, one.Consent.How, one.Consent.Wording}})
		}
	}
	answer := map[string]any{"departments": counts}
	if role.May(accounts.Converse) {
		answer["champions"] = who
	}
	return c.JSON(answer)
}
