package web

import (
	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/stats"
	"soundings/surveys"
)

type apiMoved struct {
	Department string   `json:"department"`
	Visited    bool     `json:"visited"`
	Visits     int      `json:"visits"`
	Before     apiGroup `json:"before"`
	After      apiGroup `json:"after"`
	Change     float64  `json:"change"`
}

type apiLeftOut struct {
	Department string         `json:"department"`
	Visits     int            `json:"visits"`
	Why        string         `json:"why"`
	Wave       surveys.WaveID `json:"wave,omitempty"`
	Reason     string         `json:"reason,omitempty"`
}

type apiContrast struct {
	Visited    float64       `json:"visited"`
	Others     float64       `json:"others"`
	Difference float64       `json:"difference"`
	Low        float64       `json:"low"`
	High       float64       `json:"high"`
	DF         float64       `json:"df"`
	P          float64       `json:"p"`
	Verdict    stats.Verdict `json:"verdict"`
	Smallest   float64       `json:"smallest"`
	Basis      stats.Basis   `json:"basis"`
}

type apiEffect struct {
	Survey      surveys.SurveyID `json:"survey"`
	Construct   string           `json:"construct"`
	Before      *apiWaveItem     `json:"before,omitempty"`
	After       *apiWaveItem     `json:"after,omitempty"`
	From        surveys.Day      `json:"from,omitempty"`
	Until       surveys.Day      `json:"until,omitempty"`
	Departments []apiMoved       `json:"departments"`
	LeftOut     []apiLeftOut     `json:"left_out"`
	Difference  *apiContrast     `json:"difference,omitempty"`
}

// apiVisitEffect holds visited departments against the others; programs see every department.
func (s *Server) apiVisitEffect(c *fiber.Ctx) error {
	ask, showing, err := s.effectQuery(c)
	if err != nil {
		return err
	}
	for name, wave := range map[string]surveys.WaveID{"before": ask.Before, "after": ask.After} {
		if wave != 0 && !measuredIn(showing, ask, wave) {
			return badQuery(name, "unknown", "must be a closed wave of the survey that measured the construct")
		}
	}
	e, err := s.Results.VisitEffect(c.UserContext(), ask)
	if err != nil {
		return err
	}
	if e.State == analytics.Apart {
		return badQuery("after", "incomparable", "asked other questions than the wave before, or is the same")
	}
	return c.JSON(effectJSON(e))
}

func effectJSON(e *analytics.VisitEffect) apiEffect {
	body := apiEffect{Survey: e.Ask.Survey, Construct: e.Ask.Construct, Departments: []apiMoved{}, LeftOut: []apiLeftOut{}}
	if e.State != analytics.Comparing {
		return body
	}
	before, after := apiWaveOf(e.Before), apiWaveOf(e.After)
	body.Before, body.After, body.From, body.Until = &before, &after, e.From, e.Until
	for _, r := range e.Rows {
		body.Departments = append(body.Departments, apiMoved{r.Department.Name, r.Visited(), r.Visits, toAPI(r.Before, nil).warned(r.Took[0]), toAPI(r.After, nil).warned(r.Took[1]), r.Change})
	}
	why := map[analytics.WhyLeftOut]string{analytics.HiddenThere: "hidden", analytics.AlikeThere: "alike", analytics.VisitedDuring: "visited_while_open", analytics.OnePerson: "one_person"}
	for _, l := range e.LeftOut {
		line := apiLeftOut{Department: l.Department.Name, Visits: l.Visits, Why: why[l.Why], Wave: l.Wave.ID}
		if l.Why == analytics.HiddenThere {
			line.Reason = reasonText(l.Reason)
		}
		body.LeftOut = append(body.LeftOut, line)
	}
	if c := e.Contrast; e.Verdict != stats.NotComparable {
		body.Difference = &apiContrast{c.Own, c.Others, c.Difference, c.Low, c.High, c.DF, c.P, e.Verdict, c.Smallest, c.Basis}
	}
	return body
}
