package web

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/people"
)

// apiGroup is a group as programs read it. A hidden group has a reason and no figures; a coarse one is shown, but
// says only on which side it lies, because everyone in it is alike.
type apiGroup struct {
	Department *string        `json:"department,omitempty"`
	Band       *string        `json:"band,omitempty"`
	N          *int           `json:"n,omitempty"`
	Mean       *float64       `json:"mean,omitempty"`
	SD         *float64       `json:"sd,omitempty"`
	Low        *float64       `json:"low,omitempty"`
	High       *float64       `json:"high,omitempty"`
	Favourable *float64       `json:"favourable,omitempty"`
	Recommend  *apiInterval   `json:"recommend,omitempty"`
	Counts     map[string]int `json:"counts,omitempty"`
	Headcount  int            `json:"headcount,omitempty"`
	Coarse     *apiCoarse     `json:"coarse,omitempty"`
	Shown      bool           `json:"shown"`
	Reason     string         `json:"reason,omitempty"`
	apiWarnings
}

// apiWarnings are what to bear in mind about who answered.
type apiWarnings struct {
	FewAnswered bool        `json:"few_answered,omitempty"`
	BandOff     *apiBandOff `json:"band_off,omitempty"`
}

type apiBandOff struct {
	Band     string  `json:"band"`
	Answered float64 `json:"answered"`
	Asked    float64 `json:"asked"`
}

// warned is a group with the warnings about who took part of it, if it tells anything.
func (a apiGroup) warned(taken analytics.Presence) apiGroup {
	if !a.Shown {
		return a
	}
	a.FewAnswered = taken.Few
	if s := taken.Skew; s != nil {
		a.BandOff = &apiBandOff{s.Band.Name, s.Answered, s.Asked}
	}
	return a
}

type apiInterval struct {
	Score float64 `json:"score"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

type apiCoarse struct {
	Mean       *[2]float64 `json:"mean_between,omitempty"`
	Favourable string      `json:"favourable,omitempty"`
}

func toAPI(g analytics.Group, counted *surveys.Question) apiGroup {
	a := apiGroup{Shown: g.Level != disclosure.Hidden, Headcount: g.Headcount}
	if !a.Shown {
		a.Reason = reasonText(g.Reason)
		return a
	}
	a.N = &g.N
	if g.Coarse != nil {
		a.Coarse = &apiCoarse{Favourable: boundText(g.Coarse)}
		if g.Scored {
			a.Coarse.Mean = &[2]float64{g.Coarse.MeanLow, g.Coarse.MeanHigh}
		}
		return a
	}
	if g.Scored {
		a.Mean, a.Favourable = &g.Mean, &g.Favourable
		if g.HasSD {
			a.SD = &g.SD
		}
		if g.HasInterval {
			a.Low, a.High = &g.Low, &g.High
		}
	}
	if g.Recommend != nil {
		a.Recommend = &apiInterval{g.Recommend.Score, g.Recommend.Low, g.Recommend.High}
	}
	if counted != nil {
		a.Counts = everyValue(counted, g.Counts)
	}
	return a
}

// everyValue adds the values that nobody gave, so that a program finds the same keys in every group. A ranking
// counts how often each option came first; "option:rank" holds the other ranks.
func everyValue(q *surveys.Question, counts map[string]int) map[string]int {
	full := map[string]int{}
	if q.Scored() {
		low, high := q.Range()
		for v := low; v <= high; v++ {
			full[strconv.Itoa(v)] = 0
		}
	}
	for _, o := range q.Options {
		full[o.ID] = 0
		if q.Kind == surveys.Ranking {
			full[o.ID] = counts[o.ID+":1"]
		}
	}
	if q.Other {
		full[surveys.OtherOption] = 0
	}
	for v, n := range counts {
		full[v] = n
	}
	return full
}

// reasonText says why a group is hidden, in words an employee would understand.
func reasonText(r disclosure.Reason) string {
	switch r {
	case disclosure.NobodyAnswered:
		return "nobody answered"
	case disclosure.Protects:
		return "hidden so that a smaller group cannot be worked out by subtraction"
	case disclosure.MovedTooLittle:
		return "too few answers changed since this was last shown"
	case disclosure.WaveOpen:
		return "results are shown when the survey closes"
	}
	return "too few answers to keep everybody anonymous"
}

func boundText(c *analytics.Coarse) string {
	if !c.HasShare {
		return ""
	}
	if c.Share.Side == disclosure.MoreThan {
		return fmt.Sprintf("more than %d %%", c.Share.Percent)
	}
	return fmt.Sprintf("less than %d %%", c.Share.Percent)
}

type apiWaveItem struct {
	ID     surveys.WaveID    `json:"id"`
	Label  string            `json:"label"`
	Survey surveys.SurveyID  `json:"survey"`
	State  surveys.WaveState `json:"state"`
	Opened string            `json:"opened"`
	Closed string            `json:"closed,omitempty"`
}

func apiWaveOf(w analytics.Wave) apiWaveItem {
	item := apiWaveItem{ID: w.ID, Label: w.Label, Survey: w.Survey, State: w.State, Opened: w.Opened.UTC().Format(dayLayout)}
	if !w.Closed.IsZero() {
		item.Closed = w.Closed.UTC().Format(dayLayout)
	}
	return item
}

const dayLayout = "2006-01-02"

func (s *Server) apiSurveys(c *fiber.Ctx) error {
	type item struct {
		ID        surveys.SurveyID  `json:"id"`
		Title     string            `json:"title"`
		Purpose   surveys.Purpose   `json:"purpose"`
		Change    string            `json:"change,omitempty"`
		Version   int               `json:"version"`
		Languages []string          `json:"languages"`
		Minimum   int               `json:"minimum"`
		Anonymity surveys.Anonymity `json:"anonymity"`
	}
	list, err := s.Catalog.List(c.UserContext())
	if err != nil {
		return err
	}
	items := make([]item, len(list))
	for i, l := range list {
		d := l.Newest.Document
		items[i] = item{l.ID, d.Title, d.Purpose, d.Change, l.Newest.Version, d.Languages(), d.SmallestGroup(), d.Anonymity}
	}
	return c.JSON(map[string]any{"surveys": items})
}

func (s *Server) apiWaves(c *fiber.Ctx) error {
	survey, err := numberQuery(c, "survey")
	if err != nil {
		return err
	}
	list, err := s.Results.Waves(c.UserContext(), surveys.SurveyID(survey))
	if err != nil {
		return err
	}
	items := make([]apiWaveItem, len(list))
	for i, w := range list {
		items[i] = apiWaveOf(w)
	}
	return c.JSON(map[string]any{"waves": items})
}

func (s *Server) apiTrend(c *fiber.Ctx) error {
	ask, err := s.trendQuery(c)
	if err != nil {
		return err
	}
	if by := c.Query("by", string(analytics.ByDepartment)); by != string(analytics.ByDepartment) {
		return badQuery("by", "choice", "must be department")
	}
	if ask.Question = utils.CopyString(c.Query("question")); ask.Question != "" {
		if c.Query("construct") != "" {
			return badQuery("question", "choice", "must not be named beside a construct")
		}
		ask.Construct, ask.Items = "", true
	}
	t, err := s.Results.Trend(c.UserContext(), ask)
	if err != nil {
		return err
	}
	body := trendJSON(t)
	if t.Construct == "" {
		body.Question = ask.Question
	}
	return c.JSON(body)
}

type apiTrendPoint struct {
	Wave surveys.WaveID `json:"wave"`
	apiGroup
}

type apiSeries struct {
	Department string          `json:"department"`
	Points     []apiTrendPoint `json:"points"`
}

type apiTrendWave struct {
	apiWaveItem
	Total apiGroup `json:"total"`
}

type apiTrendBody struct {
	Construct string         `json:"construct,omitempty"` // or
	Question  string         `json:"question,omitempty"`
	Waves     []apiTrendWave `json:"waves"`
	Series    []apiSeries    `json:"series"`
}

func trendJSON(t *analytics.Trend) apiTrendBody {
	body := apiTrendBody{Construct: t.Construct, Waves: []apiTrendWave{}, Series: []apiSeries{}}
	for i, w := range t.Waves {
		body.Waves = append(body.Waves, apiTrendWave{apiWaveOf(w), toAPI(t.Total[i], nil)})
	}
	for _, line := range t.Series {
		series := apiSeries{Department: line.Department.Name, Points: make([]apiTrendPoint, len(t.Waves))}
		for i, g := range line.Points {
			series.Points[i] = apiTrendPoint{t.Waves[i].ID, toAPI(g, nil).warned(line.Taken[i])}
			series.Points[i].Department = &series.Department
		}
		body.Series = append(body.Series, series)
	}
	return body
}

func (s *Server) apiWave(c *fiber.Ctx) error { return s.apiBreakdown(c, "") }
func (s *Server) apiQuestion(c *fiber.Ctx) error {
	return s.apiBreakdown(c, utils.CopyString(c.Params("question")))
}

// waveNamed is the wave of an address.
func waveNamed(c *fiber.Ctx) (surveys.WaveID, error) {
	wave, err := strconv.ParseInt(utils.CopyString(c.Params("wave")), 10, 64)
	if err != nil {
		return 0, &surveys.Error{Kind: surveys.NotFound, Op: "web", Message: "a wave is named by its number"}
	}
	return surveys.WaveID(wave), nil
}

func (s *Server) apiBreakdown(c *fiber.Ctx, question string) error {
	wave, err := waveNamed(c)
	if err != nil {
		return err
	}
	ask := analytics.Breakdown{Wave: wave, Question: question, Construct: utils.CopyString(c.Query("construct")), By: analytics.By(utils.CopyString(c.Query("by", "department")))}
	if ask.By != analytics.ByDepartment && ask.By != analytics.ByBand {
		return badQuery("by", "choice", "must be department or band")
	}
	if ask.Band, err = s.bandQuery(c); err != nil {
		return err
	}
	if ask.Department, err = s.departmentQuery(c); err != nil {
		return err
	}
	r, err := s.Results.Results(c.UserContext(), ask)
	if err != nil {
		return err
	}
	groups := make([]apiGroup, len(r.Groups))
	for i, g := range r.Groups {
		groups[i] = toAPI(g.Group, r.Question).warned(r.Taken[i])
		if ask.By == analytics.ByBand {
			groups[i].Band = &r.Groups[i].Band.Name
		} else {
			groups[i].Department = &r.Groups[i].Department.Name
		}
	}
	return c.JSON(map[string]any{"wave": apiWaveOf(r.Wave), "total": toAPI(r.Total, r.Question).warned(r.TakenAll), "groups": groups})
}

// trendQuery reads the filters of a trend, which are the same for the page, its chart and the API.
func (s *Server) trendQuery(c *fiber.Ctx) (analytics.TrendQuery, error) {
	ask := analytics.TrendQuery{Construct: utils.CopyString(c.Query("construct", surveys.Openness))}
	survey, err := numberQuery(c, "survey")
	if err != nil {
		return ask, err
	}
	ask.Survey = surveys.SurveyID(survey)
	last, err := numberQuery(c, "last")
	if err != nil {
		return ask, err
	}
	ask.Last = int(last)
	ask.Band, err = s.bandQuery(c)
	return ask, err
}

// bandQuery takes a band by its id or its name.
func (s *Server) bandQuery(c *fiber.Ctx) (surveys.BandID, error) {
	wanted := utils.CopyString(c.Query("band"))
	if wanted == "" {
		return 0, nil
	}
	list, err := people.Bands(c.UserContext(), s.Store)
	if err != nil {
		return 0, err
	}
	for _, b := range list {
		if b.Name == wanted || strconv.FormatInt(int64(b.ID), 10) == wanted {
			return b.ID, nil
		}
	}
	return 0, badQuery("band", "unknown", "names no band")
}

// departmentQuery takes a department by its id or its name.
func (s *Server) departmentQuery(c *fiber.Ctx) (surveys.DepartmentID, error) {
	wanted := utils.CopyString(c.Query("department"))
	if wanted == "" {
		return 0, nil
	}
	list, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		if d.Name == wanted || strconv.FormatInt(int64(d.ID), 10) == wanted {
			return d.ID, nil
		}
	}
	return 0, badQuery("department", "unknown", "names no department")
}

// numberQuery reads an optional whole number from the address.
func numberQuery(c *fiber.Ctx, name string) (int64, error) {
	text := c.Query(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, badQuery(name, "number", "must be a whole number")
	}
	return n, nil
}

func badQuery(name, code, detail string) error {
	return &surveys.Error{Kind: surveys.Invalid, Code: "query", Op: "web", Message: "The address asks for something that does not exist.",
		Faults: surveys.Faults{{Path: name, Code: code, Detail: detail}}}
}

func (s *Server) apiDescription(c *fiber.Ctx) error {
	description, err := openAPI(s.BaseURL)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Status(http.StatusOK).Send(description)
}
