package web

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics/brief"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/changes"
)

type apiBrief struct {
	Change     string         `json:"change"`
	Department string         `json:"department"`
	Day        surveys.Day    `json:"day"`
	Language   string         `json:"language"`
	Wave       *apiBriefWave  `json:"wave,omitempty"`
	Openness   *apiGroup      `json:"openness,omitempty"`
	Others     *apiGroup      `json:"others,omitempty"`
	Difference *stats.Verdict `json:"difference,omitempty"`
	Sentences  []apiBriefSaid `json:"sentences"`
}

type apiBriefWave struct {
	ID    surveys.WaveID `json:"id"`
	Label string         `json:"label"`
	About bool           `json:"about_change"`
}

type apiBriefSaid struct {
	Rule string `json:"rule"`
	Text string `json:"text"`
	Link string `json:"link"`
}

// apiBriefOf says what the brief of a change for a department says. Who carries the word and what people wrote are not among
// it; programs see every department.
func (s *Server) apiBriefOf(c *fiber.Ctx) error {
	change, err := changes.ByName(c.UserContext(), s.Store, utils.CopyString(c.Params("name")))
	if err != nil {
		return err
	}
	wanted, err := url.PathUnescape(utils.CopyString(c.Params("department")))
	if err != nil {
		return noBrief()
	}
	b, err := s.briefOf(c, change, func(d *surveys.Department) bool {
		return d.Name == wanted || strconv.FormatInt(int64(d.ID), 10) == wanted
	})
	if err != nil {
		return err
	}
	w := newBriefWriter(&waveBook{phrases: phrases{speech: s.staffWords.in(utils.CopyString(c.Query("lang", "en")))}, server: s}, b, "")
	answer := apiBrief{Change: change.Name, Department: b.DepartmentName, Day: b.Day, Language: w.Spoken, Sentences: []apiBriefSaid{}}
	if b.Wave != nil {
		own, others := toAPI(w.told(b.Standing), nil), toAPI(w.told(b.Others), nil)
		own.Favourable, others.Favourable = nil, nil
		answer.Wave, answer.Openness, answer.Others, answer.Difference = &apiBriefWave{b.Wave.ID, b.Wave.Label, b.Wave.About}, &own, &others, &b.Difference
	}
	for _, said := range brief.Say(&b.Brief) {
		href, _ := w.place(&said)
		answer.Sentences = append(answer.Sentences, apiBriefSaid{said.Rule, w.sentence(&said), s.BaseURL + href})
	}
	if w.err != nil {
		return w.err
	}
	return c.JSON(answer)
}
