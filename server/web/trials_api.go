package web

import (
	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/stats"
	"soundings/surveys/changes"
)

// apiTrial is two texts as a wave tried them on a department.
type apiTrial struct {
	Department string     `json:"department"`
	Change     changes.ID `json:"change"`
	A          apiHalf    `json:"a"`
	B          apiHalf    `json:"b"`
	Difference *float64   `json:"difference,omitempty"`
	Low        *float64   `json:"low,omitempty"`
	High       *float64   `json:"high,omitempty"`
	P          *float64   `json:"p,omitempty"`
	Verdict    string     `json:"verdict,omitempty"`
	Smallest   *float64   `json:"smallest,omitempty"`
}

// apiHalf is one of the texts, and the openness of those who read it.
type apiHalf struct {
	Text     string `json:"text"`
	Language string `json:"language"`
	apiGroup
}

func (s *Server) apiTrials(c *fiber.Ctx) error {
	wave, err := waveNamed(c)
	if err != nil {
		return err
	}
	w, err := s.Results.WaveByID(c.UserContext(), wave)
	if err != nil {
		return err
	}
	list, err := s.Results.TrialsOf(c.UserContext(), w.ID)
	if err != nil {
		return err
	}
	items := []apiTrial{}
	for i := range list {
		items = append(items, apiTrialOf(&list[i]))
	}
	return c.JSON(map[string]any{"wave": apiWaveOf(w), "trials": items})
}

func apiTrialOf(t *analytics.Trial) apiTrial {
	item := apiTrial{Department: t.Department.Name, Change: t.Change,
		A: apiHalf{t.Trial.A.Text, t.Trial.A.Language, toAPI(t.A, nil)}, B: apiHalf{t.Trial.B.Text, t.Trial.B.Language, toAPI(t.B, nil)}}
	if c := t.Between; c.Verdict != stats.NotComparable {
		item.Difference, item.Low, item.High, item.P, item.Verdict = &c.Difference, &c.Low, &c.High, &c.P, c.Verdict.String()
	}
	if t.Between.Smallest > 0 {
		item.Smallest = &t.Between.Smallest
	}
	return item
}
